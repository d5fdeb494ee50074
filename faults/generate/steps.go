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
	bySink
	byTaskManager
	byJobManager
	byExternal
)

// occasion is when a step is made.
type occasion uint8

const (
	// never: a fault there would hit nothing that another step does not stand for.
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
	// inFailover: once by each maker, when an attempt ends.
	inFailover
	// atLeadership: when a job manager begins to lead: the second time after a failover.
	atLeadership
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
	protocol.StepReceiveTrigger:    {byTask, never}, // by sources only
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
	protocol.StepWriteTransaction:     {bySink, inAttempt},
	protocol.StepPreCommit:            {bySink, inCheckpoint},
	protocol.StepPrepared:             {bySink, anytime},
	protocol.StepSnapshotCommittables: {bySink, inCheckpoint},
	protocol.StepAskCommit:            {bySink, afterCommit},
	protocol.StepCommitted:            {bySink, afterCommit},
	protocol.StepAskAbort:             {bySink, inAttempt},
	protocol.StepAborted:              {bySink, inAttempt},
	protocol.StepRecommit:             {bySink, inFailover},
	protocol.StepAbortLingering:       {bySink, inAttempt},
	protocol.StepRecovered:            {bySink, inAttempt},
	protocol.StepApplyRequest:         {byExternal, anytime},

	protocol.StepReadState:           {byTask, inFailover},
	protocol.StepReadOutputState:     {byTask, inFailover},
	protocol.StepBlockOutput:         {byTask, inFailover},
	protocol.StepInitialiseOperators: {byTask, inAttempt},
	protocol.StepReadInputState:      {byTask, inFailover},
	protocol.StepConvertChannel:      {byTask, inAttempt},
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
	protocol.StepFinishTask:     {byTask, never}, // when no input is left to replay
	protocol.StepEndJob:         {byJobManager, never},

	protocol.StepAskLease:     {byJobManager, anytime},
	protocol.StepLead:         {byJobManager, atLeadership},
	protocol.StepReadRecord:   {byJobManager, atLeadership},
	protocol.StepFence:        {byJobManager, atLeadership},
	protocol.StepFollowLeader: {byTaskManager, atLeadership},
	protocol.StepStepDown:     {byJobManager, atLeadership},
}

// weights of the steps. A step that only a recovery, a failed checkpoint or a new leader
// makes is rarely reached; so it is drawn as often as one that every task makes in every
// checkpoint, though a fault there has to wait for another one.
func (d *drawing) stepWeights() []uint64 {
	weights := make([]uint64, protocol.Steps)
	for s := range places {
		if count := d.arrivals(places[s]); count > 0 {
			weights[s] = rarity(count)
		}
	}
	return weights
}

// arrivals is about how often a run makes a step while faults may strike; 0: not for sure,
// and the first fault needs to strike for others to have their step.
func (d *drawing) arrivals(p place) int64 {
	makers := d.makers(p.maker)
	switch p.occasion {
	case inSomeCheckpoints:
		if d.mustStrike() {
			return 0
		}
		return makers * d.checkpoints()
	case anytime:
		if d.mustStrike() {
			return 0 // the first ones come before there is anything to restore
		}
		return makers * d.checkpoints()
	case inCheckpoint, inCompletion, afterCompletion, afterCommit:
		return makers * d.checkpoints()
	case inAttempt, inFailover:
		if d.mustStrike() {
			return 0
		}
		return makers
	case inFailedCheckpoint, atLeadership:
		if d.mustStrike() {
			return 0
		}
		return 4 * makers // half of the plans or less get there
	}
	return 0
}

// checkpoints is how many are in progress while faults may strike.
func (d *drawing) checkpoints() int64 {
	return max(int64(d.shape.LastCheckpoint-d.shape.FirstCheckpoint), 1)
}

// mustStrike: the fault that is being drawn is what others depend on.
func (d *drawing) mustStrike() bool { return d.failFirst && len(d.plan) == 0 }

func (d *drawing) makers(m maker) int64 {
	count := 0
	switch m {
	case byTask, bySink:
		for i := range d.shape.Operators {
			if op := &d.shape.Operators[i]; m == byTask || op.Commits {
				count += op.Parallelism
			}
		}
	case byTaskManager:
		count = d.shape.TaskManagers
	case byJobManager:
		count = 1
	case byExternal:
		count = len(d.shape.Externals)
	}
	return int64(count)
}

// atProtocolStep has a fault strike before or after a step that somebody makes.
func (d *drawing) atProtocolStep(f *plan.Fault) { d.atStepOf(f, d.stepWeights()) }

// atLeader has a fault strike whoever leads, at a step that only a leader makes: who that is
// cannot be known beforehand where there are several job managers.
func (d *drawing) atLeader(f *plan.Fault) {
	weights := d.stepWeights()
	for s := range weights {
		if places[s].maker != byJobManager {
			weights[s] = 0
		}
	}
	f.Targets[0] = protocol.HereProcess
	d.atStepOf(f, weights)
}

func (d *drawing) atStepOf(f *plan.Fault, weights []uint64) {
	s := pick(d, weights)
	f.Step = protocol.Step(s).String()
	if Chance(d, 1, 2) {
		f.Moment = protocol.Before
	}
	f.Of = d.madeBy(places[s].maker)
	f.Checkpoint, f.Ordinal = d.occurrence(places[s].occasion)
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
	case bySink:
		var tasks []string
		for i := range d.shape.Operators {
			op := &d.shape.Operators[i]
			for subtask := range op.Parallelism {
				if op.Commits {
					tasks = append(tasks, op.ID+"["+strconv.Itoa(subtask)+"]")
				}
			}
		}
		return OneOf(d, tasks...)
	case byTaskManager:
		return d.taskManager()
	case byExternal:
		return OneOf(d, d.shape.Externals...)
	}
	return ""
}
