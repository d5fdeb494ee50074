package scenarios

import (
	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
)

// Kinds of entries.
const (
	KindScenario = "scenario"
	KindProtocol = "protocol"
	KindChecker  = "checker"
	KindFault    = "fault"
	KindStep     = "step"
	KindProfile  = "profile"
	KindBug      = "bug"
)

// Entry is one thing that a user can name.
type Entry struct{ Kind, Name, Summary string }

// List is everything that a user can name, by kind: scenarios, protocols, checkers,
// faults, protocol steps and planted bugs.
func List() ([]Entry, error) {
	entries, err := scenarioEntries()
	if err != nil {
		return nil, err
	}
	for _, name := range protocol.Names() {
		entries = append(entries, Entry{KindProtocol, string(name), protocolSummaries[name]})
	}
	for _, name := range checkerNames() {
		entries = append(entries, Entry{KindChecker, name, checkerSummaries[name]})
	}
	for k := protocol.FaultNone + 1; int(k) < protocol.FaultKinds; k++ {
		entries = append(entries, Entry{KindFault, k.String(), faultSummaries[k]})
	}
	for _, word := range stepNames() {
		entries = append(entries, Entry{Kind: KindStep, Name: word, Summary: stepSummary(word)})
	}
	for _, bug := range protocol.Bugs() {
		entries = append(entries, Entry{KindBug, bug.String(), bug.Story()})
	}
	for _, p := range generate.Profiles() {
		entries = append(entries, Entry{KindProfile, p.Name, p.Doc})
	}
	return entries, nil
}

// stepSummary says which mechanism a step belongs to, who makes it and what it is.
func stepSummary(word string) string {
	if s, ok := protocol.ParseStep(word); ok {
		return s.Group().String() + ", " + s.Summary()
	}
	return "event: a fault strikes after it"
}

func scenarioEntries() ([]Entry, error) {
	var entries []Entry
	for _, name := range library.Names() {
		text, err := library.Read(name)
		if err != nil {
			return nil, err
		}
		s, err := config.Load(name+".yaml", text, config.NoFiles{})
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{KindScenario, name, s.Summary()})
	}
	return entries, nil
}

var protocolSummaries = map[protocol.Name]string{
	protocol.None:          "takes no checkpoints: a failure starts the job anew",
	protocol.Aligned:       "barriers travel in line; an input that had its barrier waits for the others",
	protocol.AtLeastOnce:   "barriers are only counted; nothing waits, what is replayed shows twice",
	protocol.Unaligned:     "barriers overtake data, which becomes part of the checkpoint",
	protocol.HybridOut:     "aligned until a timeout, then unaligned, also in output queues (Flink from 1.16)",
	protocol.HybridIn:      "aligned until a timeout, then unaligned, at inputs only (Flink up to 1.15)",
	protocol.ChandyLamport: "markers travel in line; the first one takes the state, late channels are recorded",
}

var checkerSummaries = map[string]string{
	"cut":              "every completed checkpoint is a consistent cut: nothing lost, nothing twice, in order",
	"frontier":         "source positions in a checkpoint are what was sent before its barrier",
	"fifo":             "every channel delivers what was sent, in order",
	"buffers":          "network segments are conserved and come back",
	"credits":          "no more is in flight than the receiver granted",
	"coordinator":      "checkpoint ids, pauses, concurrency, subsumption and notifications follow the rules",
	"restore":          "a restore takes the newest completed checkpoint, and finds it",
	"two-phase-commit": "transactions go through their states in order, and commit only what is complete",
	"fencing":          "nothing of an old attempt takes effect after a newer one",
	"output":           "every committed transaction is visible once, with what was pre-committed",
	"effects":          "output and state are the sequential fold of the input",
	"re-execution":     "operators that depend on order or time do the same again in the witnessed order",
	"lineages":         "in detailed runs: each source record's effect is in the output exactly once",
	"watermarks":       "watermarks never go back",
	"leaks":            "no file, transaction or timer is left behind",
	"linearizability":  "lease, checkpoint store and transactions behave as if they did one thing at a time",
	"progress":         "after the last fault the job goes on, and ends",
}

var faultSummaries = [protocol.FaultKinds]string{
	protocol.FaultCrash:     "a task, task manager, job manager or external system dies at once",
	protocol.FaultThrow:     "user code throws: at a record, or in another callback",
	protocol.FaultSlow:      "an operator, sink, external system or the storage takes longer",
	protocol.FaultStall:     "an operator, sink or external system makes no progress",
	protocol.FaultDelay:     "messages of a link take longer",
	protocol.FaultPartition: "a link carries nothing",
	protocol.FaultFail:      "requests to the storage or an external system fail",
	protocol.FaultPause:     "a process or a whole node stands still",
	protocol.FaultIsolate:   "all links of a node are cut",
	protocol.FaultHold:      "a link keeps what it is given, and lets it go in order later",
	protocol.FaultReset:     "connections of a link break at once",
	protocol.FaultJitter:    "messages of a link take longer, each by a drawn time",
	protocol.FaultThrottle:  "a link has less bandwidth",
	protocol.FaultLose:      "control messages of a kind are lost",
	protocol.FaultDuplicate: "control messages of a kind arrive twice",
	protocol.FaultReorder:   "control messages of a kind are overtaken by later ones",
	protocol.FaultTear:      "a put that dies half-way leaves a part of its object",
	protocol.FaultUnsync:    "the storage loses in a crash what it has answered but not synced",
	protocol.FaultCorrupt:   "reads from the storage give wrong bytes, which checksums show",
	protocol.FaultLag:       "lists of the storage show what there was some time ago",
	protocol.FaultExpire:    "an external system gives up on transactions",
	protocol.FaultFence:     "an external system fences the writer of a sink's subtask",
	protocol.FaultPoison:    "user code throws at one record in every attempt",
	protocol.FaultBurst:     "a source is faster for a while",
	protocol.FaultSkew:      "a share of a source's records has the same key",
	protocol.FaultClock:     "the clock of a node jumps, and drifts",
}
