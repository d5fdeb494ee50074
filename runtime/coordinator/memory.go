package coordinator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Memory is where the bookkeeping of one run's job managers and task managers lies: the next
// run gets it back. The zero value is empty.
type Memory struct {
	// Messages are the bodies of what is sent.
	Messages rpc.Memory

	names       [][]attemptName // of actors, by task
	deployed    sim.Slab[hostedTask]
	connections sim.Slab[sim.ConnectionID]
	records     sim.Slab[JobRecord]
	pointers    sim.Slab[Pointer]

	states       sim.Slab[protocol.StatePoint]
	transactions sim.Slab[protocol.TransactionPoint]
}

// Reset takes everything back: the run is over.
func (m *Memory) Reset() {
	m.Messages.Reset()
	m.deployed.Reset()
	m.connections.Reset()
	m.records.Reset()
	m.pointers.Reset()
	m.states.Reset()
	m.transactions.Reset()
}

// Room for as much as a small job ever has of it.
const (
	connectionsRoom = 4
	pointersRoom    = 4
)

// attemptName is the name of a task's actor.
type attemptName struct {
	vertex  string
	subtask int
	attempt protocol.Attempt
	name    string
}

// maxNames bounds the names that are kept of a task.
const maxNames = 8

// nameOf is the name of the actor of a deployment: "delays[1]#0". Runs of the same job use
// the same names.
func (m *Memory) nameOf(d *rpc.Deployment) string {
	for int(d.Task) >= len(m.names) {
		m.names = append(m.names, nil)
	}
	known := m.names[d.Task]
	vertex, subtask := d.Plan.VertexOf(d.Task).Name, d.Plan.Tasks[d.Task].Subtask
	for i := range known {
		n := &known[i]
		if n.attempt == d.Attempt && n.subtask == subtask && n.vertex == vertex {
			return n.name
		}
	}
	if len(known) == maxNames {
		known = known[:0]
	}
	name := fmt.Sprintf("%s[%d]#%d", vertex, subtask, d.Attempt)
	m.names[d.Task] = append(known, attemptName{vertex, subtask, d.Attempt, name})
	return name
}
