package scenarios

import "simrun/protocol"

// WithMachine is the scenario with a protocol of the caller's own: each task gets a machine
// that newMachine makes, again after every restart. The scenario's protocol still says how
// barriers are stamped and what the job promises: a machine that aligns belongs to aligned,
// one whose barriers overtake to unaligned. Case files cannot hold a machine: to replay one,
// give the machine again (Check does).
func (s *Scenario) WithMachine(newMachine func(protocol.TaskShape) protocol.Machine) *Scenario {
	copied := *s
	copied.config = s.config.Clone()
	copied.config.Job.Config.Machine = newMachine
	return &copied
}
