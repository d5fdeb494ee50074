package runtime

import (
	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/network"
	"simrun/runtime/record"
	"simrun/runtime/task"
	"simrun/sim"
)

// Memory is what one run leaves to the next: buffers, queues and lists that have grown to
// their size. It changes nothing that is simulated. It serves one run at a time; building
// a System ends the use of the one before.
type Memory struct {
	kernel     *sim.Kernel
	arena      network.Arena
	batches    record.Batches
	workspaces task.Workspaces
	control    coordinator.Memory
	latency    task.Histogram
	left       bool
	operations protocol.OperationLog
}

// NewMemory makes memory that has served no run yet.
func NewMemory() *Memory { return &Memory{kernel: sim.New(sim.Options{})} }

// Kernel is the kernel of the latest run.
func (m *Memory) Kernel() *sim.Kernel { return m.kernel }

// Leave leaves the memory to the run that has it: the next one gets none of it. That is for
// a run of which something is kept, which may lie anywhere in it, and for one that was cut
// off by a panic.
func (m *Memory) Leave() { m.left = true }

// reset ends the run before.
func (m *Memory) reset() {
	if m.left {
		*m = Memory{kernel: m.kernel}
		return
	}
	m.workspaces.Reset()
	m.arena.Reset()
	m.batches.Reset()
	m.operations.Reset()
	m.control.Reset()
}
