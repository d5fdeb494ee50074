package trial

// bugScenarios are small jobs in which planted bugs show, by name. They know of no bug:
// each is an ordinary job that goes through what some code is for.
var bugScenarios = map[string]string{
	// A counting job that loses a task manager half-way.
	"counts": `
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 50, rate: 500/s, records: 3000}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [counts]}
faults:
  - {crash: task-manager-1, at: 3500 ms, restart-after: 500 ms}
`,
	// Small files, which readers ask for one by one over a slow network.
	"files": `
cluster: {network: {latency: "uniform(1ms,20ms)"}}
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 500 ms}
  graph:
    - id: files
      source: {synthetic: uniform, keys: 50, rate: 2000/s, records: 4000, splits: 200, enumerated: true}
      parallelism: 3
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [files]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [counts]}
faults:
  - {throw: counts, at-record: 900}
`,
	// Records go straight from a source to a transactional sink.
	"copies": `
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 50, rate: 1000/s, records: 6000}, parallelism: 2}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: events, exchange: rebalance}]}
faults:
  - {crash: task-manager-1, at: 3500 ms, restart-after: 500 ms}
`,
	// One input is far ahead of the other, so that barriers wait for each other.
	"uneven": `
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - {id: fast, source: {synthetic: measured, keys: 200, records: 3000, payload: 1000 b}, parallelism: 2}
    - id: slow
      source: {synthetic: measured, keys: 200, rate: 200/s, records: 1000, payload: 1000 b}
      parallelism: 2
    - id: all
      union: {}
      service: 1 ms
      parallelism: 2
      from: [{id: fast, exchange: keyed}, {id: slow, exchange: keyed}]
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [all]}
`,
	// A slow sink: everything before it waits in buffers, which unaligned barriers overtake.
	"backpressured": `
job:
  protocol: unaligned
  configuration: {execution.checkpointing.interval: 500 ms, taskmanager.memory.segment-size: 4 kb}
  graph:
    - {id: source, source: {synthetic: measured, keys: 100, records: 3000, payload: 1000 b}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count, emit: input}, parallelism: 2, from: [source]}
    - id: sink
      sink: {transactional: kafka, service: 2 ms}
      parallelism: 2
      from: [{id: counts, exchange: keyed}]
faults:
  - {throw: counts, at-record: 800}
`,
	// The same with two inputs in front of the slow operator.
	"two-gates": `
job:
  protocol: unaligned
  configuration: {execution.checkpointing.interval: 500 ms, taskmanager.memory.segment-size: 4 kb}
  graph:
    - {id: bids, source: {synthetic: uniform, keys: 100, records: 1500, payload: 1000 b}, parallelism: 2}
    - {id: asks, source: {synthetic: uniform, keys: 100, records: 1500, payload: 1000 b}, parallelism: 2}
    - id: best
      min-of-both: {}
      service: 2 ms
      parallelism: 2
      from: [{id: bids, exchange: keyed}, {id: asks, exchange: keyed}]
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [best]}
`,
	// Two inputs of a join; one falls silent, is taken for idle, and comes back.
	"idle-input": `
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - id: bids
      source:
        synthetic: uniform
        keys: 20
        rate: 500/s
        records: 3000
        watermarks: {out-of-order: 0 s, idle: 500 ms}
      parallelism: 2
    - id: asks
      source:
        synthetic: uniform
        keys: 20
        rate: 500/s
        records: 2000
        watermarks: {out-of-order: 0 s, idle: 500 ms}
        steps: [{for: 1 s, factor: 1.0}, {for: 1 s, factor: 0}]
      parallelism: 2
    - id: best
      window-join: {size: 1 s}
      parallelism: 2
      from: [{id: bids, exchange: keyed}, {id: asks, exchange: keyed}]
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [best]}
`,
	// Every operator reads from three others on other machines, with no buffers of its own.
	"no-exclusive-buffers": `
cluster: {task-managers: 4, slots: 1, nodes: 4}
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 1 s
    taskmanager.network.memory.buffers-per-channel: 0
    taskmanager.network.memory.floating-buffers-per-gate: 1
    taskmanager.memory.segment-size: 4 kb
  graph:
    - {id: source, source: {synthetic: uniform, keys: 50, records: 2000, payload: 500 b}, parallelism: 4}
    - {id: counts, keyed: {aggregate: count}, service: 1 ms, parallelism: 4, from: [source]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 4, from: [counts]}
`,
	// A checkpoint expires: one input of the union passes on a cancel marker, and the other
	// one still has its barrier behind a long queue.
	"late-barrier": `
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 1 s
    execution.checkpointing.timeout: 500 ms
    execution.checkpointing.tolerable-failed-checkpoints: 100
    taskmanager.memory.segment-size: 4 kb
  graph:
    - {id: far, source: {synthetic: uniform, keys: 50, records: 2000, payload: 75 b}, parallelism: 1}
    - {id: passing, map: identity, service: 1 ms, parallelism: 1, from: [{id: far, exchange: keyed}]}
    - {id: near, source: {synthetic: uniform, keys: 50, records: 3000, payload: 75 b}, parallelism: 1}
    - id: all
      union: {}
      service: 2 ms
      parallelism: 1
      from: [{id: passing, exchange: keyed}, {id: near, exchange: keyed}]
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [all]}
`,
}
