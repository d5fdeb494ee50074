package coordinator

import (
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Directory holds the addresses of the cluster's job managers and task managers: the
// static part of a cluster's configuration. Actor ids stay the same over restarts. Boot
// functions fill it; all of them have run before the first message is delivered.
type Directory struct {
	// JobManagers are the job managers' actors, by index.
	JobManagers []sim.ActorID
	// TaskManagers say where each task manager runs, by index.
	TaskManagers []rpc.Location
	// connections are the open connections of pairs of task managers: both ends know a
	// connection by one id, as both ends of a socket do.
	connections []sim.ConnectionID
}

// NewDirectory makes a directory for that many job managers and task managers.
func NewDirectory(jobManagers, taskManagers int) *Directory {
	d := &Directory{
		JobManagers:  make([]sim.ActorID, jobManagers),
		TaskManagers: make([]rpc.Location, taskManagers),
		connections:  make([]sim.ConnectionID, taskManagers*taskManagers),
	}
	for i := range d.JobManagers {
		d.JobManagers[i] = sim.NoActor
	}
	for i := range d.TaskManagers {
		d.TaskManagers[i] = rpc.Location{TaskManager: int32(i), Actor: sim.NoActor}
	}
	for i := range d.connections {
		d.connections[i] = sim.NoConnection
	}
	return d
}

// SetJobManager notes the actor of job manager index.
func (d *Directory) SetJobManager(index int32, actor sim.ActorID) { d.JobManagers[index] = actor }

// SetTaskManager notes where task manager index runs.
func (d *Directory) SetTaskManager(index int32, process sim.ProcessID, actor sim.ActorID) {
	d.TaskManagers[index] = rpc.Location{TaskManager: index, Process: process, Actor: actor}
}

// jobManagerOf is the index of a job manager's actor, or -1.
func (d *Directory) jobManagerOf(actor sim.ActorID) int64 {
	for i, a := range d.JobManagers {
		if a == actor {
			return int64(i)
		}
	}
	return -1
}

// connection is the entry of the pair (a, b).
func (d *Directory) connection(a, b int32) *sim.ConnectionID {
	return &d.connections[int(min(a, b))*len(d.TaskManagers)+int(max(a, b))]
}
