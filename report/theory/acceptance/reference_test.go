package acceptance_test

import (
	"fmt"
	"testing"

	"simrun/runtime/job"
)

// What the reference simulation of protocols.md found, to stand beside ours.

// referencePolicies are the rows of 5.5b, as policyShapes and policies.
var referencePolicies = [4][5]float64{
	{0.0008, 0.401, 0.607, 0.808, 0.955},
	{0.0003, 0.262, 0.507, 0.616, 0.999},
	{0.0002, 0.356, 0.500, 0.804, 1.006},
	{0.0006, 0.198, 0.375, 0.474, 0.978},
}

func (s *standing) name() string {
	return fmt.Sprintf("%d, %d, %d", s.shape[0], s.shape[1], s.shape[2]*s.shape[3])
}

// referenceFills are A4: k = 2, by parallelism and records a channel.
var (
	fillParallelisms = []int{2, 4, 8, 16}
	fillRecords      = []int{4, 8, 16, 32, 64}
	referenceFills   = [4][5]float64{
		{.65, .59, .57, .68, .70},
		{.32, .46, .39, .43, .53},
		{.23, .25, .28, .32, .38},
		{.13, .22, .17, .23, .30},
	}
)

// fillSeeds are as many as the reference had.
var fillSeeds = []uint64{1, 2, 3, 4, 5, 6}

// fills are ours.
func fills(t *testing.T) (all [4][5]float64) {
	var pipelines []pipeline
	for _, parallelism := range fillParallelisms {
		for _, records := range fillRecords {
			pipelines = append(pipelines, newPipeline(job.Keyed, 2, parallelism, records, 1))
		}
	}
	for i, observed := range sweep(t, overSeeds(pipelines, fillSeeds), observe) {
		cell := i / len(fillSeeds)
		all[cell/len(fillRecords)][cell%len(fillRecords)] += observed[0].fill() / float64(len(fillSeeds))
	}
	return all
}
