package protocol

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
)

// Scripts feed a coordinator line by line and show what it orders. Commands:
//
//	coordinator [option=value]... [graph=pipeline|flights] [coordinators] [hooks] [union]
//	    a new coordinator. pipeline is source(2) => sink(1), tasks 0 1 2; flights is
//	    source(1) -> map(1), source(1), both => sink(2), tasks 0 1 2 3 4.
//	run
//	    one input a line; `at=10s` sets the clock, which then stays.
func TestCoordinatorScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/coordinator", func(t *testing.T, path string) {
		host := &coordinatorScript{}
		datadriven.RunTest(t, path, host.run)
	})
}

type coordinatorScript struct {
	coordinator *CheckpointCoordinator
	now         int64
	out         CoordinatorEffects
}

func (h *coordinatorScript) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "coordinator":
		h.start(t, d)
		return h.state()
	case "run":
		return scriptLines(t, d.Input, h.step)
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return ""
}

// scriptLines runs one step a line and shows the line with the effects under it.
func scriptLines(t *testing.T, input string, step func(*testing.T, scriptLine) []string) string {
	var b strings.Builder
	for line := range strings.Lines(input) {
		line = strings.TrimSpace(line)
		fmt.Fprintf(&b, "> %s\n", line)
		for _, effect := range step(t, parseScriptLine(t, line)) {
			fmt.Fprintf(&b, "    %s\n", effect)
		}
	}
	return b.String()
}

func (h *coordinatorScript) start(t *testing.T, d *datadriven.TestData) {
	options := DefaultCoordinatorOptions()
	options.IntervalNanos = int64(10 * time.Second)
	graph := scriptGraph("pipeline")
	for _, arg := range d.CmdArgs {
		value := ""
		if len(arg.Vals) > 0 {
			value = arg.Vals[0]
		}
		switch arg.Key {
		case "graph":
			graph = scriptGraph(value)
		case "coordinators":
			graph.OperatorCoordinators = true
		case "hooks":
			graph.MasterHooks = true
		case "union":
			graph.Vertices[0].UnionListState = true
		case "instants":
			options.IntervalNanos, options.TriggerInstantsNanos = 0, []int64{}
			for _, instant := range arg.Vals {
				options.TriggerInstantsNanos = append(options.TriggerInstantsNanos, scriptNanos(t, instant))
			}
		default:
			scriptOption(t, &options, arg.Key, value)
		}
	}
	h.coordinator, h.now = NewCheckpointCoordinator(options, graph), 0
}

func scriptOption(t *testing.T, o *CoordinatorOptions, key, value string) {
	number, _ := strconv.Atoi(value)
	switch key {
	case "interval":
		o.IntervalNanos = scriptNanos(t, value)
	case "timeout":
		o.TimeoutNanos = scriptNanos(t, value)
	case "min-pause":
		o.MinPauseNanos = scriptNanos(t, value)
	case "max-concurrent":
		o.MaxConcurrent = number
	case "tolerable":
		o.TolerableFailures = number
	case "retained":
		o.NumRetained = number
	case "queued":
		o.MaxQueuedRequests = number
	case "retention":
		o.Retention = map[string]Retention{
			"delete": DeleteOnCancellation, "retain": RetainOnCancellation,
		}[value]
	case "unaligned":
		o.Barrier.Alignment = AlignmentUnaligned
	case "no-finish":
		o.CheckpointsAfterTasksFinish = false
	case "no-reread":
		o.RecoverStoreAfterUnknown = false
	default:
		t.Fatalf("unknown option %s", key)
	}
}

func scriptGraph(name string) PlanGraph {
	if name == "flights" {
		return PlanGraph{Vertices: []PlanVertex{
			{Parallelism: 1},
			{Parallelism: 1, Inputs: []PlanInput{{From: 0, Pattern: EdgePointwise}}},
			{Parallelism: 1},
			{Parallelism: 2, Inputs: []PlanInput{{From: 1}, {From: 2}}},
		}}
	}
	return PlanGraph{Vertices: []PlanVertex{
		{Parallelism: 2}, {Parallelism: 1, Inputs: []PlanInput{{From: 0}}},
	}}
}

func (h *coordinatorScript) state() string {
	c := h.coordinator
	var b strings.Builder
	fmt.Fprintf(&b, "attempt=%d queued=%d failures=%d pending=[", c.Attempt(), c.Queued(), c.Failures())
	for i, p := range c.pending {
		if i > 0 {
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, "%d", p.id)
	}
	b.WriteString("] retained=[")
	for i, entry := range c.Store().Entries() {
		if i > 0 {
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, "%d", entry.ID)
	}
	return b.String() + "]"
}

func (h *coordinatorScript) step(t *testing.T, line scriptLine) []string {
	if line.verb == "state" {
		return []string{h.state()}
	}
	if line.verb == "status" {
		id := CheckpointID(line.number("checkpoint"))
		return []string{h.coordinator.TaskStatus(id, TaskID(line.number("task"))).String()}
	}
	if at, ok := line.args["at"]; ok {
		h.now = scriptNanos(t, at)
	}
	h.out.Reset()
	h.coordinator.Step(h.input(t, line), &h.out)
	shown := make([]string, 0, len(h.out.List))
	for _, effect := range h.out.List {
		shown = append(shown, scriptDurations(effect.String()))
	}
	return shown
}

func (h *coordinatorScript) input(t *testing.T, line scriptLine) CoordinatorInput {
	kind, ok := scriptInputs[line.verb]
	require.True(t, ok, "unknown input %s", line.verb)
	in := CoordinatorInput{
		Kind: kind, NowNanos: h.now,
		Checkpoint: CheckpointID(line.number("checkpoint")), Task: TaskID(line.number("task")),
		Attempt: h.coordinator.Attempt(), SizeBytes: line.number("bytes"),
		OperatorsFinished: line.args["finished"] == "yes",
	}
	if _, ok := line.args["attempt"]; ok {
		in.Attempt = Attempt(line.number("attempt"))
	}
	if delay, ok := line.args["delay"]; ok {
		in.DelayNanos = scriptNanos(t, delay)
	}
	if line.args["timer"] == "expiry" {
		in.Timer = TimerExpiry
	}
	in.Trigger = TriggerKind(scriptIndex(t, triggerKindNames[:], line.args["kind"]))
	in.Status = JobStatus(scriptIndex(t, jobStatusNames[:], line.args["status"]))
	in.Reason = FailureReason(scriptIndex(t, reasonNames[:], line.args["reason"]))
	return in
}

var scriptInputs = map[string]CoordinatorInputKind{
	"running": CoordinatorTasksRunning, "fire": CoordinatorTimerFired, "trigger": CoordinatorTrigger,
	"id": CoordinatorIDAssigned, "id-failed": CoordinatorIDFailed,
	"coordinators-done": CoordinatorCoordinatorsDone, "hooks-done": CoordinatorHooksDone,
	"trigger-failed": CoordinatorTriggerFailed, "ack": CoordinatorAck, "decline": CoordinatorDecline,
	"stored": CoordinatorMetadataStored, "store-failed": CoordinatorMetadataFailed,
	"store-unknown": CoordinatorMetadataUnknown, "end-of-data": CoordinatorEndOfData,
	"task-finished": CoordinatorTaskFinished, "task-failed": CoordinatorTaskFailed,
	"suspended": CoordinatorSuspended, "restore": CoordinatorRestoreRequested,
	"recovered": CoordinatorCheckpointRecovered, "recovered-all": CoordinatorStoreRecovered,
	"stopped": CoordinatorJobStopped,
}

// scriptLine is a verb with key=value arguments.
type scriptLine struct {
	t    *testing.T
	verb string
	args map[string]string
}

func parseScriptLine(t *testing.T, line string) scriptLine {
	fields := strings.Fields(line)
	parsed := scriptLine{t: t, verb: fields[0], args: map[string]string{}}
	for _, field := range fields[1:] {
		key, value, ok := strings.Cut(field, "=")
		require.True(t, ok, "argument without = in %q", line)
		parsed.args[key] = value
	}
	return parsed
}

// number is the integer argument key, 0 when it is not given.
func (l scriptLine) number(key string) int64 {
	value, ok := l.args[key]
	if !ok {
		return 0
	}
	number, err := strconv.ParseInt(value, 10, 64)
	require.NoError(l.t, err)
	return number
}

func scriptIndex(t *testing.T, names []string, name string) int {
	if name == "" {
		return 0
	}
	for i, known := range names {
		if known == name {
			return i
		}
	}
	t.Fatalf("unknown name %s", name)
	return 0
}

func scriptNanos(t *testing.T, text string) int64 {
	duration, err := time.ParseDuration(text)
	require.NoError(t, err)
	return int64(duration)
}

var scriptNanosPattern = regexp.MustCompile(`\b(at|triggered-at|duration|delay)=(\d+)`)

// scriptDurations writes nanoseconds as durations, for the reader of a script.
func scriptDurations(text string) string {
	return scriptNanosPattern.ReplaceAllStringFunc(text, func(match string) string {
		key, value, _ := strings.Cut(match, "=")
		nanos, _ := strconv.ParseInt(value, 10, 64)
		return key + "=" + time.Duration(nanos).String()
	})
}
