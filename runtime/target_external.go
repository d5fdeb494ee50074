package runtime

import (
	"fmt"
	"math"

	"simrun/protocol"
	"simrun/runtime/external"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/sim"
)

// requestFault is a fault of an external system's requests that has not ended.
type requestFault struct {
	disturbance protocol.Disturbance
	fault       *external.RequestFault
}

var externalRequests = [...]rpc.Kind{
	protocol.ExternalBegin: rpc.ExternalBegin, protocol.ExternalWrite: rpc.ExternalWrite,
	protocol.ExternalPrepare: rpc.ExternalPrepare, protocol.ExternalCommit: rpc.ExternalCommit,
	protocol.ExternalAbort: rpc.ExternalAbort,
}

// failRequests makes requests of an external system fail.
func (t *Target) failRequests(d *protocol.Disturbance) (int64, error) {
	e := t.s.ExternalOf(d.Targets[0])
	if e == nil || d.Operation != protocol.StorageAny && !d.Operation.OfExternal() {
		return 0, t.refuse(d)
	}
	f := &external.RequestFault{Remaining: d.Count, Applied: d.Unknown, Operation: externalRequests[d.Operation]}
	if d.Count == 0 {
		f.Remaining = -1
	}
	t.requests = append(t.requests, requestFault{*d, f})
	e.Conditions.Faults = append(e.Conditions.Faults, f)
	return int64(e.Process), nil
}

func (t *Target) answerRequests(d *protocol.Disturbance) {
	e := t.s.ExternalOf(d.Targets[0])
	for i := range t.requests {
		if e == nil || t.requests[i].disturbance != *d {
			continue
		}
		for k, f := range e.Conditions.Faults {
			if f == t.requests[i].fault {
				e.Conditions.Faults = append(e.Conditions.Faults[:k], e.Conditions.Faults[k+1:]...)
				break
			}
		}
		t.requests = append(t.requests[:i], t.requests[i+1:]...)
		return
	}
}

// writers are the tasks of a transactional sink, or one of them, and the system to which
// they write.
func (t *Target) writers(d *protocol.Disturbance) ([]protocol.TaskID, *External, error) {
	node, subtask, ok := t.operator(d.Targets[0])
	if !ok || !transactional(&t.s.options.Graph.Nodes[node]) {
		return nil, nil, t.refuse(d)
	}
	n := &t.s.options.Graph.Nodes[node]
	e := t.s.ExternalOf(n.Sink.External)
	if !t.s.Kernel.Running(e.Process) {
		return nil, nil, fmt.Errorf("%s does not run", e.Name)
	}
	if subtask >= 0 {
		return []protocol.TaskID{t.task(node, subtask)}, e, nil
	}
	var tasks []protocol.TaskID
	for i := range n.Parallelism {
		tasks = append(tasks, t.task(node, i))
	}
	return tasks, e, nil
}

func transactional(n *job.Node) bool { return n.Sink != nil && n.Sink.Kind == sink.Transactional }

// expire has an external system give up on transactions of a sink.
func (t *Target) expire(d *protocol.Disturbance) (int64, error) {
	tasks, e, err := t.writers(d)
	if err != nil {
		return 0, err
	}
	order := &rpc.ExpireOrder{Tasks: tasks, Prepared: d.Prepared, Limit: math.MaxInt}
	if d.Count > 0 {
		order.Limit = int(d.Count)
	}
	t.s.Kernel.Inject(e.Actor, 1, sim.Message{Kind: rpc.ExternalExpire, Body: order})
	return int64(tasks[0]), nil
}

// fence has an external system fence the present attempts of a sink's tasks.
func (t *Target) fence(d *protocol.Disturbance) (int64, error) {
	tasks, e, err := t.writers(d)
	if err != nil {
		return 0, err
	}
	for _, id := range tasks {
		live := t.s.live[id]
		if live == nil || !live.Alive() {
			return int64(id), fmt.Errorf("%s does not run", d.Targets[0])
		}
	}
	for _, id := range tasks {
		t.s.Kernel.Inject(e.Actor, 1, sim.Message{
			Kind: rpc.ExternalFence, A: int64(id), B: int64(t.s.live[id].Attempt()) + 1,
		})
	}
	return int64(tasks[0]), nil
}
