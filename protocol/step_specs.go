package protocol

// stepMaker is who makes a step.
type stepMaker uint8

const (
	byTask stepMaker = iota
	bySink           // a task that ends in one
	byTaskManager
	byJobManager
	byExternal
)

var stepMakerNames = [...]string{"task", "sink", "task manager", "job manager", "external system"}

// stepSpec is a step's word, who makes it, and what happens in it.
type stepSpec struct {
	word    string
	maker   stepMaker
	summary string
}

var stepSpecs = [stepCount]stepSpec{
	StepNone: {"none", byTask, ""},

	StepReceiveTrigger: {"receive-trigger", byTask, "the coordinator's trigger has come; it is handled"},
	StepBeginSnapshot:  {"begin-snapshot", byTask, "a barrier asks for a snapshot; it is taken up (2.6, 1)"},
	StepForwardCancel:  {"forward-cancel", byTask, "a cancellation marker goes to all outputs (2.6, 2)"},
	StepStartChannelState: {"start-channel-state", byTask,
		"the input channels begin to be recorded (2.6, 3)"},
	StepPreparePreBarrier: {"prepare-pre-barrier", byTask,
		"operators get ready, nothing of the next epoch is out (2.6, 4)"},
	StepBroadcastBarrier: {"broadcast-barrier", byTask, "the barrier goes into all outputs (2.6, 5)"},
	StepArmOutputTimer:   {"arm-output-timer", byTask, "barriers still in line will be converted (2.6, 6)"},
	StepFinishInput:      {"finish-input", byTask, "the last barrier is in; the inputs' recording ends"},
	StepFinishOutput:     {"finish-output", byTask, "no output can add in-flight data any more (2.6, 7)"},
	StepSyncSnapshot:     {"sync-snapshot", byTask, "the state is copied; records wait (2.6, 8)"},
	StepAsyncWrite:       {"async-write", byTask, "the copy becomes durable; records are processed (2.6, 9)"},
	StepAcknowledge:      {"acknowledge", byTask, "the coordinator is told that this part is durable (2.6, 9)"},
	StepDecline:          {"decline", byTask, "the coordinator is told that there is no snapshot"},
	StepReceiveComplete:  {"receive-complete", byTask, "it hears that a checkpoint is complete"},
	StepReceiveAbort:     {"receive-abort", byTask, "it hears that a checkpoint was given up"},

	StepDecideTrigger:      {"decide-trigger", byJobManager, "a checkpoint is to be made; an id is asked for"},
	StepTakeID:             {"take-id", byJobManager, "the durable counter has given the id"},
	StepMakePlan:           {"make-plan", byJobManager, "the checkpoint exists, with the tasks that take part"},
	StepInitialiseLocation: {"initialise-location", byJobManager, "where its objects go is settled"},
	StepSnapshotCoordinators: {"snapshot-coordinators", byJobManager,
		"split enumerators take their part, gateways closed"},
	StepTriggerTask: {"trigger-task", byJobManager, "one task is triggered"},
	StepReceiveAcknowledgement: {"receive-acknowledgement", byJobManager,
		"a task's acknowledgement is judged and booked"},
	StepAllAcknowledged: {"all-acknowledged", byJobManager, "the last acknowledgement is in; it is finalized"},
	StepWriteMetadata:   {"write-metadata", byJobManager, "the metadata is written"},
	StepAddPointer: {"add-pointer", byJobManager,
		"the pointer goes into the job's record; then it is complete"},
	StepDropOlder:      {"drop-older", byJobManager, "a subsumed checkpoint leaves the record, then the store"},
	StepNotifyComplete: {"notify-complete", byJobManager, "one task is told that a checkpoint is complete"},
	StepReceiveDecline: {"receive-decline", byJobManager, "a task's decline is handled"},
	StepExpire:         {"expire", byJobManager, "a checkpoint's time is over"},
	StepAbort:          {"abort", byJobManager, "a checkpoint is given up"},
	StepNotifyAborted:  {"notify-aborted", byJobManager, "one task is told that a checkpoint was given up"},
	StepChooseRestore:  {"choose-restore", byJobManager, "what the attempt starts from is chosen"},
	StepRestore:        {"restore", byJobManager, "every task is given its part of what is restored"},

	StepOpenTransaction:  {"open-transaction", bySink, "a transaction is asked for"},
	StepWriteTransaction: {"write-transaction", bySink, "records are sent into the open transaction"},
	StepPreCommit:        {"pre-commit", bySink, "the last records go out; the transaction is to be prepared"},
	StepPrepared:         {"prepared", bySink, "the external system says that it is prepared"},
	StepSnapshotCommittables: {"snapshot-committables", bySink,
		"what is to be committed becomes part of the snapshot"},
	StepAskCommit:      {"ask-commit", bySink, "a commit is asked for"},
	StepCommitted:      {"committed", bySink, "the external system says that it is committed"},
	StepAskAbort:       {"ask-abort", bySink, "an abort is asked for"},
	StepAborted:        {"aborted", bySink, "the external system says that it is aborted"},
	StepRecommit:       {"re-commit", bySink, "a restored transaction is committed, perhaps once more"},
	StepAbortLingering: {"abort-lingering", bySink, "what former attempts have left is to be aborted"},
	StepRecovered:      {"recovered", bySink, "everything restored is committed; records may come"},
	StepApplyRequest:   {"apply-request", byExternal, "a request takes effect; then it is answered"},

	StepReadState:           {"read-state", byTask, "its objects are read"},
	StepReadOutputState:     {"read-output-state", byTask, "restored output data goes into the subpartitions"},
	StepBlockOutput:         {"block-output", byTask, "a subpartition stops behind its restored data"},
	StepInitialiseOperators: {"initialise-operators", byTask, "operators open with their state"},
	StepReadInputState:      {"read-input-state", byTask, "restored input data is queued"},
	StepConvertChannel: {"convert-channel", byTask,
		"a channel's restored data is consumed; it becomes a real one"},
	StepRequestPartition: {"request-partition", byTask, "a channel asks its producer to send"},
	StepResumeUpstream:   {"resume-upstream", byTask, "every input is recovered; the producers may go on"},

	StepOfferSlots:     {"offer-slots", byTaskManager, "it registers with the job managers"},
	StepTakeSlots:      {"take-slots", byJobManager, "there are slots enough; the attempt gets its number"},
	StepDeployTask:     {"deploy-task", byJobManager, "one task is sent to its task manager"},
	StepStartTask:      {"start-task", byTaskManager, "a deployed task is started"},
	StepInitialiseTask: {"initialise-task", byTask, "it says that it initialises"},
	StepRunTask:        {"run-task", byTask, "it says that it runs"},
	StepAllRunning:     {"all-running", byJobManager, "every task runs; checkpoints may begin"},
	StepFailOver:       {"fail-over", byJobManager, "a failure ends the attempt"},
	StepCancelTask:     {"cancel-task", byJobManager, "one task is told to end"},
	StepTaskCanceled:   {"canceled", byTask, "it ends because it was told to"},
	StepAllCanceled:    {"all-canceled", byJobManager, "every task has ended, and the delay is over"},
	StepFinishTask:     {"finish-task", byTask, "it ends because its input has"},
	StepEndJob:         {"end-job", byJobManager, "the end of the job is made durable"},

	StepAskLease:     {"ask-lease", byJobManager, "it tries to get or to renew the lease"},
	StepLead:         {"lead", byJobManager, "it has the lease and begins to lead"},
	StepReadRecord:   {"read-record", byJobManager, "the job's record is read"},
	StepFence:        {"fence", byJobManager, "it writes its epoch, so that older leaders can write no more"},
	StepFollowLeader: {"follow-leader", byTaskManager, "it hears of a leader"},
	StepStepDown:     {"step-down", byJobManager, "it leads no more"},
}
