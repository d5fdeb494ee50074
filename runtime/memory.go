package runtime

import (
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
	latency    task.Histogram
}

// NewMemory makes memory that has served no run yet.
func NewMemory() *Memory { return &Memory{kernel: sim.New(sim.Options{})} }

// Kernel is the kernel of the latest run.
func (m *Memory) Kernel() *sim.Kernel { return m.kernel }

// reset ends the run before.
func (m *Memory) reset() {
	m.workspaces.Reset()
	m.arena.Reset()
	m.batches.Reset()
}
