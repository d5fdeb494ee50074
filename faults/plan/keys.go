package plan

import (
	"strings"

	"simrun/protocol"
)

// Keys of fields. In canonical text and YAML they follow the verb in this order.
const (
	keyIn           = "in"
	keyAtRecord     = "at-record"
	keyTimes        = "times"
	keyFactor       = "factor"
	keyBy           = "by"
	keyOperation    = "operation"
	keyCount        = "count"
	keyOutcome      = "outcome"
	keyAt           = "at"
	keyFrom         = "from"
	keyTo           = "to"
	keyStep         = "step"
	keyBefore       = "before"
	keyAfter        = "after"
	keyOf           = "of"
	keyCheckpoint   = "checkpoint"
	keyOrdinal      = "ordinal"
	keyFor          = "for"
	keyRestartAfter = "restart-after"
	keyOneWay       = "one-way"
	keyBandwidth    = "bandwidth"
	keySender       = "sender"
	keyReceiver     = "receiver"
	keyEvery        = "every"
	keyTransactions = "transactions"
	keySource       = "source"
	keySplit        = "split"
	keyRecordOffset = "offset"
	keyShare        = "share"
	keyFirstOffset  = "first-offset"
	keyLastOffset   = "last-offset"
	keyDrift        = "drift-ppm"
)

// flag reports whether a key needs no value in text: "before" is "before true".
func flag(key string) bool { return key == keyOneWay || key == keyBefore || key == keyAfter }

// stepKeys are the keys that say more of a step.
var stepKeys = [...]string{keyBefore, keyAfter, keyOf, keyCheckpoint, keyOrdinal}

// never is the restart-after of what stays down.
const never = "never"

// Keys lists the keys that a fault of that kind may have after its verb.
func Keys(k protocol.FaultKind) []string {
	keys := append([]string(nil), traits[k].own...)
	keys = append(keys, keyAt, keyStep, keyBefore, keyAfter, keyOf, keyCheckpoint, keyOrdinal)
	if !traits[k].instant {
		keys = append(keys, keyFrom, keyTo, keyFor)
	}
	return keys
}

// Verbs lists the words that begin a fault.
func Verbs() []string {
	var verbs []string
	for k := protocol.FaultNone + 1; int(k) < protocol.FaultKinds; k++ {
		verbs = append(verbs, k.String())
	}
	return verbs
}

// kindOf is the kind with that verb.
func kindOf(verb string) (protocol.FaultKind, bool) {
	for k := protocol.FaultNone + 1; int(k) < protocol.FaultKinds; k++ {
		if k.String() == verb {
			return k, true
		}
	}
	return protocol.FaultNone, false
}

// isKeyAt reports whether the i-th word of a fault's text begins a field. Where a target
// stands, keys of other kinds are names.
func isKeyAt(kind protocol.FaultKind, i int, word string) bool {
	if i == 1 || i == 2 && traits[kind].linked {
		return has(Keys(kind), word)
	}
	return isKey(word)
}

// isKey reports whether a word of a text begins a field.
func isKey(word string) bool {
	for k := protocol.FaultNone + 1; int(k) < protocol.FaultKinds; k++ {
		if has(Keys(k), word) {
			return true
		}
	}
	return false
}

func has(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

func oneOf(words []string) string { return "one of " + strings.Join(words, ", ") }

func callbackWords() []string {
	var words []string
	for c := range protocol.Callbacks {
		words = append(words, protocol.Callback(c).String())
	}
	return words
}

func operationWords() []string {
	var words []string
	for o := range protocol.StorageOperations {
		words = append(words, protocol.StorageOperation(o).String())
	}
	return words
}

// Outcomes of a failing storage request.
const (
	outcomeError   = "error"
	outcomeUnknown = "unknown"
)

func outcomeWords() []string { return []string{outcomeError, outcomeUnknown} }

// Transactions that an external system gives up on.
const (
	transactionsOpen     = "open"
	transactionsPrepared = "prepared"
)

func transactionWords() []string { return []string{transactionsOpen, transactionsPrepared} }
