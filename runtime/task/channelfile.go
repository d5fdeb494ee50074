package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// ChannelFiles are the files into which subtasks of one task manager write in-flight data
// together: up to SubtasksPerChannelFile of them share one, in the order in which they
// start (Flink: ChannelStateWriteRequestExecutorFactory, FLINK-26803).
//
//	source[0] ──known, 300 kB──┐
//	op1[0]    ──known, 400 kB──┼──▶ file of checkpoint 7: written when all have said what
//	sink[0]   ──...            ┘    they have; closed once; then all of them acknowledge
//
// A file holds up the acknowledgement of all who share it. (1) The source's data is known
// at its barrier. (2) The sink reads one record for 10 s. (3) The source acknowledges with
// the sink, 10 s later.
type ChannelFiles struct{ open []*channelFile }

// channelFile is the file of each checkpoint of those who share it.
type channelFile struct {
	attempt protocol.Attempt
	members []*fileMember
	parts   []filePart // of the newest checkpoint
	newest  protocol.CheckpointID
	// closed: that file is complete.
	closed bool
}

// fileMember is one of those who share a file.
type fileMember struct {
	task protocol.TaskID
	self sim.ActorID
	// known is the newest checkpoint of which it has said what it has, or that it gave up.
	known protocol.CheckpointID
	gone  bool
}

// filePart is what one member puts into a file.
type filePart struct {
	member *fileMember
	bytes  int64
}

// join gives a starting task its file: one of its own if the protocol records no in-flight
// data.
func (f *ChannelFiles) join(t *Task) {
	last, limit := len(f.open)-1, int(t.network.SubtasksPerChannelFile)
	if !protocol.PolicyOf(t.config.Protocol).Alternates() {
		limit = 1
	}
	if last < 0 || f.open[last].attempt != t.attempt || len(f.open[last].members) >= limit {
		file := t.env.Workspaces.files.New()
		*file = channelFile{attempt: t.attempt, members: t.env.Workspaces.sharers.Room(membersRoom)}
		f.open = append(f.open, file)
		last++
	}
	t.file = f.open[last]
	t.fileMember = t.env.Workspaces.members.New()
	*t.fileMember = fileMember{task: t.id, self: t.self}
	t.file.members = append(t.file.members, t.fileMember)
}

// tell notes what a member has for a checkpoint. Who gave it up, or is past it, has nothing.
func (f *channelFile) tell(c *sim.Context, m *fileMember, id protocol.CheckpointID, bytes int64) {
	if id <= m.known {
		return
	}
	m.known = id
	if id > f.newest {
		f.newest, f.closed, f.parts = id, false, f.parts[:0]
	}
	if id == f.newest && bytes > 0 {
		f.parts = append(f.parts, filePart{m, bytes})
	}
	f.wake(c, m)
}

// leave is the end of a member's task: nobody waits for it any more.
func (f *channelFile) leave(c *sim.Context, m *fileMember) {
	m.gone = true
	f.closed = f.closed || f.writer() == m
	f.wake(c, m)
}

// wake has the others look again, once all is known or written.
func (f *channelFile) wake(c *sim.Context, by *fileMember) {
	if !f.complete(f.newest) {
		return
	}
	for _, m := range f.members {
		if m != by && !m.gone {
			c.Send(m.self, 1, sim.Message{Kind: rpc.Wake, A: int64(f.newest)})
		}
	}
}

// complete reports whether every member has said what it has for the checkpoint.
func (f *channelFile) complete(id protocol.CheckpointID) bool {
	for _, m := range f.members {
		if !m.gone && m.known < id {
			return false
		}
	}
	return true
}

// bytes is the size of the checkpoint's file.
func (f *channelFile) bytes(id protocol.CheckpointID) (total int64) {
	if id == f.newest {
		for _, part := range f.parts {
			total += part.bytes
		}
	}
	return total
}

// writer is the member that writes the file: its bytes and those of the others. The others
// wait for that.
func (f *channelFile) writer() *fileMember {
	if len(f.parts) == 0 {
		return nil
	}
	return f.parts[0].member
}

// written reports whether the checkpoint's file is closed; of older ones nobody cares.
func (f *channelFile) written(id protocol.CheckpointID) bool { return id < f.newest || f.closed }

// close ends the file of the checkpoint, whether it was written or given up.
func (f *channelFile) close(c *sim.Context, by *fileMember, id protocol.CheckpointID) {
	if id == f.newest && by == f.writer() && !f.closed {
		f.closed = true
		f.wake(c, by)
	}
}
