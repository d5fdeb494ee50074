package checkers

import (
	"strconv"

	"simrun/protocol"
)

// topology answers questions about a Setup in constant time: which link an end of a
// channel belongs to, which vertex a task.
type topology struct {
	setup     *Setup
	vertexOf  []protocol.VertexID // by task
	inBase    []int32             // by task: where its input channels begin in inLink
	outBase   []int32
	inLink    []int32 // link of the input channel; -1: none
	outLink   []int32
	taskCount int
}

func (t *topology) reset(s *Setup) {
	t.setup = s
	t.vertexOf = t.vertexOf[:0]
	for v := range s.Vertices {
		for range s.Vertices[v].Parallelism {
			t.vertexOf = append(t.vertexOf, protocol.VertexID(v))
		}
	}
	t.taskCount = len(t.vertexOf)
	t.inBase = resized(t.inBase, t.taskCount+1)
	t.outBase = resized(t.outBase, t.taskCount+1)
	for _, l := range s.Links {
		widen(t.inBase, l.Receiver, l.ReceiverChannel)
		widen(t.outBase, l.Sender, l.SenderChannel)
	}
	sumUp(t.inBase)
	sumUp(t.outBase)
	t.inLink = resized(t.inLink, int(t.inBase[t.taskCount]))
	t.outLink = resized(t.outLink, int(t.outBase[t.taskCount]))
	for i, l := range s.Links {
		t.inLink[t.inBase[l.Receiver]+int32(l.ReceiverChannel)] = int32(i) + 1
		t.outLink[t.outBase[l.Sender]+int32(l.SenderChannel)] = int32(i) + 1
	}
}

// widen keeps in base[task+1] the number of channels that task has.
func widen(base []int32, task protocol.TaskID, channel protocol.ChannelIndex) {
	base[task+1] = max(base[task+1], int32(channel)+1)
}

func sumUp(base []int32) {
	for i := 1; i < len(base); i++ {
		base[i] += base[i-1]
	}
}

// incoming is the link that ends at channel of task; -1 when there is none.
func (t *topology) incoming(task, channel int64) int32 {
	return lookUp(t.inBase, t.inLink, task, channel)
}

// outgoing is the link that starts at channel of task; -1 when there is none.
func (t *topology) outgoing(task, channel int64) int32 {
	return lookUp(t.outBase, t.outLink, task, channel)
}

func lookUp(base, link []int32, task, channel int64) int32 {
	if task < 0 || task >= int64(len(base)-1) || channel < 0 ||
		channel >= int64(base[task+1]-base[task]) {
		return -1
	}
	return link[int64(base[task])+channel] - 1
}

func (t *topology) knows(task int64) bool { return task >= 0 && task < int64(t.taskCount) }

// role is the name of the task's vertex: what a signature may hold.
func (t *topology) role(task int64) string {
	if !t.knows(task) {
		return "unknown-task"
	}
	return t.setup.Vertices[t.vertexOf[task]].Name
}

// name is the task for people: "delays[1]".
func (t *topology) name(task int64) string {
	if !t.knows(task) {
		return "task " + strconv.FormatInt(task, 10)
	}
	v := &t.setup.Vertices[t.vertexOf[task]]
	return v.Name + "[" + strconv.FormatInt(task-int64(v.FirstTask), 10) + "]"
}

// linkName is the link for people: "flights[0] to delays[1]".
func (t *topology) linkName(link int32) string {
	l := &t.setup.Links[link]
	return t.name(int64(l.Sender)) + " to " + t.name(int64(l.Receiver))
}

// linkRole is the link for signatures: "flights-to-delays".
func (t *topology) linkRole(link int32) string {
	l := &t.setup.Links[link]
	return t.role(int64(l.Sender)) + "-to-" + t.role(int64(l.Receiver))
}

// sink is the sink with the given id; nil when the setup does not list it.
func (t *topology) sink(id int64) *Sink {
	for i := range t.setup.Sinks {
		if t.setup.Sinks[i].ID == id {
			return &t.setup.Sinks[i]
		}
	}
	return nil
}

// sinkRole is the sink's name for signatures.
func (t *topology) sinkRole(id int64) string {
	if s := t.sink(id); s != nil {
		return s.Name
	}
	return "unknown-sink"
}

// resized is s with n zero elements, in the same memory when that is large enough.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// eachTask visits the subtasks of a vertex.
func (t *topology) eachTask(v protocol.VertexID, visit func(protocol.TaskID)) {
	vertex := &t.setup.Vertices[v]
	for task := vertex.FirstTask; task < vertex.FirstTask+protocol.TaskID(vertex.Parallelism); task++ {
		visit(task)
	}
}
