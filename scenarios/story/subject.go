package story

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/sim"
)

// subject is whom and what a violation is about: what is found in its witness events, in
// the numbers that prove it, and in its sentence.
type subject struct {
	checkpoints  []protocol.CheckpointID
	tasks        []protocol.TaskID
	links        []int // into Recording.Links
	transactions []protocol.TransactionID
	// whole: the violation is of an operator or of the job, not of single subtasks.
	whole bool
}

func add[T comparable](list *[]T, x T) {
	if !slices.Contains(*list, x) {
		*list = append(*list, x)
	}
}

// subjects gathers what the violation is about.
func (t *teller) subjects() {
	s := &t.subject
	for _, w := range t.witness {
		if at := t.exactly(w); at >= 0 {
			t.addEvent(&t.story.Recording.Events[at])
		}
	}
	if cut := t.story.Cut; cut != nil {
		add(&s.checkpoints, cut.Checkpoint)
		for i, l := range t.story.Recording.Links {
			if l == cut.Link {
				t.addLink(i)
			}
		}
		t.addTask(cut.Link.Receiver)
	}
	t.addWords(t.story.Finding.Detail)
	t.addUnsettled()
	t.addWaits()
	if len(s.tasks) == 0 {
		t.addRole()
	}
	t.addSenders()
	t.addRestored()
}

// exactly is the recorded event of a witness; -1 when it was not kept.
func (t *teller) exactly(w witnessEvent) int {
	at := t.index.find(sim.ActorID(w.actor), w.ordinal)
	if at >= 0 && t.story.Recording.Events[at].Ordinal == w.ordinal {
		return at
	}
	return -1
}

// addEvent takes what an event names in its arguments.
func (t *teller) addEvent(e *sim.Event) {
	kind := protocol.EventKind(e.Kind)
	for i, name := range kind.ArgNames() {
		switch value := e.Args[i]; name {
		case "checkpoint":
			if value > 0 {
				add(&t.subject.checkpoints, protocol.CheckpointID(value))
			}
		case "task":
			t.addTask(protocol.TaskID(value))
		case "channel":
			if link := t.linkOf(e); link >= 0 {
				t.addLink(link)
			}
		case "transaction":
			t.addTransaction(protocol.TransactionID(value))
		}
	}
}

func (t *teller) addTransaction(id protocol.TransactionID) {
	if id == 0 {
		return
	}
	add(&t.subject.transactions, id)
	t.addTask(id.Task())
	if class := t.story.Finding.Class; class == "leaked" || class == "lost" {
		add(&t.subject.checkpoints, id.Checkpoint())
	}
}

func (t *teller) addTask(task protocol.TaskID) {
	if task >= 0 && int(task) < len(t.story.Recording.Tasks) {
		add(&t.subject.tasks, task)
	}
}

func (t *teller) addLink(link int) {
	l := &t.story.Recording.Links[link]
	add(&t.subject.links, link)
	t.addTask(l.Sender)
	t.addTask(l.Receiver)
}

// linkOf is the channel that an event is about; -1: none. A sender names it by its own
// number.
func (t *teller) linkOf(e *sim.Event) int {
	sending := false
	switch protocol.EventKind(e.Kind) {
	case protocol.BufferSent, protocol.RecordEmitted:
		sending = true
	case protocol.InFlightPersisted, protocol.InFlightRestored:
		return t.link(e.Args[0], e.Args[3], e.Args[2] == 1)
	case protocol.SpanningRecordAtCut:
		return t.link(e.Args[0], e.Args[2], false)
	}
	names := protocol.EventKind(e.Kind).ArgNames()
	if len(names) < 2 || names[0] != "task" || names[1] != "channel" {
		return -1
	}
	return t.link(e.Args[0], e.Args[1], sending)
}

func (t *teller) link(task, channel int64, sending bool) int {
	for i := range t.story.Recording.Links {
		l := &t.story.Recording.Links[i]
		end, own := l.Receiver, l.ReceiverChannel
		if sending {
			end, own = l.Sender, l.SenderChannel
		}
		if int64(end) == task && int64(own) == channel {
			return i
		}
	}
	return -1
}

var (
	checkpointWord  = regexp.MustCompile(`checkpoint[ =](\d+)`)
	transactionWord = regexp.MustCompile(`txn-(\d+)-(\d+)-(\d+)`)
	taskWord        = regexp.MustCompile(`\btask[ =](\d+)`)
)

// addWords takes what the sentence of the violation names.
func (t *teller) addWords(detail string) {
	number := func(word string) int64 { n, _ := strconv.ParseInt(word, 10, 32); return n }
	for _, match := range checkpointWord.FindAllStringSubmatch(detail, -1) {
		if id := number(match[1]); id > 0 {
			add(&t.subject.checkpoints, protocol.CheckpointID(id))
		}
	}
	for _, match := range transactionWord.FindAllStringSubmatch(detail, -1) {
		t.addTransaction(protocol.MakeTransactionID(protocol.TaskID(number(match[1])),
			protocol.Attempt(number(match[2])), protocol.CheckpointID(number(match[3]))))
	}
	for _, match := range taskWord.FindAllStringSubmatch(detail, -1) {
		t.addTask(protocol.TaskID(number(match[1])))
	}
	for task, name := range t.story.Recording.Tasks {
		if strings.Contains(detail, name) {
			t.addTask(protocol.TaskID(task))
		}
	}
}

// addUnsettled takes transactions that should have come to an end before the violation and
// did not, where output is missing: theirs is.
func (t *teller) addUnsettled() {
	if f := &t.story.Finding; f.Class != "lost" || t.story.Cut != nil || !t.sinkStory {
		return
	}
	open := map[int64]*sim.Event{}
	newest := protocol.NoCheckpoint
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		if e.TimeNanos > t.endNanos {
			break
		}
		switch protocol.EventKind(e.Kind) {
		case protocol.TransactionPreCommitted:
			open[e.Args[1]] = e
		case protocol.TransactionCommitted, protocol.TransactionAborted:
			delete(open, e.Args[1])
		case protocol.CheckpointCompleted:
			newest = max(newest, protocol.CheckpointID(e.Args[0]))
		}
	}
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		id := protocol.TransactionID(e.Args[1])
		if open[int64(id)] == e && id.Checkpoint() < newest {
			t.addTransaction(id)
			add(&t.subject.checkpoints, id.Checkpoint())
		}
	}
}

// addWaits takes the tasks of a cycle of waits, or else all that wait.
func (t *teller) addWaits() {
	for _, w := range t.story.Waits {
		t.addTask(w.Who)
		t.addTask(w.Whom)
	}
	if !t.stuck() {
		return
	}
	t.addBlocked()
	newest := protocol.NoCheckpoint
	for i := range t.story.Recording.Events {
		if e := &t.story.Recording.Events[i]; protocol.EventKind(e.Kind) == protocol.CheckpointTriggered {
			newest = protocol.CheckpointID(e.Args[0])
		}
	}
	if newest != protocol.NoCheckpoint && len(t.subject.checkpoints) == 0 {
		add(&t.subject.checkpoints, newest)
	}
}

// addBlocked takes the channels that were blocked and never opened again.
func (t *teller) addBlocked() {
	r := &t.story.Recording
	blocked := make([]protocol.CheckpointID, len(r.Links))
	for i := range r.Events {
		e := &r.Events[i]
		switch link := t.linkOf(e); {
		case protocol.EventKind(e.Kind) == protocol.JobRestored:
			clear(blocked)
		case link < 0:
		case protocol.EventKind(e.Kind) == protocol.ChannelBlocked:
			blocked[link] = protocol.CheckpointID(e.Args[2])
		case protocol.EventKind(e.Kind) == protocol.ChannelResumed:
			blocked[link] = protocol.NoCheckpoint
		}
	}
	for link, id := range blocked {
		if id != protocol.NoCheckpoint {
			t.addLink(link)
			add(&t.subject.checkpoints, id)
		}
	}
}

// addSenders takes those who feed the subtasks of the violation, when a state does not fit
// the positions of its sources.
func (t *teller) addSenders() {
	if t.story.Finding.Class != "state-offset-skew" {
		return
	}
	receivers := slices.Clone(t.subject.tasks)
	for i := range t.story.Recording.Links {
		if l := &t.story.Recording.Links[i]; slices.Contains(receivers, l.Receiver) {
			t.addTask(l.Sender)
		}
	}
}

// addRole takes the subtasks of the operator that the signature names, when the violation
// names nobody else.
func (t *teller) addRole() {
	parts := strings.SplitN(t.story.Finding.Signature, "/", 3)
	t.subject.whole = true
	for i := range t.vertices {
		v := &t.vertices[i]
		if len(parts) < 3 || !strings.Contains(parts[2], v.name) && !chained(v.name, parts[2]) {
			continue
		}
		for subtask := range v.parallelism {
			t.addTask(v.first + protocol.TaskID(subtask))
		}
	}
}

// chained reports whether a vertex, named after all of its operators, has one of them.
func chained(vertex, operator string) bool {
	return slices.Contains(strings.Split(vertex, " -> "), operator)
}

// addRestored takes the checkpoint that was restored last before the violation, when it
// names none.
func (t *teller) addRestored() {
	if len(t.subject.checkpoints) > 0 {
		return
	}
	restored := protocol.NoCheckpoint
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		if protocol.EventKind(e.Kind) == protocol.JobRestored && e.TimeNanos <= t.endNanos {
			restored = protocol.CheckpointID(e.Args[1])
		}
	}
	if restored != protocol.NoCheckpoint {
		add(&t.subject.checkpoints, restored)
	}
}
