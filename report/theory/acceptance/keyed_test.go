package acceptance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/runtime/job"
)

// keyedDrains are aligned checkpoints behind keyed exchanges, with records that fit into
// buffers and with records that span them and need overdraft.
func keyedDrains(t *testing.T) []observation {
	return keyed.of(t, func() []observation {
		var all []pipeline
		for _, s := range [][4]int{{1, 2, 8, 1}, {2, 4, 16, 1}, {2, 8, 16, 1}, {3, 4, 16, 2}, {4, 4, 8, 2}, {2, 2, 16, 4}} {
			private := newPipeline(job.Keyed, s[0], s[1], s[2], s[3])
			private.checkpoints = 2
			spanning := private
			spanning.spareBytes = recordBytes / 3
			all = append(all, private, spanning)
		}
		return slices.Concat(sweep(t, overSeeds(all, seeds(t, 2)), observe)...)
	})
}

var keyed cache[observation]

// sandwich is max n s, less a record, and k p N s, plus one record and overdraft a task (A4).
func (o *observation) sandwich() (low, high int64) {
	s := o.longestNanos()
	extra := int64(o.tasks()) * (1 + overdraft*int64(o.bufferBytes())/recordBytes) * s
	return o.stats.BottleneckNanos - s, nominalNanos(&o.pipeline) + extra
}

// TestV3KeyedDrainIsSandwiched (A4): (max n - 1) s <= T <= (k p N + one record and overdraft
// a task) s. How full channels are is no part of it; docs/theory.md shows it.
func TestV3KeyedDrainIsSandwiched(t *testing.T) {
	for _, o := range keyedDrains(t) {
		low, high := o.sandwich()
		require.GreaterOrEqual(t, o.drainNanos, low, "%v", &o.pipeline)
		require.LessOrEqual(t, o.drainNanos, high, "%v", &o.pipeline)
	}
}

// fill is L/(k p p N), how full the channels were at the trigger.
func (o *observation) fill() float64 {
	room := float64(o.depth*o.parallelism*o.parallelism) * o.channelRecords()
	return float64(o.stats.InFlightRecords) / room
}
