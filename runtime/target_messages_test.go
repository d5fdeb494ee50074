package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// eventful is a job whose parts have reason to send every kind of control message.
func eventful() runtime.Options {
	o := jobOptions(protocol.Unaligned)
	o.Graph.Nodes[0].Enumerated = true
	o.Config.Checkpointing.TimeoutNanos = 1e9
	return o
}

// disturb strikes at a time and, with lasts > 0, heals so much later.
func disturb(t *testing.T, s *runtime.System, at, lasts int64, d *protocol.Disturbance) {
	s.Kernel.At(at, func() {
		_, err := s.Target().Apply(d)
		require.NoError(t, err)
	})
	if lasts > 0 {
		s.Kernel.At(at+lasts, func() { require.NoError(t, s.Target().Revert(d)) })
	}
}

func TestEveryControlMessageThatIsSentHasAWordAndEveryWordIsSent(t *testing.T) {
	sent := map[rpc.Kind]bool{}
	s, err := runtime.New(eventful(), nil)
	require.NoError(t, err)
	s.Kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		sent[p.Message.Kind] = true
		return sim.Verdict{}
	})
	disturb(t, s, 3e9, 2e9, &protocol.Disturbance{Kind: protocol.FaultPartition, Targets: [2]string{"storage", "node-0"}})
	disturb(t, s, 3e9, 3e9, &protocol.Disturbance{Kind: protocol.FaultFail, Targets: [2]string{"storage"}, Operation: protocol.StoragePut})
	disturb(t, s, 8e9, 1e9, &protocol.Disturbance{Kind: protocol.FaultCrash, Targets: [2]string{"task-manager-1"}})
	disturb(t, s, 12e9, 0, &protocol.Disturbance{Kind: protocol.FaultCrash, Targets: [2]string{"source[0]"}})
	s.Run(runtime.RunOptions{LimitNanos: 100e9, SettleNanos: 1e9})
	for _, m := range rpc.ControlMessages() {
		require.True(t, sent[m.Kind], "%s is never sent", m.Name)
		delete(sent, m.Kind)
	}
	require.Empty(t, sent, "messages without a word")
}

// struckMessages runs the eventful job with a fault of control messages, and gives how many
// of each kind were sent, and what the fault did to the first of the kind that it bit.
func struckMessages(t *testing.T, d *protocol.Disturbance) (bits []int64, s *runtime.System) {
	s, err := runtime.New(eventful(), func(e *sim.Event) {
		if runtime.EventKindOf(e) == protocol.FaultBit {
			require.EqualValues(t, d.Kind, e.Args[0])
			bits = append(bits, e.Args[1])
		}
	})
	require.NoError(t, err)
	disturb(t, s, 1e9, 6e9, d)
	s.Run(runtime.RunOptions{LimitNanos: 100e9, SettleNanos: 1e9})
	require.Equal(t, protocol.JobFinished, s.History.Status)
	return bits, s
}

func TestALostTriggerExpiresItsCheckpoint(t *testing.T) {
	bits, s := struckMessages(t, &protocol.Disturbance{Kind: protocol.FaultLose, Targets: [2]string{"trigger"}, Count: 1})
	require.Equal(t, []int64{int64(rpc.Trigger)}, bits, "told once")
	require.EqualValues(t, 1, s.History.Expired)
	_, s = struckMessages(t, &protocol.Disturbance{Kind: protocol.FaultLose, Targets: [2]string{"trigger"}})
	require.Greater(t, s.History.Expired, int64(1))
}

func TestOnlyMessagesBetweenTheNamedProcessesAreStruck(t *testing.T) {
	d := &protocol.Disturbance{Kind: protocol.FaultLose, Targets: [2]string{"acknowledge"}, Sender: "job-manager-0"}
	bits, _ := struckMessages(t, d)
	require.Empty(t, bits)
	d.Sender, d.Receiver = "task-manager-0", "job-manager-0"
	bits, _ = struckMessages(t, d)
	require.Len(t, bits, 1)
	d.Receiver = "task-manager-1"
	bits, _ = struckMessages(t, d)
	require.Empty(t, bits)
}

func TestACopyOfAnAcknowledgementChangesNothing(t *testing.T) {
	_, once := struckMessages(t, &protocol.Disturbance{Kind: protocol.FaultLose, Targets: [2]string{"operator-ask"},
		Sender: "job-manager-0"})
	bits, twice := struckMessages(t, &protocol.Disturbance{Kind: protocol.FaultDuplicate, Targets: [2]string{"acknowledge"},
		ByNanos: 500e6})
	require.Len(t, bits, 1)
	require.Equal(t, once.History.Completed, twice.History.Completed)
}

func TestUnknownMessagesAndProcessesAreRefused(t *testing.T) {
	target := started(t, sim.New(sim.Options{}), jobOptions(protocol.Aligned)).Target()
	for wanted, d := range map[string]protocol.Disturbance{
		`cannot lose "acknowlege"; did you mean "acknowledge"?`: {Targets: [2]string{"acknowlege"}},
		`cannot lose "task-manger-0"; did you mean "task-manager-0"?`: {
			Targets: [2]string{"any"}, Sender: "task-manger-0",
		},
		`cannot lose "count"`: {Targets: [2]string{"any"}, Receiver: "count"},
	} {
		d.Kind = protocol.FaultLose
		_, err := target.Apply(&d)
		require.EqualError(t, err, wanted)
	}
}
