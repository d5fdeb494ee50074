package config

import (
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/sim"
)

// Default machines: two task managers of two slots on two nodes of two cores, joined by
// an ordinary data-centre network, and an object store of a cloud's latency.
func defaultCluster() runtime.Cluster {
	return runtime.Cluster{
		TaskManagers: 2, Slots: 2, Nodes: 2, Cores: 2, JobManagers: 1,
		Network: runtime.Network{
			Latency:              sim.Constant(200e3),
			LoopbackLatencyNanos: 20e3,
			LinkBytesPerSecond:   1 << 30, NICBytesPerSecond: 1 << 30,
			ConnectionTimeoutNanos: 10e9,
		},
		Storage:         runtime.Storage{Latency: sim.Constant(5e6), BytesPerSecond: 200 << 20},
		ExternalLatency: sim.Constant(1e6),
	}
}

// DefaultCosts are what the model charges where an option of Flink has no say;
// docs/model.md explains each.
func DefaultCosts() job.Costs {
	return job.Costs{
		RPC:                 sim.Constant(100e3),
		DeployNanos:         5e6,
		OpenNanos:           2e6,
		RestorePicosPerByte: 1000,
		SyncBaseNanos:       1e6,
		SyncPicosPerByte:    20,
		SerializePicosPerB:  300,
		DeserializePicosPB:  300,
		RecordNanos:         100,
		FinalizeNanos:       1e6,
	}
}

func clusterFields(s *Scenario) binding.Object {
	c := &s.Cluster
	return binding.Object{What: "cluster", Fields: []binding.Field{
		{Name: "task-managers", Value: binding.Count(&c.TaskManagers, 1, 1000),
			Doc: "Number of task managers."},
		{Name: "slots", Value: binding.Count(&c.Slots, 1, 1000),
			Doc: "Slots of each task manager (taskmanager.numberOfTaskSlots)."},
		{Name: "nodes", Value: binding.Count(&c.Nodes, 1, 1000),
			Doc: "Machines that the task managers are spread over; 1 puts all on one."},
		{Name: "cores", Value: binding.Count(&c.Cores, 1, 1000), Doc: "CPU cores of each machine."},
		{Name: "job-managers", Value: binding.Count(&c.JobManagers, 1, 9),
			Doc: "Job managers, on a machine of their own: one leads, the others stand by."},
		{Name: "network", Value: networkFields(&c.Network), Doc: "What joins the machines."},
		{Name: "storage", Value: storageFields(&c.Storage), Doc: "The object store that checkpoints go to."},
		{Name: "external-latency", Value: distribution(&c.ExternalLatency),
			Doc: "What an external system takes for a request."},
		{Name: "clocks", Value: binding.List(&c.Clocks, newClock, clockFields),
			Doc: "Errors of the machines' clocks, by machine; none by default."},
		{Name: "costs", Value: costFields(&s.Job.Config.Costs),
			Doc: "What the model charges beyond what options say."},
		{Name: "configuration", Value: optionsObject(s, layerCluster),
			Doc: "Flink options of the cluster; those of the job override them."},
	}}
}

func networkFields(n *runtime.Network) binding.Object {
	return binding.Object{What: "network", Fields: []binding.Field{
		{Name: "latency", Value: distribution(&n.Latency), Doc: "One-way latency between two machines."},
		{Name: "loopback-latency", Value: binding.Duration(&n.LoopbackLatencyNanos),
			Doc: "One-way latency between two processes of one machine."},
		{Name: "bandwidth", Value: binding.Bandwidth(&n.LinkBytesPerSecond),
			Doc: "Bandwidth between two machines."},
		{Name: "nic-bandwidth", Value: binding.Bandwidth(&n.NICBytesPerSecond),
			Doc: "Bandwidth of a machine's network card, each way."},
		{Name: "connection-timeout", Value: binding.DurationAtLeast(&n.ConnectionTimeoutNanos, 1),
			Doc: "A partition as long as this breaks connections."},
	}}
}

func storageFields(s *runtime.Storage) binding.Object {
	return binding.Object{What: "storage", Fields: []binding.Field{
		{Name: "latency", Value: distribution(&s.Latency),
			Doc: "Latency at an object's creation, and again at its close."},
		{Name: "bandwidth", Value: binding.Bandwidth(&s.BytesPerSecond),
			Doc: "Bandwidth of the whole store."},
		{Name: "writer-bandwidth", Value: binding.Bandwidth(&s.WriterBytesPerSecond),
			Doc: "Bandwidth of one object being written."},
	}}
}

func newClock() runtime.Clock { return runtime.Clock{} }

func clockFields(c *runtime.Clock) binding.Value {
	return binding.Object{What: "clock", Fields: []binding.Field{
		{Name: "offset", Value: binding.Duration(&c.OffsetNanos), Doc: "How far the clock is ahead."},
		{Name: "drift-ppm", Value: binding.Count(&c.DriftPPM, -100_000, 100_000),
			Doc: "How much too fast it runs, in millionths."},
	}}
}

func costFields(c *job.Costs) binding.Object {
	return binding.Object{What: "costs", Fields: []binding.Field{
		{Name: "rpc", Value: distribution(&c.RPC), Doc: "Handling of one control message."},
		{Name: "deploy", Value: binding.Duration(&c.DeployNanos), Doc: "Deployment of a task."},
		{Name: "open", Value: binding.Duration(&c.OpenNanos), Doc: "Opening a task's operators."},
		{Name: "restore-ps-per-byte", Value: binding.Count(&c.RestorePicosPerByte, 0, binding.Unbounded),
			Doc: "Reading state back, besides the store, in picoseconds a byte."},
		{Name: "sync-base", Value: binding.Duration(&c.SyncBaseNanos),
			Doc: "Synchronous part of a snapshot, whatever its size."},
		{Name: "sync-ps-per-byte", Value: binding.Count(&c.SyncPicosPerByte, 0, binding.Unbounded),
			Doc: "Synchronous part of a snapshot, in picoseconds a byte of state."},
		{Name: "serialize-ps-per-byte", Value: binding.Count(&c.SerializePicosPerB, 0, binding.Unbounded),
			Doc: "Serialisation, in picoseconds a byte emitted."},
		{Name: "deserialize-ps-per-byte", Value: binding.Count(&c.DeserializePicosPB, 0, binding.Unbounded),
			Doc: "Deserialisation, in picoseconds a byte consumed."},
		{Name: "record", Value: binding.Duration(&c.RecordNanos),
			Doc: "CPU per record and operator, besides the operator's own service time."},
		{Name: "finalize", Value: binding.Duration(&c.FinalizeNanos),
			Doc: "Completing a checkpoint at the coordinator."},
	}}
}

// distribution binds a distribution in the kernel's text form.
func distribution(d *sim.Distribution) binding.Value {
	expected := "a duration like 200 us, or a distribution like uniform(100us,300us) or exponential(1ms)"
	return binding.Custom{
		ReadFunc: func(n *document.Node) error {
			value, err := sim.ParseDistribution(n.Text)
			if n.Kind != document.Scalar || err != nil {
				return document.Errorf(n, expected, "%q is not a distribution of durations", n.Text)
			}
			*d = value
			return nil
		},
		WriteFunc: func() *document.Node { return document.NewScalar(d.String()) },
		SchemaNode: document.NewMapping().
			Add("type", document.NewSequence(document.NewText("string"), document.NewText("number"))),
	}
}
