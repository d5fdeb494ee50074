package generate

import (
	"strconv"

	"simrun/faults/plan"
	"simrun/protocol"
)

// maker is who makes a step.
type maker uint8

const (
	byTask maker = iota
	bySource
	bySink
	byTaskManager
	byJobManager
	byExternal
)

// occasion is when a step is made.
type occasion uint8

const (
	// never: nothing can strike there.
	never occasion = iota
	// inCheckpoint: once by each maker, in every checkpoint.
	inCheckpoint
	// inSomeCheckpoints: the same, of some protocols and jobs only.
	inSomeCheckpoints
	// inCompletion: the same, of checkpoints that everybody acknowledged, before they are complete.
	inCompletion
	// afterCompletion: when a checkpoint is complete.
	afterCompletion
	// afterCommit: again and again, the first time when a checkpoint is complete.
	afterCommit
	// inFailedCheckpoint: where a checkpoint is declined, expires or is given up.
	inFailedCheckpoint
	// inAttempt: once by each maker, when an attempt starts: the second time in a recovery.
	inAttempt
	// seldom: in some runs, some time.
	seldom
	// inFailover: once by each maker, when an attempt ends.
	inFailover
	// atLeadership: when a job manager begins to lead: the second time after a failover.
	atLeadership
	// atEnd: when there is no input left.
	atEnd
	// anytime: again and again.
	anytime
)

// place is by whom and when a step is made.
type place struct {
	maker    maker
	occasion occasion
}

// places has every step. What only some protocols, sinks or jobs go through counts as made:
// a fault at a step that a run never gets to does nothing.
var places = [protocol.Steps]place{
	protocol.StepReceiveTrigger:    {bySource, inCheckpoint},
	protocol.StepBeginSnapshot:     {byTask, inCheckpoint},
	protocol.StepForwardCancel:     {byTask, inFailedCheckpoint},
	protocol.StepStartChannelState: {byTask, inSomeCheckpoints},
	protocol.StepPreparePreBarrier: {byTask, inCheckpoint},
	protocol.StepBroadcastBarrier:  {byTask, inCheckpoint},
	protocol.StepArmOutputTimer:    {byTask, inSomeCheckpoints},
	protocol.StepFinishInput:       {byTask, inSomeCheckpoints},
	protocol.StepFinishOutput:      {byTask, inSomeCheckpoints},
	protocol.StepSyncSnapshot:      {byTask, inCheckpoint},
	protocol.StepAsyncWrite:        {byTask, inCheckpoint},
	protocol.StepAcknowledge:       {byTask, inCheckpoint},
	protocol.StepDecline:           {byTask, inFailedCheckpoint},
	protocol.StepReceiveComplete:   {byTask, afterCompletion},
	protocol.StepReceiveAbort:      {byTask, inFailedCheckpoint},

	protocol.StepDecideTrigger:          {byJobManager, anytime},
	protocol.StepTakeID:                 {byJobManager, anytime},
	protocol.StepMakePlan:               {byJobManager, inCheckpoint},
	protocol.StepInitialiseLocation:     {byJobManager, inCheckpoint},
	protocol.StepSnapshotCoordinators:   {byJobManager, inSomeCheckpoints},
	protocol.StepTriggerTask:            {byJobManager, inCheckpoint},
	protocol.StepReceiveAcknowledgement: {byJobManager, inCheckpoint},
	protocol.StepAllAcknowledged:        {byJobManager, inCompletion},
	protocol.StepWriteMetadata:          {byJobManager, inCompletion},
	protocol.StepAddPointer:             {byJobManager, inCompletion},
	protocol.StepDropOlder:              {byJobManager, inSomeCheckpoints},
	protocol.StepNotifyComplete:         {byJobManager, afterCompletion},
	protocol.StepReceiveDecline:         {byJobManager, inFailedCheckpoint},
	protocol.StepExpire:                 {byJobManager, inFailedCheckpoint},
	protocol.StepAbort:                  {byJobManager, inFailedCheckpoint},
	protocol.StepNotifyAborted:          {byJobManager, inFailedCheckpoint},
	protocol.StepChooseRestore:          {byJobManager, inAttempt},
	protocol.StepRestore:                {byJobManager, inAttempt},

	protocol.StepOpenTransaction:      {bySink, anytime},
	protocol.StepWriteTransaction:     {bySink, seldom},
	protocol.StepPreCommit:            {bySink, inCheckpoint},
	protocol.StepPrepared:             {bySink, anytime},
	protocol.StepSnapshotCommittables: {bySink, inCheckpoint},
	protocol.StepAskCommit:            {bySink, afterCommit},
	protocol.StepCommitted:            {bySink, afterCommit},
	protocol.StepAskAbort:             {bySink, seldom},
	protocol.StepAborted:              {bySink, seldom},
	protocol.StepRecommit:             {bySink, inFailover},
	protocol.StepAbortLingering:       {bySink, inAttempt},
	protocol.StepRecovered:            {bySink, inAttempt},
	protocol.StepApplyRequest:         {byExternal, anytime},

	protocol.StepReadState:           {byTask, inFailover},
	protocol.StepReadOutputState:     {byTask, inFailover},
	protocol.StepBlockOutput:         {byTask, inFailover},
	protocol.StepInitialiseOperators: {byTask, inAttempt},
	protocol.StepReadInputState:      {byTask, inFailover},
	protocol.StepConvertChannel:      {byTask, seldom},
	protocol.StepRequestPartition:    {byTask, inAttempt},
	protocol.StepResumeUpstream:      {byTask, inFailover},

	protocol.StepOfferSlots:     {byTaskManager, inAttempt},
	protocol.StepTakeSlots:      {byJobManager, inAttempt},
	protocol.StepDeployTask:     {byJobManager, inAttempt},
	protocol.StepStartTask:      {byTaskManager, inAttempt},
	protocol.StepInitialiseTask: {byTask, inAttempt},
	protocol.StepRunTask:        {byTask, inAttempt},
	protocol.StepAllRunning:     {byJobManager, inAttempt},
	protocol.StepFailOver:       {byJobManager, inFailover},
	protocol.StepCancelTask:     {byJobManager, inFailover},
	protocol.StepTaskCanceled:   {byTask, inFailover},
	protocol.StepAllCanceled:    {byJobManager, inFailover},
	protocol.StepFinishTask:     {byTask, atEnd},
	protocol.StepEndJob:         {byJobManager, atEnd},

	protocol.StepAskLease:     {byJobManager, anytime},
	protocol.StepLead:         {byJobManager, atLeadership},
	protocol.StepReadRecord:   {byJobManager, atLeadership},
	protocol.StepFence:        {byJobManager, atLeadership},
	protocol.StepFollowLeader: {byTaskManager, atLeadership},
	protocol.StepStepDown:     {byJobManager, seldom},
}

// sure reports whether a step is made while the job has something to replay, whatever else
// goes wrong. The others, what must strike does not wait for: not all jobs and protocols get
// to them, or a failure has to come first, or they come before there is anything to restore.
func (o occasion) sure() bool {
	switch o {
	case inCheckpoint, inCompletion, afterCompletion, afterCommit:
		return true
	}
	return false
}

// mustStrike: the fault that is being drawn is what others depend on.
func (d *drawing) mustStrike() bool { return d.failFirst && len(d.plan) == 0 }

// made reports whether somebody in the shape makes such steps.
func (d *drawing) made(m maker) bool {
	switch m {
	case bySink:
		return len(d.shape.Ledgers) > 0
	case byExternal:
		return len(d.shape.Externals) > 0
	}
	return true
}

// atProtocolStep has a fault strike before or after a step that somebody makes.
func (d *drawing) atProtocolStep(f *plan.Fault) { d.atStepOf(f, d.stepWeights(f.Kind)) }

// atLeader has a fault strike whoever leads, at a step that only a leader makes: who that is
// cannot be known beforehand where there are several job managers.
func (d *drawing) atLeader(f *plan.Fault) {
	f.Targets[0] = protocol.HereProcess
	d.atStepOf(f, d.weightsOf(f.Kind, func(at place) bool {
		return at.maker == byJobManager && (!d.mustStrike() || at.occasion.sure())
	}))
}

// inRecovery has a fault strike at a step that only a failure leads to.
func (d *drawing) inRecovery(f *plan.Fault) {
	d.atStepOf(f, d.weightsOf(f.Kind, func(at place) bool {
		return at.occasion == inAttempt || at.occasion == inFailover || at.occasion == atLeadership
	}))
}

func (d *drawing) atStepOf(f *plan.Fault, weights []uint64) {
	s := pick(d, weights)
	f.Step = protocol.Step(s).String()
	if Chance(d, 1, 2) {
		f.Moment = protocol.Before
	}
	if f.Checkpoint, f.Ordinal = d.occurrence(places[s].occasion); places[s].occasion.rare() && Chance(d, 3, 4) {
		f.Checkpoint = protocol.NoCheckpoint // whoever it is, whenever
		return
	}
	f.Of = d.madeBy(places[s].maker)
}

// rare reports whether a run may well never get to such a step.
func (o occasion) rare() bool {
	return o == inSomeCheckpoints || o == inFailedCheckpoint || o == seldom
}

// occurrence is of which checkpoint, or the how-manieth, the step is that a fault strikes at.
// What must strike does not ask for a checkpoint that may fail, where it is enough that one
// before it is complete.
func (d *drawing) occurrence(o occasion) (of protocol.CheckpointID, ordinal int64) {
	first, last := int64(d.shape.FirstCheckpoint), int64(d.shape.LastCheckpoint)
	if d.mustStrike() {
		last = first + (last-first)/2 // later ones may not come any more
		switch o {
		case inCompletion:
			return protocol.NoCheckpoint, Between(d, 2, last)
		case afterCompletion:
			return protocol.NoCheckpoint, Between(d, 1, last)
		}
	}
	switch o {
	case inCheckpoint, inSomeCheckpoints, inCompletion, afterCompletion:
		return protocol.CheckpointID(Between(d, first, last)), 1
	case inAttempt, atLeadership:
		return protocol.NoCheckpoint, 2
	case anytime:
		return protocol.NoCheckpoint, Between(d, first, last)
	case afterCommit:
		return protocol.NoCheckpoint, Between(d, 1, last)
	}
	return protocol.NoCheckpoint, 1
}

// madeBy is one of those who make a step; a job manager is whoever leads.
func (d *drawing) madeBy(m maker) string {
	switch m {
	case byTask:
		return d.subtask()
	case bySource:
		return d.subtaskOf(func(op *Operator) bool { return op.Reads })
	case bySink:
		return d.subtaskOf(func(op *Operator) bool { return op.Commits })
	case byTaskManager:
		return d.taskManager()
	case byExternal:
		return OneOf(d, d.shape.Externals...)
	}
	return ""
}

// subtaskOf is a subtask of one of the operators that are wanted; there must be one.
func (d *drawing) subtaskOf(wanted func(*Operator) bool) string {
	var tasks []string
	for i := range d.shape.Operators {
		op := &d.shape.Operators[i]
		for subtask := range op.Parallelism {
			if wanted(op) {
				tasks = append(tasks, op.ID+"["+strconv.Itoa(subtask)+"]")
			}
		}
	}
	return OneOf(d, tasks...)
}
