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
	keyOrdinal      = "ordinal"
	keyFor          = "for"
	keyRestartAfter = "restart-after"
	keyOneWay       = "one-way"
)

// never is the restart-after of what stays down.
const never = "never"

// ownKeys are the keys of each kind besides those of time.
var ownKeys = [protocol.FaultKinds][]string{
	protocol.FaultCrash:     {keyRestartAfter},
	protocol.FaultThrow:     {keyIn, keyAtRecord, keyTimes},
	protocol.FaultSlow:      {keyFactor},
	protocol.FaultDelay:     {keyBy, keyOneWay},
	protocol.FaultPartition: {keyOneWay},
	protocol.FaultFail:      {keyOperation, keyCount, keyOutcome},
}

// Keys lists the keys that a fault of that kind may have after its verb.
func Keys(k protocol.FaultKind) []string {
	keys := append([]string(nil), ownKeys[k]...)
	keys = append(keys, keyAt, keyStep, keyOrdinal)
	if !instant(k) {
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
