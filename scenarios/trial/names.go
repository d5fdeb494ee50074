package trial

import (
	"simrun/checkers"
	"simrun/protocol"
	"simrun/sim"
)

// ActorName is the name of an actor of the latest run; "outside" for the world's.
func (t *Trial) ActorName(id sim.ActorID) string {
	if id < 0 {
		return "outside"
	}
	return t.kernel.ActorName(id)
}

// NodeName is the machine on which an actor of the latest run is or was; "" for the
// world's and the kernel's.
func (t *Trial) NodeName(id sim.ActorID) string {
	if id <= sim.Outside || t.kernel.ProcessOf(id) == sim.NoProcess {
		return ""
	}
	if node := t.kernel.NodeOf(t.kernel.ProcessOf(id)); node != sim.NoNode {
		return t.kernel.NodeName(node)
	}
	return ""
}

// ActorCount is the number of actors of the latest run: ids are 0 to ActorCount-1.
func (t *Trial) ActorCount() int { return t.kernel.ActorCount() }

// TaskName is a subtask of the latest run for people: "delays[1]".
func (t *Trial) TaskName(id protocol.TaskID) string { return t.latest.system.TaskName(id) }

// Setup is what the latest run was and what it promised; nil before the first run, and
// after one without checkers. It must not be changed.
func (t *Trial) Setup() *checkers.Setup {
	if t.latest == nil {
		return nil
	}
	return t.latest.setup
}

// Violations are those of the latest run, with the events that prove them, in the order
// in which they were noticed: those of Outcome.Violations, and what made it stuck.
func (t *Trial) Violations() []checkers.Violation {
	if t.latest == nil || t.latest.suite == nil {
		return nil
	}
	return t.latest.suite.Violations()
}

// Waits says of the latest run, as it ended, whom each live task waits for.
func (t *Trial) Waits() [][2]protocol.TaskID {
	_, edges := t.latest.system.Waits()
	return edges
}

// Doing says what each task of the latest run that has not ended is doing, one line a task:
// "delays[1]#0 waits for input". It may be asked while the run goes on, by its observer.
func (t *Trial) Doing() []string {
	lines, _ := t.latest.system.Waits()
	return lines
}

// TaskRole is a subtask of the latest run as faults name it.
func (t *Trial) TaskRole(id protocol.TaskID) string { return t.latest.system.Target().Role(id) }

// NowNanos is the virtual time that the latest run has come to.
func (t *Trial) NowNanos() int64 { return t.kernel.NowNanos() }
