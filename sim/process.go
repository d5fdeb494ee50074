package sim

// NodeOptions describe a machine.
type NodeOptions struct {
	Name string
	// Cores are shared evenly by the CPU work of all its processes. Default: 1.
	Cores int
	// NICBytesPerSecond limits what the node sends, and what it receives. 0: unlimited.
	NICBytesPerSecond int64
	// ClockOffsetNanos is what the clock is ahead at the start.
	ClockOffsetNanos int64
	// ClockDriftPPM is what the clock gains, in parts per million.
	ClockDriftPPM int64
}

type node struct {
	name   string
	number NodeID
	cpu    CPU
	clock  clock
	base   clock // as it was at the start
	nic    nic
}

// ProcessOptions describe a process.
type ProcessOptions struct {
	Name string
	Node NodeID
	// Boot starts the process: at once, and at every Restart. It can reach durable things
	// only, and spawns the process's actors.
	Boot func(*Boot)
	// LoseUnsynced makes a crash lose durable writes that were not synced.
	LoseUnsynced bool
}

type process struct {
	options     ProcessOptions
	address     uint64
	incarnation int32
	alive       bool
	paused      bool
	pausedUntil int64
	held        []int32 // slots of what arrived during the pause
	durable     Durable
	paths       []path // Post to each process
	turns       turns  // of what comes to it
}

// Boot is what a starting process has: its durable things, and the means to start.
type Boot struct {
	k       *Kernel
	process ProcessID
}

// AddNode adds a machine.
func (k *Kernel) AddNode(o NodeOptions) NodeID {
	id := NodeID(len(k.nodes))
	nodes, n := another(k.nodes)
	k.nodes = nodes
	shows := clock{synced: k.now, offset: o.ClockOffsetNanos, driftPPM: o.ClockDriftPPM}
	card := nic{leaving: n.nic.leaving[:0]}
	*n = node{name: o.Name, number: id, cpu: n.cpu, nic: card, clock: shows, base: shows}
	n.cpu.init(k, id, max(o.Cores, 1), addressOf("node:"+o.Name))
	n.nic.init(k, n, o.NICBytesPerSecond)
	return id
}

// AddProcess adds a process to a node and boots it. It panics for a name that is taken or
// a node that does not exist.
func (k *Kernel) AddProcess(o ProcessOptions) ProcessID {
	if int(o.Node) >= len(k.nodes) || o.Node < 0 {
		k.failf("process %s is put on node %d, which does not exist", o.Name, o.Node)
	}
	for _, p := range k.processes {
		if p.options.Name == o.Name {
			k.failf("process %s is added twice", o.Name)
		}
	}
	id := ProcessID(len(k.processes))
	processes, p := another(k.processes)
	k.processes = processes
	clear(p.paths)
	*p = process{options: o, address: addressOf(o.Name), alive: true, paths: p.paths[:0], held: p.held[:0]}
	k.boot(id)
	return id
}

func (k *Kernel) boot(id ProcessID) {
	if boot := k.processes[id].options.Boot; boot != nil {
		boot(&Boot{k, id})
	}
}

// Crash ends a process at once with all that is volatile: its actors, their timers and
// CPU work, what is under way to them and unfinished writes to stores. Its connections
// break; peers hear of it after the link's latency, or after the break timeout if they
// are cut off. A crash of a process that is down does nothing.
func (k *Kernel) Crash(id ProcessID) {
	p := k.processes[id]
	if !p.alive {
		return
	}
	p.alive, p.paused = false, false
	for _, index := range p.held {
		k.uncount(&k.slots.all[index])
		k.slots.release(index)
	}
	p.held = p.held[:0]
	for _, a := range k.actors {
		if a.process == id && a.alive {
			k.bury(a)
		}
	}
	k.dropWhere(func(s *slot) bool { return k.actors[s.receiver].process == id })
	k.nodes[p.options.Node].cpu.abandon(func(w *work) bool { return k.actors[w.actor].process == id })
	k.abandonRequests(func(r *request) bool { return k.actors[r.caller].process == id }, true)
	k.breakConnectionsOf(id)
	p.durable.crash(p.options.LoseUnsynced)
}

// CrashNode crashes all processes of a node.
func (k *Kernel) CrashNode(n NodeID) {
	for id, p := range k.processes {
		if p.options.Node == n {
			k.Crash(ProcessID(id))
		}
	}
}

// Restart boots a crashed process again. A restart of a process that runs does nothing.
func (k *Kernel) Restart(id ProcessID) {
	p := k.processes[id]
	if p.alive {
		return
	}
	p.alive = true
	p.incarnation++
	k.boot(id)
}

// Running is whether the process is up.
func (k *Kernel) Running(id ProcessID) bool { return k.processes[id].alive }

// ProcessIncarnation counts the restarts of a process.
func (k *Kernel) ProcessIncarnation(id ProcessID) int32 { return k.processes[id].incarnation }

// ProcessName is the name of a process.
func (k *Kernel) ProcessName(id ProcessID) string { return k.processes[id].options.Name }

// ProcessCount is the number of processes: ids are 0 to ProcessCount-1.
func (k *Kernel) ProcessCount() int { return len(k.processes) }

// NodeOf is the node of a process.
func (k *Kernel) NodeOf(id ProcessID) NodeID { return k.processes[id].options.Node }

// NodeName is the name of a node.
func (k *Kernel) NodeName(n NodeID) string { return k.nodes[n].name }

// NodeCount is the number of nodes: ids are 0 to NodeCount-1.
func (k *Kernel) NodeCount() int { return len(k.nodes) }

// Spawn starts an actor of the booting process; see Context.Spawn.
func (b *Boot) Spawn(name string, a Actor) ActorID {
	return b.k.addActor(name, a, b.process, b.k.NodeOf(b.process))
}

// Durable is what the process kept.
func (b *Boot) Durable() *Durable { return &b.k.processes[b.process].durable }

// Incarnation counts the restarts of the process: 0 at its first start.
func (b *Boot) Incarnation() int32 { return b.k.processes[b.process].incarnation }

// Process is the booting process.
func (b *Boot) Process() ProcessID { return b.process }

// Node is the node of the booting process.
func (b *Boot) Node() NodeID { return b.k.NodeOf(b.process) }

// NowNanos is the true virtual time.
func (b *Boot) NowNanos() int64 { return b.k.now }

// Kernel is the kernel, for look-ups.
func (b *Boot) Kernel() *Kernel { return b.k }

// Send gives an actor its first message, after a delay of at least 1 ns.
func (b *Boot) Send(to ActorID, delayNanos int64, m Message) {
	b.k.Inject(to, max(delayNanos, 1), m)
}
