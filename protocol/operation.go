package protocol

// Operation is one request to a durable service as its client saw it: when it asked, when
// it was answered and what. From a list of them follows whether the service behaved as if
// it did one thing at a time (linearizability: Herlihy, Wing, TOPLAS 1990).
type Operation struct {
	Service Service
	Kind    OperationKind
	Outcome OperationOutcome
	// Client is who waits for the answer: the job manager's index, or the sink's task.
	Client int64
	// ReturnNanos is the answer's time; an operation without one (OutcomeUnknown) may take
	// effect at any time after CallNanos, or never.
	CallNanos, ReturnNanos int64
	// Expected is the version that a swap must find, 0 for nothing. Version is the one that
	// a swap made, or a read found. Value is what a swap writes, or a read found.
	Expected, Version int64
	Value             RegisterValue
	// Transaction is that of a transaction's step; Attempt the caller's.
	Transaction TransactionID
	Attempt     Attempt
}

// RegisterValue is the content of a register, as far as rules speak of it.
type RegisterValue struct {
	// Epoch is the fencing token of the leader that wrote it.
	Epoch int64
	// Owner is the holder of a lease, with its incarnation; 0 of a job's record.
	Owner int64
	// Newest is the newest completed checkpoint of a job's record.
	Newest CheckpointID
	// Ended: the job is over, and its record keeps no checkpoint that it has to.
	Ended bool
	// Counter is a lease's renewal; of a job's record the next free checkpoint id.
	Counter int64
}

// Service is what an operation was asked of.
type Service uint8

const (
	// ServiceLease: the lease of the leading job manager.
	ServiceLease Service = iota
	// ServiceCheckpoints: the job's record with its completed checkpoints.
	ServiceCheckpoints
	// ServiceTransactions: an external system's transactions.
	ServiceTransactions
	serviceCount
)

// Services is the number of services; they are 0 to Services-1.
const Services = int(serviceCount)

var serviceNames = [serviceCount]string{"lease", "checkpoint-store", "transactions"}

// String is the service's word.
func (s Service) String() string { return serviceNames[s] }

// OperationKind is what was asked.
type OperationKind uint8

const (
	// OperationRead and OperationSwap (compare-and-swap by version) are of a register.
	OperationRead OperationKind = iota
	OperationSwap
	// The steps of a transaction, asked by a sink.
	OperationBegin
	OperationPrepare
	OperationCommit
	OperationAbort
	// OperationFence: attempts before Attempt may do nothing new, and what they left open
	// is aborted.
	OperationFence
	// OperationTimeout: the service aborts a transaction by itself, at CallNanos.
	OperationTimeout
	// OperationExclude: attempts before Attempt may do nothing new; what they left open stays.
	OperationExclude
	operationKindCount
)

var operationNames = [operationKindCount]string{
	"read", "swap", "begin", "prepare", "commit", "abort", "fence", "timeout", "exclude",
}

// String is the kind's word.
func (k OperationKind) String() string { return operationNames[k] }

// OperationOutcome is the answer.
type OperationOutcome uint8

const (
	// OutcomeUnknown: no answer, or one that says that nobody knows.
	OutcomeUnknown OperationOutcome = iota
	// OutcomeOK: done.
	OutcomeOK
	// OutcomeConflict: a swap found another version than the expected one.
	OutcomeConflict
	// OutcomeFenced: the caller's attempt has been fenced.
	OutcomeFenced
	// OutcomeRefused: the transaction's state does not allow it.
	OutcomeRefused
	// OutcomeNone: it failed without effect, and says nothing.
	OutcomeNone
	outcomeCount
)

var outcomeNames = [outcomeCount]string{"unknown", "ok", "conflict", "fenced", "refused", "none"}

// String is the outcome's word.
func (o OperationOutcome) String() string { return outcomeNames[o] }

// operationLimit bounds an OperationLog: what comes later is not looked at.
const operationLimit = 4096

// NoOperation is what a log that is full, or not there, names a call.
const NoOperation = -1

// OperationLog takes down the operations of one run. A nil log takes down nothing. It is
// bounded: once it is full it is closed, and operations that had no answer by then keep
// the unknown outcome, as what they saw may come from others that are not in it.
type OperationLog struct {
	list []Operation
}

// Call takes down that o is asked at o.CallNanos, and returns its name for Return.
func (l *OperationLog) Call(o Operation) int {
	if l == nil || len(l.list) >= operationLimit {
		return NoOperation
	}
	o.Outcome = OutcomeUnknown
	l.list = append(l.list, o)
	return len(l.list) - 1
}

// Return takes down an answer. version and value are those of a register.
func (l *OperationLog) Return(
	call int, nanos int64, outcome OperationOutcome, version int64, value RegisterValue,
) {
	if l == nil || call == NoOperation || len(l.list) >= operationLimit {
		return
	}
	o := &l.list[call]
	if o.Outcome = outcome; outcome == OutcomeUnknown {
		return
	}
	o.ReturnNanos = nanos
	if o.Kind == OperationRead && outcome == OutcomeOK {
		o.Version, o.Value = version, value
	} else if o.Kind == OperationSwap && outcome == OutcomeOK {
		o.Version = version
	}
}

// Took takes down what a service did by itself, at o.CallNanos.
func (l *OperationLog) Took(o Operation) {
	l.Return(l.Call(o), o.CallNanos, OutcomeOK, 0, RegisterValue{})
}

// Operations are all that were taken down, in the order of their calls. They belong to the
// log.
func (l *OperationLog) Operations() []Operation {
	if l == nil {
		return nil
	}
	return l.list
}

// Reset forgets a run, and keeps the memory.
func (l *OperationLog) Reset() {
	if l.list == nil {
		l.list = make([]Operation, 0, operationLimit) // at once: a run's memory must not grow with its length
	}
	l.list = l.list[:0]
}
