package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
)

// flights is the scenario that tests begin with; each changes one thing about it.
const flights = `# Flights into a slow sink. With unaligned checkpoints.
name: flights-slow-sink
cluster:
  task-managers: 2
  slots: 2
  nodes: 2
  cores: 2
  network: {latency: 200us, bandwidth: 1 gb/s}
  storage: {latency: 5ms, bandwidth: 200 mb/s}
  configuration: {execution.checkpointing.timeout: 1 min, heartbeat.interval: 5 s}
job:
  protocol: unaligned
  configuration:
    execution.checkpointing.interval: 2 s
    execution.checkpointing.timeout: 2 min
    taskmanager.memory.segment-size: 16 kb
  graph:
    - {id: flights, source: {file: us-flights, rate: 2000/s, laps: 5}, parallelism: 2}
    - {id: delays, keyed: {aggregate: mean, field: a}, parallelism: 2, from: [flights]}
    - {id: db, sink: {transactional: external-db, service: 1ms}, parallelism: 2,
       from: [{id: delays, exchange: rebalance}]}
expect: {verdict: ok, reached: [restored-from-checkpoint, alignment-blocked]}
`

func load(t testing.TB, text string, sets ...string) *config.Scenario {
	t.Helper()
	s, err := config.Load("s.yaml", []byte(text), config.NoFiles{}, sets...)
	require.NoError(t, err)
	return s
}

// loadError loads flights after a replacement and settings, which must fail.
func loadError(t testing.TB, old, new string, sets ...string) *config.Error {
	t.Helper()
	require.Contains(t, flights, old)
	_, err := config.Load("s.yaml", []byte(strings.Replace(flights, old, new, 1)), config.NoFiles{}, sets...)
	var e *config.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestLayersOverrideEachOther(t *testing.T) {
	s := load(t, flights)
	c := s.Job.Config
	require.Equal(t, int64(120e9), c.Checkpointing.TimeoutNanos, "the job overrides the cluster")
	require.Equal(t, int64(5e9), c.Failure.HeartbeatIntervalNanos, "the cluster overrides the default")
	require.Equal(t, int64(50e9), c.Failure.HeartbeatTimeoutNanos, "the default")
	require.Equal(t, int32(16<<10), c.Network.SegmentSizeBytes)
	require.Equal(t, protocol.Unaligned, c.Protocol)
	require.Equal(t, "Flights into a slow sink.", s.Summary())
}

func TestBuildChoosesExchangesAsFlinkDoes(t *testing.T) {
	b, err := load(t, flights).Build()
	require.NoError(t, err)
	nodes := b.Options.Graph.Nodes
	require.Equal(t, "keyed", nodes[1].Inputs[0].Exchange.String())
	require.Equal(t, "rebalance", nodes[2].Inputs[0].Exchange.String())
	require.Equal(t, config.ExactlyOnce, b.Guarantee)
}

func TestSettingsReachEveryLeaf(t *testing.T) {
	s := load(t, flights, "job.graph.delays.parallelism=4", "cluster.slots=2", "job.protocol=aligned",
		"job.configuration.execution.checkpointing.interval=5 s", "cluster.network.latency=uniform(1ms,2ms)",
		"job.graph.db.from.delays.exchange=auto", "job.graph.db.sink.service=3 ms")
	require.Equal(t, 4, s.Job.Graph[1].Parallelism)
	require.Equal(t, int64(5e9), s.Job.Config.Checkpointing.IntervalNanos)
	require.Equal(t, int64(3e6), s.Job.Graph[2].Does.Sink.Service.Low)
	b, err := s.Build()
	require.NoError(t, err)
	require.Equal(t, "rebalance", b.Options.Graph.Nodes[2].Inputs[0].Exchange.String())
}

func TestResolvedScenarioLoadsBackToTheSame(t *testing.T) {
	s := load(t, flights)
	text := s.YAML()
	again, err := config.Load("resolved", text, config.NoFiles{})
	require.NoError(t, err, "%s", text)
	require.Equal(t, string(text), string(again.YAML()))
	require.Equal(t, s.Job.Config, again.Job.Config)
	require.Equal(t, s.Cluster, again.Cluster)
}

func TestProtocolMeansItsOptions(t *testing.T) {
	const unaligned = "job.configuration.execution.checkpointing.unaligned.enabled="
	const timeout = "job.configuration.execution.checkpointing.aligned-checkpoint-timeout="
	const mode = "job.configuration.execution.checkpointing.mode="
	without := strings.Replace(flights, "  protocol: unaligned\n", "", 1)
	for _, c := range []struct {
		name string
		sets []string
		want protocol.Name
	}{
		{"defaults", nil, protocol.Aligned},
		{"mode", []string{mode + "AT_LEAST_ONCE"}, protocol.AtLeastOnce},
		{"unaligned", []string{unaligned + "true"}, protocol.Unaligned},
		{"timeout", []string{unaligned + "true", timeout + "500 ms"}, protocol.HybridOut},
		{"no interval", []string{"job.configuration.execution.checkpointing.interval=none"}, protocol.None},
		{"word", []string{"job.protocol=hybrid-in"}, protocol.HybridIn},
		{"word and its own option", []string{"job.protocol=unaligned", unaligned + "true"}, protocol.Unaligned},
		{"chandy-lamport", []string{"job.protocol=chandy-lamport"}, protocol.ChandyLamport},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, load(t, without, c.sets...).Job.Config.Protocol)
		})
	}
	hybrid := load(t, without, "job.protocol=hybrid-out").Job.Config
	require.Equal(t, config.DefaultAlignedTimeoutNanos, hybrid.AlignedTimeoutNanos)
}

func TestBadInputIsNamedWithItsPlace(t *testing.T) {
	const option = "job.configuration.execution.checkpointing."
	for _, c := range []struct {
		name, old, new string
		sets           []string
		message        string
		nearest        string
		line, column   int
	}{
		{"unknown key", "protocol: un", "protocl: un", nil, `unknown key "protocl"`, "protocol", 12, 3},
		{"duplicate key", "  slots: 2", "  slots: 2\n  slots: 3", nil, `duplicate key "slots"; it stands in line 5`, "", 6, 3},
		{"bad duration", "interval: 2 s", "interval: 2 sex", nil, `unknown unit "sex"`, "", 14, 39},
		{"bare number", "interval: 2 s", "interval: 2", nil, `"2" has no unit`, "", 14, 39},
		{"bad size", "16 kb", "16 kg", nil, `unknown unit "kg"`, "", 16, 38},
		{"unknown protocol", "unaligned\n", "unalined\n", nil, `unknown protocol "unalined"`, "unaligned", 12, 13},
		{"unknown option", "checkpointing.interval", "checkpointing.intervall", nil,
			`unknown key "execution.checkpointing.intervall"`, "execution.checkpointing.interval", 14, 5},
		{"option without a model", "taskmanager.memory.segment-size", "state.backend.type", nil,
			"option state.backend.type has no place here: keyed state lives on the heap here", "", 16, 5},
		{"conflicting options", "unaligned\n", "aligned\n", []string{option + "unaligned.enabled=true"},
			"conflicts with protocol: aligned", "", 1, 61},
		{"conflicting timeout", "unaligned\n", "unaligned\n", []string{option + "aligned-checkpoint-timeout=1 s"},
			"conflicts with protocol: unaligned", "", 1, 70},
		{"unaligned and at least once", "  protocol: unaligned\n", "",
			[]string{option + "mode=AT_LEAST_ONCE", option + "unaligned.enabled=true"},
			"unaligned checkpoints cannot be combined with", "", 1, 61},
		{"concurrent unaligned", "unaligned\n", "unaligned\n", []string{option + "max-concurrent-checkpoints=2"},
			"allows one checkpoint at a time, not 2", "", 1, 70},
		{"no source", "source: {file: us-flights, rate: 2000/s, laps: 5}", "map: identity", nil,
			`"flights" is not a source and reads from nothing`, "", 18, 7},
		{"unknown from", "from: [flights]", "from: [flihgts]", nil, `unknown operator "flihgts"`, "flights", 19, 79},
		{"cycle", "from: [flights]", "from: [flights, db]", nil, `cycle without a feedback edge`, "", 19, 88},
		{"forward between different parallelism", "from: [flights]", "from: [{id: flights, exchange: forward}]",
			[]string{"job.graph.flights.parallelism=1"}, "a forward exchange cannot join", "", 19, 79},
		{"state without a keyed exchange", "from: [flights]", "from: [{id: flights, exchange: rebalance}]", nil,
			`"delays" keeps state by key`, "", 19, 79},
		{"parallelism above maximum", "laps: 5}, parallelism: 2", "laps: 5}, parallelism: 3",
			[]string{"job.configuration.pipeline.max-parallelism=2"}, "above the maximum parallelism 2", "", 18, 85},
		{"too few slots", "laps: 5}, parallelism: 2", "laps: 5}, parallelism: 5", nil, `"flights" needs 5 slots`, "", 18, 85},
		{"unknown data set", "file: us-flights", "file: us-flight", nil, `cannot read the data "us-flight"`, "us-flights", 18, 36},
		{"two kinds", "keyed: {aggregate: mean, field: a}", "keyed: {}, map: identity", nil,
			`operator has both "keyed" and "map"`, "", 19, 31},
		{"no kind", "keyed: {aggregate: mean, field: a}, ", "", nil, "operator does not say what it is", "", 19, 7},
		{"no id", "id: delays, ", "", nil, `operator has no "id"`, "", 19, 7},
		{"id twice", "id: db", "id: delays", nil, `the id "delays" is used twice`, "", 20, 12},
		{"live source", "laps: 5", "live: true", nil, `"flights" cannot rewind`, "", 18, 29},
		{"unknown mark", "alignment-blocked", "aligment-blocked", nil, `unknown mark "aligment-blocked"`, "alignment-blocked", 22, 59},
		{"list for a word", "protocol: unaligned", "protocol: [unaligned]", nil, "a list where a single value belongs", "", 12, 13},
		{"word for a mapping", "cluster:\n", "cluster: none\nx:\n", nil, `unknown key "x"`, "", 4, 1},
		{"nothing", "name: flights-slow-sink", "name:", nil, "name has no value", "", 2, 1},
		{"class without violation", "verdict: ok", "verdict: ok, class: lost", nil, "only a violation has a class", "", 22, 30},
		{"bad setting", "name", "name", []string{"job.graph.dealys.parallelism=4"}, `there is no item "dealys"`, "delays", 1, 11},
		{"more nodes than task managers", "nodes: 2", "nodes: 3", nil, "2 task managers cannot be spread over 3 nodes", "", 6, 10},
		{"heartbeats", "heartbeat.interval: 5 s", "heartbeat.interval: 50 s", nil, "heartbeat.timeout must be longer", "", 10, 79},
		{"window without size", "keyed: {aggregate: mean, field: a}", "window: {assigner: tumbling}", nil,
			`the tumbling window "delays" has no size`, "", 19, 28},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := loadError(t, c.old, c.new, c.sets...)
			require.Contains(t, e.Message, c.message)
			require.Equal(t, c.nearest, e.Nearest, "%s", e)
			require.Equal(t, []int{c.line, c.column}, []int{e.Line, e.Column}, "%s", e)
			require.Contains(t, e.Excerpt, "^")
		})
	}
}

func TestLiveSourceRunsWhenForced(t *testing.T) {
	text := strings.Replace(flights, "laps: 5", "live: true", 1)
	require.True(t, load(t, text, "job.unsafe-exactly-once=true").Job.Config.ForceExactlyOnce)
	require.Equal(t, config.AtLeastOnce, load(t, text, "job.protocol=at-least-once").Guarantee())
}

func TestComparedScenarioTakesEveryProtocol(t *testing.T) {
	s := load(t, flights)
	for _, name := range protocol.Names() {
		under, err := s.UseProtocol(name, 700e6)
		require.NoError(t, err)
		require.Equal(t, name, under.Job.Config.Protocol)
		again, err := config.Load("again", under.YAML(), config.NoFiles{})
		require.NoError(t, err, "%s", under.YAML())
		require.Equal(t, under.Job.Config, again.Job.Config)
	}
	require.Equal(t, protocol.Unaligned, s.Job.Config.Protocol, "the original is as it was")
}

func FuzzLoadNeverPanics(f *testing.F) {
	f.Add(flights, "job.protocol=aligned")
	f.Add("name: x\njob: {graph: [{id: a, source: {synthetic: zipf}}]}\n", "faults.0.crash=a")
	f.Fuzz(func(t *testing.T, text, set string) {
		s, err := config.Load("f", []byte(text), config.NoFiles{}, set)
		if err != nil {
			var e *config.Error
			require.True(t, errors.As(err, &e), "%T", err)
			return
		}
		again, err := config.Load("again", s.YAML(), config.NoFiles{})
		require.NoError(t, err, "%s", s.YAML())
		require.Equal(t, string(s.YAML()), string(again.YAML()))
	})
}

func replaceFirst(text, old, new string) string { return strings.Replace(text, old, new, 1) }

func TestFaultsAreReadInAnyOrderOfKeysAndChecked(t *testing.T) {
	s := load(t, flights, "faults=[{at: 12 s, crash: task-manager-1}, {slow: db, factor: 2.5, from: 4 s, to: 9 s}, "+
		"{partition: [node-0, node-1], from: 1 s, to: 2 s}, {throw: 'delays[1]', in: snapshot}]")
	require.Equal(t, []string{
		"crash task-manager-1 at 12 s", "slow db factor 2.5 from 4 s to 9 s",
		"partition node-0 node-1 from 1 s to 2 s", "throw delays[1] in snapshot",
	}, strings.Split(s.Faults.String(), "\n"))
	for _, c := range []struct{ set, message, nearest string }{
		{"{crsh: db, at: 1 s}", `"crsh" is no kind of fault`, "crash"},
		{"{crash: task-manager-7, at: 1 s}", `crash cannot strike "task-manager-7"`, "task-manager-0"},
		{"{crash: db, step: sync-snapsot}", `"sync-snapsot" is no protocol step`, "sync-snapshot"},
		{"{crash: db, step: snapshot-done, before: true}",
			`"snapshot-done" is an event: nothing can strike before it`, ""},
		{"{crash: db, step: sync-snapshot, of: dbb}", `"dbb" makes no steps`, "db"},
		{"{crash: here, at: 1 s}", `crash cannot strike "here"`, ""},
		{"{pause: here, step: lead, for: 1 s, of: here}", `"here" makes no steps`, ""},
		{"{pause: here-nod, step: lead, for: 1 s}", `pause cannot strike "here-nod"`, "here-node"},
		{"{crash: db, at: soon}", `at: "soon" is no duration`, ""},
		{"{crash: db, at: 1 s, fctor: 2}", `"fctor" is no field of crash`, ""},
		{"{slow: db, from: 4 s}", `"factor" is missing in slow`, ""},
		{"{fail: db, from: 4 s}", `fail cannot strike "db"`, ""},
		{"{fail: external-db, operation: get, from: 4 s}", `"external-db" is asked to "get" by nobody`, ""},
		{"{fail: storage, operation: commit, from: 4 s}", `"storage" is asked to "commit" by nobody`, ""},
		{"{expire: delays, at: 4 s}", `expire cannot strike "delays"`, ""},
		{"{fence: 'db[2]', at: 4 s}", `fence cannot strike "db[2]"`, "db[0]"},
		{"{lose: acknowlege, from: 1 s}", `lose cannot strike "acknowlege"`, "acknowledge"},
		{"{lose: any, sender: task-manger-0, from: 1 s}", `lose cannot strike "task-manger-0"`, "task-manager-0"},
		{"{lose: any, receiver: delays, from: 1 s}", `lose cannot strike "delays"`, ""},
		{"{hold: [node-0, storage], from: 1 s, to: 2 s}", `hold cannot strike "storage"`, ""},
		{"{isolate: nod-1, from: 1 s}", `isolate cannot strike "nod-1"`, "node-1"},
		{"{throw: delays, in: read}", `user code of "delays" has no callback "read"`, ""},
		{"{throw: 'flights[0]', in: commit}", `user code of "flights[0]" has no callback "commit"`, ""},
		{"{throw: db, in: pre-comit}", `in: "pre-comit" is unknown`, "pre-commit"},
		{"{poison: delays, source: flihgts, offset: 7}", `poison cannot strike "flihgts"`, "flights"},
		{"{poison: delays, source: db, offset: 7}", `poison cannot strike "db"`, ""},
		{"oops", `there is a single value where a list belongs`, ""},
	} {
		value := "[" + c.set + "]"
		if c.set == "oops" {
			value = c.set
		}
		e := loadError(t, "name", "name", "faults="+value)
		require.Contains(t, e.Message, c.message)
		require.Equal(t, c.nearest, e.Nearest, "%s", e)
	}
}
