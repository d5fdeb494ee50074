package export

import (
	"encoding/csv"
	"io"
	"strconv"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/theory"
	"simrun/scenarios/result"
)

// CheckpointsCSV writes every checkpoint of every run, warm-up included, in the order of
// the comparison's runs. Times of a checkpoint that expired end at its expiry; maxima and
// sums over subtasks are over those that acknowledged.
func CheckpointsCSV(w io.Writer, c *result.Comparison) error {
	out := csv.NewWriter(w)
	if err := out.Write(checkpointColumns()); err != nil {
		return err
	}
	for i := range c.Runs {
		run := &c.Runs[i]
		if run.Outcome == nil {
			continue
		}
		predictions := theory.ForRun(run)
		for j := range run.Outcome.Checkpoints {
			checkpoint := &run.Outcome.Checkpoints[j]
			fields := append(runFields(run), checkpointFields(c, checkpoint)...)
			if err := out.Write(append(fields, theoryFields(predictions[j])...)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func runColumns() []string { return []string{"protocol", "workload", "slowdown", "seed"} }

func runFields(run *result.CellRun) []string {
	return []string{string(run.Protocol), run.Workload, run.Slowdown, strconv.FormatUint(run.Seed, 10)}
}

func checkpointColumns() []string {
	return append(runColumns(), "checkpoint", "measured", "status", "reason", "attempt", "trigger_nanos",
		"duration_nanos", "completed_nanos", "acknowledged", "start_delay_max_nanos", "alignment_max_nanos",
		"sync_max_nanos", "async_max_nanos", "channel_state_max_nanos", "processed_bytes", "persisted_bytes",
		"persisted_input_bytes", "persisted_output_bytes", "checkpointed_bytes", "in_flight_bytes",
		"in_flight_records", "bottleneck_nanos", "theory_duration_nanos", "theory_bound_nanos",
		"theory_persisted_bytes")
}

func checkpointFields(c *result.Comparison, p *protocol.CheckpointStats) []string {
	measured := "0"
	if p.TriggerNanos >= c.MeasureFromNanos {
		measured = "1"
	}
	completed := ""
	if p.Status == protocol.CheckpointSucceeded {
		completed = number(p.CompletedNanos)
	}
	duration := ""
	if p.Status != protocol.CheckpointInProgress {
		duration = number(p.EndToEndNanos)
	}
	startDelay, alignment := cells.LongestDelays(p)
	s := overSubtasks(p)
	return []string{
		number(int64(p.ID)), measured, statusWord(p.Status), reasonWord(p), number(int64(p.Attempt)),
		number(p.TriggerNanos), duration, completed, strconv.Itoa(len(p.Subtasks)),
		number(startDelay), number(alignment), number(s.SyncNanos), number(s.AsyncNanos),
		number(s.ChannelStateNanos), number(p.ProcessedBytes), number(p.PersistedBytes),
		number(s.PersistedInputBytes), number(s.PersistedOutputBytes), number(p.CheckpointedBytes),
		number(p.InFlightBytes), number(p.InFlightRecords), number(p.BottleneckNanos),
	}
}

// overSubtasks has the longest of times and the sum of bytes.
func overSubtasks(p *protocol.CheckpointStats) (all protocol.SubtaskStats) {
	for i := range p.Subtasks {
		s := &p.Subtasks[i]
		all.SyncNanos = max(all.SyncNanos, s.SyncNanos)
		all.AsyncNanos = max(all.AsyncNanos, s.AsyncNanos)
		all.ChannelStateNanos = max(all.ChannelStateNanos, s.ChannelStateNanos)
		all.PersistedInputBytes += s.PersistedInputBytes
		all.PersistedOutputBytes += s.PersistedOutputBytes
	}
	return all
}

// theoryFields are empty where no form applies.
func theoryFields(t result.Theory) []string {
	fields := []string{"", "", ""}
	if t.DurationNanos > 0 {
		fields[0], fields[2] = number(t.DurationNanos), number(t.PersistedBytes)
	}
	if t.BoundNanos > 0 {
		fields[1] = number(t.BoundNanos)
	}
	return fields
}

func statusWord(s protocol.CheckpointStatus) string {
	switch s {
	case protocol.CheckpointSucceeded:
		return "completed"
	case protocol.CheckpointFailed:
		return "failed"
	}
	return "in_progress"
}

func reasonWord(p *protocol.CheckpointStats) string {
	if p.Status != protocol.CheckpointFailed {
		return ""
	}
	return p.Reason.String()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
