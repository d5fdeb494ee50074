package trial

import (
	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/rpc"
)

// end tells the checkers what the run left behind.
func (r *run) end() *checkers.End {
	s := r.system
	end := &checkers.End{
		TimeNanos: s.Kernel.NowNanos(), Status: s.History.Status,
		Quiescent: r.ending == runtime.EndedStuck || s.Kernel.Pending().OnlyHousekeeping(),
	}
	if !s.Terminal() {
		r.endWaits(end)
	}
	end.Operations = s.Operations()
	r.endOutputs(end)
	r.endStates(end)
	for _, object := range s.StoreObjects() {
		if object.Key.Kind == rpc.ObjectState || object.Key.Kind == rpc.ObjectChannels {
			end.Objects = append(end.Objects, checkers.ObjectLeft{
				Task: protocol.TaskID(object.Key.B), Checkpoint: protocol.CheckpointID(object.Key.A),
				SizeBytes: object.SizeBytes,
			})
		}
	}
	for _, m := range s.History.Retained {
		end.Retained = append(end.Retained, m.Checkpoint)
		if _, err := s.RecoveryPoint(m.Checkpoint); err != nil && end.Status == protocol.JobFailed {
			end.Unreadable = append(end.Unreadable, checkers.UnreadableCheckpoint{
				Checkpoint: m.Checkpoint, Reason: err.Error(),
			})
		}
	}
	return end
}

// endWaits say who waits for whom, of a job that has not come to its end.
func (r *run) endWaits(end *checkers.End) {
	s := r.system
	_, edges := s.Waits()
	for _, e := range edges {
		end.Waits = append(end.Waits, checkers.Wait{Who: taskName(s, e[0]), Whom: taskName(s, e[1]), What: "go on"})
	}
}

// endOutputs are what readers of the external systems see.
func (r *run) endOutputs(end *checkers.End) {
	for i := range r.system.Plan.Vertices {
		v := &r.system.Plan.Vertices[i]
		node := r.system.Plan.SinkOf(v)
		if node == nil {
			continue
		}
		ledger := r.system.ExternalOf(node.Sink.External).Ledger
		out := checkers.OutputEnd{Sink: int64(v.ID), Visible: ledger.Content(v.ID)}
		if table := ledger.Table(v.ID); table != nil {
			out.Content = table.Content()
		}
		end.Outputs = append(end.Outputs, out)
	}
	for _, e := range r.system.Externals {
		end.OpenTransactions = append(end.OpenTransactions, e.OpenTransactions()...)
	}
}

// endStates are the final states of a finished job, as its last checkpoint holds them.
func (r *run) endStates(end *checkers.End) {
	if r.final == nil || r.system.History.Status != protocol.JobFinished {
		return
	}
	for i := range r.final.Tasks {
		if !r.final.Tasks[i].Finished {
			end.States = nil // the job has ended without a last checkpoint
			return
		}
		for _, state := range r.final.Tasks[i].States {
			addState(end, state)
		}
	}
}

func addState(end *checkers.End, state protocol.StatePoint) {
	for i := range end.States {
		if s := &end.States[i]; s.Operator == state.Operator {
			s.Applied, s.Content = s.Applied.Plus(state.Applied), s.Content+state.Content
			return
		}
	}
	end.States = append(end.States, checkers.StateEnd{
		Operator: state.Operator, Applied: state.Applied, Content: state.Content,
	})
}

func taskName(s *runtime.System, t protocol.TaskID) string {
	return s.TaskName(t)
}
