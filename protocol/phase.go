package protocol

// Phase is what a job is at, coarsely: the rows of a campaign's matrix of what was struck
// when. A job is in several phases at once, as its tasks and its coordinator go their own
// ways; in none of them it is idle, that is, it only processes records.
type Phase uint8

// The phases.
const (
	PhaseIdle Phase = iota
	// PhaseTriggering: a checkpoint is being triggered, and no task has begun it.
	PhaseTriggering
	// PhaseAligning: a task has the barrier of some channels, and waits for the others.
	PhaseAligning
	// PhaseRecording: a task records in-flight data.
	PhaseRecording
	// PhaseSync and PhaseAsync: a task is in that part of its snapshot.
	PhaseSync
	PhaseAsync
	// PhaseFinalizing: everybody has acknowledged, and the checkpoint is not yet complete.
	PhaseFinalizing
	// PhaseCommitting: a sink has asked for a commit that is not answered.
	PhaseCommitting
	// PhaseRestoringState: a task reads and opens its state.
	PhaseRestoringState
	// PhaseRestoringChannels: a task consumes restored in-flight data.
	PhaseRestoringChannels
	// PhaseDeploying: an attempt has its slots, and not all of its tasks run.
	PhaseDeploying
	// PhaseCanceling: an attempt has failed, and the next has not begun.
	PhaseCanceling
	// PhaseElecting: no job manager leads.
	PhaseElecting
	phaseKinds
)

var phaseNames = [phaseKinds]string{
	"idle", "triggering", "aligning", "in-flight-recording", "sync", "async", "finalizing", "committing",
	"restoring-state", "restoring-channels", "deploying", "canceling", "electing",
}

// Phases is the number of phases; they are 0 (idle) to Phases-1.
const Phases = int(phaseKinds)

// String is the phase's word.
func (p Phase) String() string { return phaseNames[p] }

// PhaseSet is a set of phases.
type PhaseSet uint16

// PhaseSetOf is the set of the given phases.
func PhaseSetOf(phases ...Phase) (s PhaseSet) {
	for _, p := range phases {
		s |= 1 << p
	}
	return s
}

// Has reports whether the phase is in the set.
func (s PhaseSet) Has(p Phase) bool { return s&(1<<p) != 0 }

// With and Without are the set with a phase added, or taken out.
func (s PhaseSet) With(p Phase) PhaseSet { return s | 1<<p }

// Without is the set with a phase taken out.
func (s PhaseSet) Without(p Phase) PhaseSet { return s &^ (1 << p) }

// Words lists the phases' words in the order of the phases.
func (s PhaseSet) Words() []string {
	var words []string
	for p := Phase(0); p < phaseKinds; p++ {
		if s.Has(p) {
			words = append(words, p.String())
		}
	}
	return words
}

// PhaseTracker follows the phases of a run from its events and steps. It is reset by being
// made anew; it allocates nothing while it follows.
type PhaseTracker struct {
	tasks []PhaseSet // by task
	job   PhaseSet   // of the coordinator and the job as a whole
}

// NewPhaseTracker follows a job of so many tasks from its start, when nobody leads.
func NewPhaseTracker(tasks int) PhaseTracker {
	return PhaseTracker{tasks: make([]PhaseSet, tasks), job: PhaseSetOf(PhaseElecting)}
}

// Active are the phases that the run is in now; idle if none.
func (t *PhaseTracker) Active() PhaseSet {
	active := t.job
	for _, s := range t.tasks {
		active |= s
	}
	if active == 0 {
		return PhaseSetOf(PhaseIdle)
	}
	return active
}

// LeaderLost notes that the process of the leader is gone.
func (t *PhaseTracker) LeaderLost() { t.job = PhaseSetOf(PhaseElecting) }

// Event follows an event; args are those of its kind.
func (t *PhaseTracker) Event(kind EventKind, args *[MaxEventArgs]int64) {
	switch kind {
	case AlignmentStarted:
		t.tasks[args[0]] = t.tasks[args[0]].With(PhaseAligning)
	case AlignmentEnded:
		t.tasks[args[0]] = t.tasks[args[0]].Without(PhaseAligning)
	case TaskFailed, TaskCanceled, TaskFinished:
		t.tasks[args[0]] = 0
	case LeaderElected:
		t.job = 0
	}
}

// Step follows a step on one of its sides.
func (t *PhaseTracker) Step(at StepReached) {
	for _, edge := range phaseEdges[at.Step] {
		if edge.moment != at.Moment || edge.phase == PhaseIdle {
			continue
		}
		set := &t.job
		if edge.ofTask {
			set = &t.tasks[at.Task]
		}
		if edge.begins {
			*set = set.With(edge.phase)
		} else {
			*set = set.Without(edge.phase)
		}
	}
}

// phaseEdge is where a phase begins or ends.
type phaseEdge struct {
	moment Moment
	phase  Phase
	begins bool
	ofTask bool
}

// phaseEdges are the edges at each step.
var phaseEdges = [stepCount][4]phaseEdge{
	StepTakeID:          {{Before, PhaseTriggering, true, false}},
	StepBeginSnapshot:   {{Before, PhaseTriggering, false, false}},
	StepAbort:           {{After, PhaseTriggering, false, false}, {After, PhaseFinalizing, false, false}},
	StepAllAcknowledged: {{Before, PhaseFinalizing, true, false}},
	StepAddPointer:      {{After, PhaseFinalizing, false, false}},

	StepStartChannelState: {{Before, PhaseRecording, true, true}},
	StepFinishInput:       {{After, PhaseRecording, false, true}},
	StepSyncSnapshot:      {{Before, PhaseSync, true, true}, {After, PhaseSync, false, true}},
	StepAsyncWrite:        {{Before, PhaseAsync, true, true}, {After, PhaseAsync, false, true}},
	StepDecline:           {{After, PhaseAsync, false, true}, {After, PhaseRecording, false, true}},
	StepReceiveAbort: {{After, PhaseAsync, false, true}, {After, PhaseRecording, false, true},
		{After, PhaseAligning, false, true}},

	StepAskCommit: {{Before, PhaseCommitting, true, true}},
	StepRecommit:  {{Before, PhaseCommitting, true, true}},
	StepCommitted: {{After, PhaseCommitting, false, true}},

	StepInitialiseTask: {{Before, PhaseRestoringState, true, true}},
	StepInitialiseOperators: {{After, PhaseRestoringState, false, true},
		{After, PhaseRestoringChannels, true, true}},
	StepRunTask: {{After, PhaseRestoringChannels, false, true}},

	StepTakeSlots:   {{Before, PhaseDeploying, true, false}},
	StepAllRunning:  {{After, PhaseDeploying, false, false}},
	StepFailOver:    {{Before, PhaseDeploying, false, false}, {Before, PhaseCanceling, true, false}},
	StepAllCanceled: {{After, PhaseCanceling, false, false}},
}
