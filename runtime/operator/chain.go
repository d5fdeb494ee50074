package operator

import (
	"fmt"
	"math"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// NoWatermark is the watermark before the first one, EndOfTime the last one.
const (
	NoWatermark int64 = math.MinInt64
	EndOfTime   int64 = math.MaxInt64
)

// Unlimited lets every due timer fire.
const Unlimited = math.MaxInt

// Chain runs the operators of one task, each on what the one before it emits. It is
// pure: it has no clock and no channel; the same calls after the same Restore give the
// same output. Every call that may emit starts with an empty Out.
type Chain struct {
	// Out is what the latest call let out of the chain: records and watermarks.
	Out Output
	// Late are the records that the latest call dropped as late.
	Late []Late
	// ClockNanos is the node's clock; set it before a call.
	ClockNanos int64
	// Witness, if not nil, is told what determined the chain's behaviour.
	Witness *Witness
	// Observe, if not nil, is told of every record before an operator handles it: the
	// place to charge service time, or to trace.
	Observe func(operator, input int, r *record.Record)
	// Fired, if not nil, is told of every timer just before it fires.
	Fired func(operator int, t state.Timer)
	// ClockRead, if not nil, is told what an operator reads from the clock, whenever that
	// has changed since it last did.
	ClockRead func(operator int, nanos int64)
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug protocol.Bug

	links   []link
	journal state.Journal
	hook    state.Hook
	moments []moment // that the journal may bring back
	inputs  []inputStatus
	// combinedNanos is the minimum of the inputs' watermarks, advanced so far as
	// links[:fired] are: the others still have timers to fire.
	combinedNanos int64
	previousNanos int64 // the combined watermark before that
	fired         int
	idle          bool
	readsClock    bool // some operator does
}

// Late is a record that an operator dropped because its window was over.
type Late struct {
	Operator int
	Lineage  uint64
}

type inputStatus struct {
	watermarkNanos int64
	idle           bool
}

// link is one operator of the chain.
type link struct {
	spec    *Spec
	fn      Function
	ctx     Context
	backend *state.Backend
	out     Output // towards the next operator

	readsClock bool
}

// NewChain makes the chain of one subtask, with empty state. Only its first operator
// may have two inputs. A chain of no operators passes everything on.
func NewChain(specs []Spec, place state.Place) *Chain {
	c := &Chain{links: make([]link, len(specs)), inputs: make([]inputStatus, 1)}
	for i := range specs {
		spec := &specs[i]
		if i > 0 && spec.InputCount() > 1 {
			panic(fmt.Sprintf("operator: %q has two inputs and is chained behind %q", spec.ID, specs[i-1].ID))
		}
		c.links[i] = newLink(spec, place, &c.journal)
		c.readsClock = c.readsClock || spec.ReadsClock
	}
	if len(specs) > 0 {
		c.inputs = make([]inputStatus, specs[0].InputCount())
	}
	c.hook = c.journal.Register(c)
	c.resetTime()
	return c
}

func newLink(spec *Spec, place state.Place, journal *state.Journal) link {
	l := link{spec: spec, fn: spec.New(), readsClock: spec.ReadsClock}
	l.ctx = Context{Subtask: place.Subtask, Parallelism: place.Parallelism, OperatorHash: spec.Hash()}
	if spec.Stateful() {
		l.backend = state.NewBackend(spec.State(), place, journal)
		l.ctx.Keyed, l.ctx.Operator, l.ctx.Timers = l.backend.Keyed, l.backend.Operator, l.backend.Timers
	}
	if _, ok := l.fn.(TimerFunction); spec.Timers && !ok {
		panic(fmt.Sprintf("operator: %q declares timers but has no OnTimer", spec.ID))
	}
	return l
}

// Process runs a record of an input through the chain.
func (c *Chain) Process(input int, r *record.Record) {
	c.begin()
	c.process(input, r)
}

// ProcessAll is Process for records that come one after the other: Out and Late are those
// of all of them.
func (c *Chain) ProcessAll(input int, records []record.Record) {
	c.begin()
	for i := range records {
		c.process(input, &records[i])
	}
}

// Foreseen is what one record of ProcessAhead did to the chain.
type Foreseen struct {
	Before        Mark // to go back to
	Outputs, Late int  // of all records up to it
}

// ProcessAhead is ProcessAll for records that may be taken back; it appends what each of
// them did to calls.
func (c *Chain) ProcessAhead(input int, records []record.Record, calls []Foreseen) []Foreseen {
	c.begin()
	for i := range records {
		before := c.Mark()
		c.process(input, &records[i])
		calls = append(calls, Foreseen{before, len(c.Out.Records), len(c.Late)})
	}
	return calls
}

func (c *Chain) process(input int, r *record.Record) {
	if c.Witness != nil {
		c.remember()
		c.Witness.record()
	}
	c.run(0, input, r)
}

// begin empties what the previous call left. A record may not overtake timers that a
// watermark still has to fire.
func (c *Chain) begin() {
	if c.fired < len(c.links) {
		panic(fmt.Sprintf("operator: call while watermark %d still fires timers", c.combinedNanos))
	}
	c.empty()
}

func (c *Chain) empty() {
	c.Out.Records = c.Out.Records[:0]
	c.Late = c.Late[:0]
	if c.readsClock && c.Witness != nil && c.Witness.clockNanos != c.ClockNanos {
		c.remember()
		c.Witness.clock(c.ClockNanos)
	}
}

// run lets operator at handle r and everything behind it handle what that emits. Each
// operator sees the records in the order in which a call from within emit would give.
func (c *Chain) run(at, input int, r *record.Record) {
	if at == len(c.links) {
		c.Out.Records = append(c.Out.Records, *r)
		return
	}
	l := &c.links[at]
	if c.Observe != nil {
		c.Observe(at, input, r)
	}
	if l.readsClock {
		c.readClock(at)
	}
	if l.backend != nil {
		l.backend.Apply(r.Lineage)
	}
	out := c.outputOf(at, r.Lineage)
	l.fn.Process(&l.ctx, input, r, out)
	if l.ctx.late {
		l.ctx.late = false
		c.Late = append(c.Late, Late{at, r.Lineage})
	}
	c.pass(at)
}

func (c *Chain) readClock(at int) {
	ctx := &c.links[at].ctx
	if c.ClockRead != nil && ctx.ClockNanos != c.ClockNanos {
		c.ClockRead(at, c.ClockNanos)
	}
	ctx.ClockNanos = c.ClockNanos
}

// outputOf is where operator at emits to: the last one straight into Out.
func (c *Chain) outputOf(at int, parent uint64) *Output {
	out := &c.Out
	if at+1 < len(c.links) {
		out = &c.links[at].out
		out.Records = out.Records[:0]
	}
	out.begin(c.links[at].ctx.OperatorHash, parent)
	return out
}

// pass hands what operator at emitted to the next one.
func (c *Chain) pass(at int) {
	if at+1 == len(c.links) {
		return
	}
	out := &c.links[at].out
	for i := range out.Records {
		c.run(at+1, 0, &out.Records[i])
	}
}

// Finish flushes the operators at the end of all input, in order (Flink: endInput, then
// finish). The last watermark, EndOfTime, must have come before.
func (c *Chain) Finish() {
	c.begin()
	if c.Witness != nil {
		c.remember()
		c.Witness.add(Step{Kind: StepFinish})
	}
	for at := range c.links {
		l := &c.links[at]
		finish, ok := l.fn.(FinishFunction)
		if !ok {
			continue
		}
		if l.spec.ReadsClock {
			c.readClock(at)
		}
		finish.Finish(&l.ctx, c.outputOf(at, finishLineage))
		c.pass(at)
	}
}

// finishLineage is the parent of what operators emit at the end of their input.
const finishLineage = 1<<63 | 1

// Operators is the number of operators in the chain.
func (c *Chain) Operators() int { return len(c.links) }

// Spec is the declaration of an operator of the chain.
func (c *Chain) Spec(at int) *Spec { return c.links[at].spec }
