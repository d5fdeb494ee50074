package protocol

// PlanGraph is what the coordinator needs to know of a job: which subtasks there are,
// numbered densely as TaskID, and who feeds whom.
type PlanGraph struct {
	// Vertices are in the order of VertexID; every input comes from an earlier vertex.
	Vertices []PlanVertex
	// OperatorCoordinators: some operator has a coordinator (a split enumerator) that is
	// part of the checkpoint and is snapshotted before the tasks are triggered.
	OperatorCoordinators bool
	// MasterHooks: the job manager has hooks to run between coordinators and tasks.
	MasterHooks bool
}

// PlanVertex is one operator chain of a PlanGraph.
type PlanVertex struct {
	Parallelism int
	Inputs      []PlanInput
	// UnionListState: the vertex keeps union-list state, so a checkpoint in which only
	// some of its subtasks have finished cannot be restored.
	UnionListState bool
}

// PlanInput says that a vertex consumes the output of another.
type PlanInput struct {
	From    VertexID
	Pattern EdgePattern
}

// EdgePattern is how the subtasks of two vertices are connected (Flink:
// DistributionPattern).
type EdgePattern uint8

const (
	// EdgeAllToAll connects every producer with every consumer.
	EdgeAllToAll EdgePattern = iota
	// EdgePointwise connects a consumer with its share of the producers only.
	EdgePointwise
)

// PlanStatus is the part that a task has in one checkpoint.
type PlanStatus uint8

const (
	// PlanFinished: the task had finished before the trigger; it is recorded as such.
	PlanFinished PlanStatus = iota
	// PlanWaiting: the task has not acknowledged yet.
	PlanWaiting
	// PlanAcknowledged: the task's state is part of the checkpoint.
	PlanAcknowledged
	// PlanOperatorsFinished: acknowledged after all its operators had finished; it would
	// be restored as finished.
	PlanOperatorsFinished
)

var planStatusNames = [...]string{"finished", "waiting", "acknowledged", "operators-finished"}

// String is the status as scripts show it.
func (s PlanStatus) String() string { return planStatusNames[s] }

// FinishedLike reports whether a task with this status is restored as finished.
func (s PlanStatus) FinishedLike() bool { return s == PlanFinished || s == PlanOperatorsFinished }

type taskPhase uint8

const (
	taskNotRunning taskPhase = iota
	taskRunning
	taskFinished
)

// taskTable follows the tasks of the current execution (Flink: the ExecutionGraph as
// DefaultCheckpointPlanCalculator reads it).
type taskTable struct {
	graph     PlanGraph
	vertex    []VertexID // by task
	first     []TaskID   // by vertex
	phase     []taskPhase
	endOfData []bool
	running   []int // by vertex
	ended     int
}

func (t *taskTable) reset(graph PlanGraph) {
	t.graph = graph
	t.vertex, t.first = t.vertex[:0], t.first[:0]
	t.running = t.running[:0]
	for v := range graph.Vertices {
		t.first = append(t.first, TaskID(len(t.vertex)))
		t.running = append(t.running, 0)
		for range graph.Vertices[v].Parallelism {
			t.vertex = append(t.vertex, VertexID(v))
		}
	}
	t.phase = resize(t.phase, len(t.vertex))
	t.endOfData = resize(t.endOfData, len(t.vertex))
	t.restart()
}

// restart forgets the execution: no task runs, none has reported end of data.
func (t *taskTable) restart() {
	clear(t.phase)
	clear(t.endOfData)
	clear(t.running)
	t.ended = 0
}

func (t *taskTable) set(task TaskID, phase taskPhase) {
	if t.phase[task] == taskRunning {
		t.running[t.vertex[task]]--
	}
	if phase == taskRunning {
		t.running[t.vertex[task]]++
	}
	t.phase[task] = phase
}

func (t *taskTable) setAllRunning() {
	for task := range t.phase {
		if t.phase[task] == taskNotRunning {
			t.set(TaskID(task), taskRunning)
		}
	}
}

// ready reports whether a checkpoint could be triggered now: some task runs, and none is
// neither running nor properly finished.
func (t *taskTable) ready(afterTasksFinish bool) bool {
	running := 0
	for _, phase := range t.phase {
		switch {
		case phase == taskRunning:
			running++
		case phase == taskNotRunning, !afterTasksFinish:
			return false
		}
	}
	return running > 0
}

// plan writes each task's part into status and returns how many must acknowledge: all
// that run (Flink: DefaultCheckpointPlanCalculator).
func (t *taskTable) plan(status []PlanStatus) (waiting int) {
	for task, phase := range t.phase {
		status[task] = PlanFinished
		if phase == taskRunning {
			status[task] = PlanWaiting
			waiting++
		}
	}
	return waiting
}

// triggered reports whether the coordinator itself must trigger the task: it runs and no
// predecessor runs that could send it a barrier.
func (t *taskTable) triggered(task TaskID) bool {
	return t.phase[task] == taskRunning && !t.hasRunningPredecessor(task)
}

func (t *taskTable) hasRunningPredecessor(task TaskID) bool {
	vertex := t.vertex[task]
	for _, input := range t.graph.Vertices[vertex].Inputs {
		if t.running[input.From] == 0 {
			continue
		}
		if input.Pattern == EdgeAllToAll {
			return true
		}
		low, high := t.pointwiseProducers(task, input.From)
		for producer := low; producer < high; producer++ {
			if t.phase[producer] == taskRunning {
				return true
			}
		}
	}
	return false
}

// pointwiseProducers are the tasks [low, high) of vertex from that feed task (Flink:
// VertexInputInfoComputationUtils).
func (t *taskTable) pointwiseProducers(task TaskID, from VertexID) (low, high TaskID) {
	vertex := t.vertex[task]
	index := int(task - t.first[vertex])
	consumers := t.graph.Vertices[vertex].Parallelism
	producers := t.graph.Vertices[from].Parallelism
	start, end := index*producers/consumers, (index+1)*producers/consumers
	if end == start {
		end++
	}
	return t.first[from] + TaskID(start), t.first[from] + TaskID(end)
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
