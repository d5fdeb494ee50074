package config

import (
	"slices"
	"strconv"
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime/rpc"
)

// brief leaves out the single subtasks where there are many roles.
func brief(roles []string) []string {
	return slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return strings.HasSuffix(role, "]") })
}

// Roles lists what a kind of fault can strike: operators and their subtasks ("db",
// "db[1]"), processes ("task-manager-0"), nodes, external systems, the storage.
func (s *Scenario) Roles(kind protocol.FaultKind) []string {
	var tasks, operators, processes, nodes, externals []string
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		operators = append(operators, o.ID)
		for subtask := range o.Parallelism {
			tasks = append(tasks, o.ID+"["+strconv.Itoa(subtask)+"]")
		}
		if o.Does.Sink != nil {
			externals = append(externals, o.Does.Sink.spec(o.ID).External)
		}
	}
	for i := range s.Cluster.TaskManagers {
		processes = append(processes, "task-manager-"+strconv.Itoa(i))
	}
	for i := range s.Cluster.JobManagers {
		processes = append(processes, "job-manager-"+strconv.Itoa(i))
		nodes = append(nodes, "node-job-manager-"+strconv.Itoa(i))
	}
	for i := range s.Cluster.Nodes {
		nodes = append(nodes, "node-"+strconv.Itoa(i))
	}
	for _, external := range externals {
		nodes = append(nodes, "node-"+external)
	}
	if kind == protocol.FaultBurst || kind == protocol.FaultSkew {
		return s.operatorsWith(protocol.CallbackRead)
	}
	if kind == protocol.FaultExpire || kind == protocol.FaultFence {
		return s.subtasksToo(s.operatorsWith(protocol.CallbackCommit))
	}
	return struckBy(kind, tasks, operators, processes, nodes, externals)
}

// subtasksToo are operators with their subtasks.
func (s *Scenario) subtasksToo(operators []string) []string {
	roles := slices.Clone(operators)
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if !slices.Contains(operators, o.ID) {
			continue
		}
		for subtask := range o.Parallelism {
			roles = append(roles, o.ID+"["+strconv.Itoa(subtask)+"]")
		}
	}
	return roles
}

func struckBy(kind protocol.FaultKind, tasks, operators, processes, nodes, externals []string) []string {
	switch kind {
	case protocol.FaultCrash:
		return slices.Concat(processes, externals, []string{"storage"}, operators, tasks)
	case protocol.FaultThrow, protocol.FaultPoison:
		return slices.Concat(operators, tasks)
	case protocol.FaultSlow, protocol.FaultStall:
		return slices.Concat(operators, externals, []string{"storage"}, tasks)
	case protocol.FaultPartition, protocol.FaultIsolate:
		return slices.Concat(processes, nodes, externals, []string{"storage"})
	case protocol.FaultDelay, protocol.FaultHold, protocol.FaultReset, protocol.FaultJitter,
		protocol.FaultThrottle:
		return slices.Concat(processes, nodes, externals)
	case protocol.FaultFail:
		return slices.Concat([]string{"storage"}, externals)
	case protocol.FaultTear, protocol.FaultUnsync, protocol.FaultCorrupt, protocol.FaultLag:
		return []string{"storage"}
	case protocol.FaultPause:
		return slices.Concat(processes, nodes, externals)
	case protocol.FaultClock:
		return slices.Concat(processes, nodes, externals)
	case protocol.FaultLose, protocol.FaultDuplicate, protocol.FaultReorder:
		return append(rpc.ControlMessageNames(), plan.AnyMessage)
	}
	return nil
}
