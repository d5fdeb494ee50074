package explain

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// ofNetwork are buffers, segments, credits and channels.
func ofNetwork(kind protocol.EventKind) sayer {
	switch kind {
	case protocol.ChannelBlocked:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("block%s the channel from %s for checkpoint %d", s,
				n.peer(e.Args[0], e.Args[1], false), e.Args[2])
		}
	case protocol.ChannelResumed:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("resume%s the channel from %s", s, n.peer(e.Args[0], e.Args[1], false))
		}
	case protocol.BufferSent:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("send%s buffer %d to %s: %s", s, e.Args[2], n.peer(e.Args[0], e.Args[1], true),
				elements(e.Args[4], e.Args[5]))
		}
	case protocol.BufferReceived:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("get%s buffer %d from %s, credit left: %d", s, e.Args[2],
				n.peer(e.Args[0], e.Args[1], false), e.Args[4])
		}
	case protocol.BufferConsumed:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("process%s %s from %s", plural(s), elements(e.Args[2], e.Args[3]),
				n.peer(e.Args[0], e.Args[1], false))
		}
	case protocol.SegmentTaken:
		return segments("take%s a segment for partition %d: %d in use")
	case protocol.SegmentReturned:
		return segments("give%s back a segment of partition %d: %d in use")
	case protocol.CreditGranted:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("grant%s %s %s, %d unused in all", s, n.peer(e.Args[0], e.Args[1], false),
				count(e.Args[2], "credit"), e.Args[3])
		}
	case protocol.OverdraftTaken:
		return one("take%s an overdraft buffer for partition %d", 1)
	case protocol.ChannelEnded:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("hear%s no more of %s, which has ended", s, n.peer(e.Args[0], e.Args[1], false))
		}
	}
	return nil
}

func elements(first, n int64) string {
	if n == 1 {
		return fmt.Sprintf("element %d", first)
	}
	return fmt.Sprintf("elements %d to %d", first, first+n-1)
}

func segments(format string) sayer {
	return func(_ *names, e *sim.Event, s string) string {
		return fmt.Sprintf(format, s, e.Args[1], e.Args[3])
	}
}

// ofSink are transactions and what readers see.
func ofSink(kind protocol.EventKind) sayer {
	named := func(format string) sayer {
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf(format, s, transaction(e.Args[1]))
		}
	}
	switch kind {
	case protocol.TransactionOpened:
		return named("open%s %s")
	case protocol.TransactionPreCommitted:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("pre-commit%s %s (%s) with checkpoint %d", s, transaction(e.Args[1]),
				count(e.Args[3], "record"), e.Args[2])
		}
	case protocol.TransactionCommitted:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("commit%s %s (%s)", s, transaction(e.Args[1]), count(e.Args[2], "record"))
		}
	case protocol.TransactionAborted:
		return named("abort%s %s")
	case protocol.TransactionTimedOut:
		return named("time%s out %s")
	case protocol.TransactionRecovered:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("recover%s %s from checkpoint %d", s, transaction(e.Args[1]), e.Args[2])
		}
	case protocol.TransactionCommitFailed:
		return named("fail%s to commit %s")
	case protocol.OutputVisible:
		return func(n *names, e *sim.Event, s string) string {
			of := "outside of any transaction"
			if e.Args[1] != 0 {
				of = "of " + transaction(e.Args[1])
			}
			return fmt.Sprintf("show%s %s %s to the readers of %s", s, count(e.Args[2], "record"), of,
				n.sink(e.Args[0]))
		}
	}
	return nil
}

// fencedThings are what was fenced, by the argument of ZombieFenced.
var fencedThings = [...]string{"an acknowledgement", "a task", "a commit", "a leader"}

// ofRest are failures, leadership, storage and event time.
func ofRest(kind protocol.EventKind) sayer {
	switch kind {
	case protocol.TaskFailed:
		return func(_ *names, _ *sim.Event, s string) string { return "fail" + s }
	case protocol.TaskFinished:
		return func(_ *names, _ *sim.Event, s string) string { return "finish" + plural(s) }
	case protocol.TaskCanceled:
		return func(n *names, e *sim.Event, s string) string { return either(s == "", "are", "is") + " cancelled" }
	case protocol.OperatorsFinished:
		return func(_ *names, _ *sim.Event, s string) string {
			return fmt.Sprintf("ha%s used up the input", either(s == "", "ve", "s"))
		}
	case protocol.TaskRunning:
		return one("run%s (attempt %d)", 1)
	case protocol.JobRestarting:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("cancel%s attempt %d; the next one follows after %s", s, e.Args[0], nanos(e.Args[1]))
		}
	case protocol.LeaderElected:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("become%s leader with epoch %d", s, e.Args[1])
		}
	case protocol.HeartbeatTimedOut:
		return func(_ *names, e *sim.Event, s string) string {
			if e.Args[0] < 0 {
				return fmt.Sprintf("hear%s no heartbeat of job-manager-%d any more", s, e.Args[1])
			}
			return fmt.Sprintf("hear%s no heartbeat of task-manager-%d any more", s, e.Args[0])
		}
	case protocol.ZombieFenced:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("turn%s away %s of attempt %d", s, fencedThings[e.Args[2]&3], e.Args[1])
		}
	case protocol.ObjectStored:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("store%s its file of checkpoint %d (%s)", s, e.Args[1], size(e.Args[2]))
		}
	case protocol.ObjectFailed:
		return one("fail%s to store a file of checkpoint %d", 1)
	case protocol.ObjectDeleted:
		return one("delete%s a file of checkpoint %d", 1)
	case protocol.MetadataStored:
		return one("store%s the metadata of checkpoint %d", 0)
	case protocol.MetadataLost:
		return one("find%s no metadata of checkpoint %d", 0)
	case protocol.WatermarkStatusChanged:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("take%s input %d for %s", s, e.Args[1], either(e.Args[2] != 0, "idle", "active again"))
		}
	case protocol.WatermarkAdvanced:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("set%s its watermark to %s s", s, clock(e.Args[1]))
		}
	}
	return nil
}
