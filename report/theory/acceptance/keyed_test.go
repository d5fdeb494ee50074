package acceptance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/runtime/job"
)

// TestV3KeyedDrainIsSandwiched (A4): (max n - 1) s <= T <= (k p N + one record and overdraft
// a task) s. How full channels are is no part of it; docs/theory.md shows it.
func TestV3KeyedDrainIsSandwiched(t *testing.T) {
	var all []pipeline
	for _, s := range [][4]int{{1, 2, 8, 1}, {2, 4, 16, 1}, {2, 8, 16, 1}, {3, 4, 16, 2}, {4, 4, 8, 2}, {2, 2, 16, 4}} {
		private := newPipeline(job.Keyed, s[0], s[1], s[2], s[3])
		private.checkpoints = 2
		spanning := private
		spanning.spareBytes = recordBytes / 3
		all = append(all, private, spanning)
	}
	for _, observed := range sweep(t, overSeeds(all, seeds(t, 2)), observe) {
		for _, o := range observed {
			s := o.serviceNanos()
			require.GreaterOrEqual(t, o.drainNanos, o.stats.BottleneckNanos-s, "%v", &o.pipeline)
			extra := int64(o.tasks()) * (1 + overdraft*int64(o.bufferBytes())/recordBytes) * s
			require.LessOrEqual(t, o.drainNanos, nominalNanos(&o.pipeline)+extra, "%v", &o.pipeline)
		}
	}
}

// fill is L/(k p p N), how full the channels were at the trigger.
func (o *observation) fill() float64 {
	room := float64(o.depth*o.parallelism*o.parallelism) * o.channelRecords()
	return float64(o.stats.InFlightRecords) / room
}
