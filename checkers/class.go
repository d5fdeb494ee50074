package checkers

// Class says what kind of anomaly a violation is: the taxonomy of the reference
// (dst.md B4). Classes are only ever appended.
type Class uint8

const (
	// Lost: an effect that must exist does not.
	Lost Class = iota
	// Duplicated: an effect exists more than once.
	Duplicated
	// Resurrected: rolled-back work became visible, or an aborted transaction came back.
	Resurrected
	// TornTransaction: a transaction became visible in part.
	TornTransaction
	// Orphan: something was received, or shown, that inside the cut was never sent.
	Orphan
	// CommittedEarly: output became visible before its checkpoint was durably complete.
	CommittedEarly
	// ZombieWrite: an old attempt or leader had an effect after its successor began.
	ZombieWrite
	// StateOffsetSkew: a state and the positions beside it are of different instants.
	StateOffsetSkew
	// Stuck: the run makes no progress although every fault has healed.
	Stuck
	// Leaked: a file, transaction or timer is left that nobody will ever clean up.
	Leaked
	// Reordered: a channel delivered in another order than it was fed.
	Reordered
	// Corrupt: content differs although the number of elements is right.
	Corrupt
	// CreditOverflow: a sender used credit it was not given, or more was given than the
	// receiver has buffers.
	CreditOverflow
	// BufferLeak: network segments are not conserved.
	BufferLeak
	// CoordinatorRule: the checkpoint coordinator broke one of its own rules.
	CoordinatorRule
	// WatermarkRegression: event time went backwards at a task.
	WatermarkRegression
	// Panic: the code of the run itself panicked.
	Panic
	// NotLinearizable: a durable service did not behave as if it did one thing at a time.
	NotLinearizable

	classCount
)

var classNames = [classCount]string{
	"lost", "duplicated", "resurrected", "torn-transaction", "orphan", "committed-early",
	"zombie-write", "state-offset-skew", "stuck", "leaked", "reordered", "corrupt",
	"credit-overflow", "buffer-leak", "coordinator-rule", "watermark-regression", "panic",
	"not-linearizable",
}

// String is the class's word.
func (c Class) String() string { return classNames[c] }

// Classes lists the words of all classes in the order of their numbers.
func Classes() []string { return append([]string(nil), classNames[:]...) }

// ParseClass finds the class with the given word; protocol.Nearest over Classes says what
// else may have been meant.
func ParseClass(word string) (Class, bool) {
	for c, name := range classNames {
		if name == word {
			return Class(c), true
		}
	}
	return 0, false
}
