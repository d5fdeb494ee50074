package task_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// Tasks 0 and 1 are sources, 2 and 3 count, 4 and 5 are sinks.
const sinks = 4

// indexOf finds the first event of a task of the kind from an index on; -1: none.
func indexOf(events []happening, from int, k protocol.EventKind, task int64) int {
	for i := from; i < len(events); i++ {
		if events[i].of(k, task) {
			return i
		}
	}
	return -1
}

// A trigger is a mail: it waits until the record in service has ended, and for no other.
func TestMailWaitsForTheEndOfTheRecordInService(t *testing.T) {
	const service = int64(30e6)
	_, events := watched(t, pipeline(protocol.Aligned, service, 1e6, 500e6, 1013e6, 1777e6), 3e9)
	snapshots := 0
	for i, e := range events {
		if e.kind != protocol.CheckpointTriggered {
			continue
		}
		for task := range int64(2) {
			at := indexOf(events, i, protocol.SnapshotStarted, task)
			require.Positive(t, at)
			require.Less(t, events[at].nanos-e.nanos, service+2e6, "it waits for one record at most")
			ended := at - 1
			for !events[ended].of(protocol.RecordApplied, task) {
				ended--
			}
			require.Equal(t, events[ended].nanos, events[at].nanos, "a record was cut in two")
			require.Greater(t, events[at].nanos, e.nanos)
			snapshots++
		}
	}
	require.Equal(t, 6, snapshots)
}

// A barrier that overtook data is handled before the next record, though records wait
// (FLINK-17568), and the cut is consistent.
func TestOvertakingBarrierComesBeforeTheNextRecord(t *testing.T) {
	const service = int64(20e6)
	s, events := watched(t, pipeline(protocol.Unaligned, 0, service, 2e9, 2500e6, 3200e6), 4e9)
	waited := 0
	for i, e := range events {
		if e.kind != protocol.CheckpointTriggered {
			continue
		}
		for task := int64(sinks); task < sinks+2; task++ {
			at := indexOf(events, i, protocol.SnapshotStarted, task)
			require.Positive(t, at)
			require.Less(t, events[at].nanos-e.nanos, service+5e6, "it waits for one record at most")
			records := 0
			for _, between := range events[i:at] {
				if between.of(protocol.RecordApplied, task) {
					records++
				}
			}
			require.LessOrEqual(t, records, 1, "records went first")
			waited += records
		}
	}
	require.Positive(t, waited, "no barrier found a record in service")
	require.EqualValues(t, 3, s.History.Completed)
	for _, c := range s.History.Checkpoints {
		require.Positive(t, c.PersistedBytes, "nothing was overtaken")
	}
	point, err := s.RecoveryPoint(s.History.Latest().Checkpoint)
	require.NoError(t, err)
	require.Empty(t, protocol.CheckCut(point, s.Plan.Links, protocol.ContractExactlyOnce))
}

// Aligned barriers stand in line: what was queued before them is applied first.
func TestAlignedBarrierComesAfterWhatWasSentBeforeIt(t *testing.T) {
	const service = int64(20e6)
	_, events := watched(t, pipeline(protocol.Aligned, 0, service, 2e9), 60e9)
	trigger := -1
	for i, e := range events {
		if e.kind == protocol.CheckpointTriggered {
			trigger = i
		}
	}
	require.Positive(t, trigger)
	for task := int64(sinks); task < sinks+2; task++ {
		at := indexOf(events, trigger, protocol.SnapshotStarted, task)
		require.Positive(t, at)
		require.Greater(t, events[at].nanos-events[trigger].nanos, 20*service)
	}
}
