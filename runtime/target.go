package runtime

import (
	"fmt"
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// Target hurts the system in the ways that a plan of faults may ask for. It knows roles:
//
//	task-manager-1  job-manager-0   processes      delays  delays[1]   an operator, a subtask
//	database        (external)                     storage             the checkpoint storage
//	node-0          a machine with all of its processes
type Target struct {
	s         *System
	slow      []activeSlow
	throttles []activeThrottle
	messages  []messageFault
	stores    []storeFault
	requests  []requestFault
	clocks    []sim.NodeID // with an active fault each
	steps     []stepWatch
	// everyStep, if not nil, is told of every named step; making is who makes the one at
	// which faults strike now.
	everyStep step.Watch
	making    sim.ActorID
}

// Target is the system as faults see it.
func (c *System) Target() *Target { return &c.target }

// RoleError names a role that a disturbance cannot be done to.
type RoleError struct {
	Role    string
	Kind    protocol.FaultKind
	Nearest string
}

// Error says what cannot be done to whom.
func (e *RoleError) Error() string {
	text := fmt.Sprintf("cannot %s %q", e.Kind, e.Role)
	if e.Nearest != "" && e.Nearest != e.Role {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text
}

// Apply begins a disturbance; the number says whom it hit.
func (t *Target) Apply(d *protocol.Disturbance) (int64, error) {
	switch d.Kind {
	case protocol.FaultCrash:
		return t.crash(d)
	case protocol.FaultThrow:
		return t.throw(d)
	case protocol.FaultPoison:
		return t.poison(d)
	case protocol.FaultSlow, protocol.FaultStall:
		return t.slowDown(d)
	case protocol.FaultDelay, protocol.FaultPartition, protocol.FaultHold, protocol.FaultReset,
		protocol.FaultJitter, protocol.FaultThrottle:
		return t.hurtLink(d)
	case protocol.FaultIsolate:
		return t.isolate(d)
	case protocol.FaultLose, protocol.FaultDuplicate, protocol.FaultReorder:
		return t.hurtMessages(d)
	case protocol.FaultExpire:
		return t.expire(d)
	case protocol.FaultBurst:
		return t.burst(d, sim.Ratio{Num: d.FactorDenominator, Den: d.FactorNumerator})
	case protocol.FaultSkew:
		return t.skew(d)
	case protocol.FaultClock:
		return t.setClock(d)
	case protocol.FaultFence:
		return t.fence(d)
	case protocol.FaultFail, protocol.FaultTear, protocol.FaultUnsync, protocol.FaultCorrupt, protocol.FaultLag:
		return t.hurtStorage(d)
	case protocol.FaultPause:
		return t.pause(d)
	}
	return 0, t.refuse(d)
}

// Revert ends a disturbance.
func (t *Target) Revert(d *protocol.Disturbance) error {
	switch d.Kind {
	case protocol.FaultCrash:
		if p, ok := t.process(d.Targets[0]); ok {
			t.s.Kernel.Restart(p)
		}
		if d.Targets[0] == storageRole {
			t.storage().Restart()
		}
	case protocol.FaultSlow, protocol.FaultStall:
		return t.speedUp(d)
	case protocol.FaultDelay, protocol.FaultPartition, protocol.FaultHold, protocol.FaultJitter,
		protocol.FaultThrottle:
		return t.mendLink(d)
	case protocol.FaultIsolate:
		return t.rejoin(d)
	case protocol.FaultLose, protocol.FaultDuplicate, protocol.FaultReorder:
		t.spareMessages(d)
	case protocol.FaultFail, protocol.FaultTear, protocol.FaultUnsync, protocol.FaultCorrupt, protocol.FaultLag:
		t.mendStorage(d)
	case protocol.FaultPause:
		return t.resume(d)
	case protocol.FaultBurst:
		_, err := t.burst(d, sim.Ratio{Num: d.FactorNumerator, Den: d.FactorDenominator})
		return err
	case protocol.FaultClock:
		return t.resetClock(d)
	}
	return nil
}

func (t *Target) refuse(d *protocol.Disturbance) error {
	return &RoleError{Role: d.Targets[0], Kind: d.Kind, Nearest: protocol.Nearest(d.Targets[0], t.Roles())}
}

// Roles lists every role of the system.
func (t *Target) Roles() []string {
	var roles []string
	for p := range t.s.Kernel.ProcessCount() {
		roles = append(roles, t.s.Kernel.ProcessName(sim.ProcessID(p)))
	}
	for i := range t.s.options.Graph.Nodes {
		n := &t.s.options.Graph.Nodes[i]
		roles = append(roles, n.ID)
		for subtask := range n.Parallelism {
			roles = append(roles, n.ID+"["+strconv.Itoa(subtask)+"]")
		}
	}
	for n := range t.s.Kernel.NodeCount() {
		roles = append(roles, t.s.Kernel.NodeName(sim.NodeID(n)))
	}
	return roles
}

// storageRole is the checkpoint storage, and the machine that it is on.
const storageRole = "storage"

func (t *Target) process(role string) (sim.ProcessID, bool) {
	for p := range t.s.Kernel.ProcessCount() {
		if t.s.Kernel.ProcessName(sim.ProcessID(p)) == role {
			return sim.ProcessID(p), true
		}
	}
	return 0, false
}

func (t *Target) node(role string) (sim.NodeID, bool) {
	for n := range t.s.Kernel.NodeCount() {
		if t.s.Kernel.NodeName(sim.NodeID(n)) == role {
			return sim.NodeID(n), true
		}
	}
	if p, ok := t.process(role); ok {
		return t.s.Kernel.NodeOf(p), true
	}
	return 0, false
}

// operator finds a node of the graph and, if the role names one, its subtask (else -1).
func (t *Target) operator(role string) (node, subtask int, ok bool) {
	name, subtask := role, -1
	if open := strings.IndexByte(role, '['); open > 0 && strings.HasSuffix(role, "]") {
		n, err := strconv.Atoi(role[open+1 : len(role)-1])
		if err != nil || n < 0 {
			return 0, 0, false
		}
		name, subtask = role[:open], n
	}
	for i := range t.s.options.Graph.Nodes {
		n := &t.s.options.Graph.Nodes[i]
		if n.ID == name && subtask < n.Parallelism {
			return i, subtask, true
		}
	}
	return 0, 0, false
}

// task is a subtask of the vertex that runs the node.
func (t *Target) task(node, subtask int) protocol.TaskID {
	for i := range t.s.Plan.Vertices {
		v := &t.s.Plan.Vertices[i]
		for _, n := range v.Nodes {
			if n == node {
				return v.FirstTask + protocol.TaskID(max(subtask, 0))
			}
		}
	}
	return protocol.NoTask
}

func (t *Target) crash(d *protocol.Disturbance) (int64, error) {
	if d.Targets[0] == storageRole {
		t.storage().Crash()
		return 0, nil
	}
	if p, ok := t.process(d.Targets[0]); ok {
		t.s.Kernel.Crash(p)
		return int64(p), nil
	}
	node, subtask, ok := t.operator(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	id := t.task(node, subtask)
	live := t.s.live[id]
	if live == nil || !live.Alive() {
		return int64(id), fmt.Errorf("%s does not run", d.Targets[0])
	}
	if live.Actor() == t.making {
		live.Doom()
		return int64(id), nil
	}
	t.s.Kernel.Inject(live.Actor(), 1, sim.Message{Kind: rpc.Kill, A: int64(rpc.CauseInjected)})
	return int64(id), nil
}

func (t *Target) pause(d *protocol.Disturbance) (int64, error) {
	if p, ok := t.process(d.Targets[0]); ok {
		t.s.Kernel.PauseProcess(p, forever)
		return int64(p), nil
	}
	if n, ok := t.node(d.Targets[0]); ok && !t.isStorage(n) {
		t.s.Kernel.Pause(n, forever)
		return int64(n), nil
	}
	return 0, t.refuse(d)
}

// forever is longer than any run; a pause ends by Revert.
const forever = 1 << 60

func (t *Target) resume(d *protocol.Disturbance) error {
	if p, ok := t.process(d.Targets[0]); ok {
		t.s.Kernel.ResumeProcess(p)
	} else if n, ok := t.node(d.Targets[0]); ok {
		t.s.Kernel.Resume(n)
	}
	return nil
}
