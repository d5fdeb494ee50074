package campaign

import (
	"context"
	"runtime"
	"sync"
	"time"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// Defaults of Options.
const (
	// DefaultBudget is how many messages and timers a run may take: some seconds of a core.
	DefaultBudget = 20_000_000
	// DefaultMaxCases is how many failing seeds of a signature get a case file.
	DefaultMaxCases = 3
	// MostCases is the largest number that can be asked for.
	MostCases = tally.KeptSeeds
	// doubleEvery is the share of seeds that are run twice, as FoundationDB's unseed check.
	doubleEvery = 64
)

// Options are what a campaign is made of.
type Options struct {
	Plan Plan
	// NewSource makes a Source for one worker; all of them answer alike.
	NewSource func() (Source, error)
	// Disk is where the journal and the case files go; nil: nowhere.
	Disk Disk
	// Resumed is how far the campaign has come already; nil: it begins.
	Resumed *Progress
	// Workers is the number of runs at a time; 0: one per core.
	Workers int
	// Until ends a campaign whose range of seeds has not ended by then; zero: never.
	Until time.Time

	// Describe words what a failing run came to; nil: the violation's own sentence.
	Describe func(o *result.Outcome) []byte
	// Diverge explains the first event in which two runs differ; may be nil.
	Diverge func(s *config.Scenario, seed uint64) (string, error)
	// Progress, if not nil, is shown the sum after each block of seeds, and Found each
	// seed that fails and gets a case file. Neither is called by two goroutines at once,
	// or may keep what it is shown.
	Progress func(sum *tally.Tally)
	Found    func(signature string, failure tally.Failure)
}

// campaign is one under way.
type campaign struct {
	o       Options
	stop    context.CancelCauseFunc
	journal journal

	mutex sync.Mutex
	// left are the positions that nobody has taken.
	left Spans
	done Spans
	sum  tally.Tally
	kept keep
}

// Run runs the seeds of a plan that are left. Unless it returns an error, all seeds of
// the plan are done, or, where Until came first, all from the first one on without a gap.
//
// When ctx ends, its error is returned, and what was done is in the journal. Other errors
// are a *NondeterminismError, an error of the Disk, or one of the Source; they, too, leave
// what was found before.
func Run(ctx context.Context, o Options) (*Progress, error) {
	c := &campaign{o: o, journal: journal{disk: o.Disk}}
	if o.Workers == 0 {
		c.o.Workers = runtime.GOMAXPROCS(0)
	}
	c.kept.max = o.Plan.MaxCases
	if o.Resumed != nil {
		c.done = o.Resumed.Done
		c.sum.Plus(&o.Resumed.Tally)
		c.kept.resume(&c.sum)
	}
	c.left = c.done.gaps(o.Plan.length())
	if o.Disk != nil {
		if err := c.journal.open(&o.Plan, o.Resumed != nil); err != nil {
			return nil, err
		}
	}
	err := c.work(ctx)
	if o.Disk != nil {
		if flushed := c.journal.flush(); err == nil {
			err = flushed
		}
	}
	return &Progress{Plan: o.Plan, Done: c.done, Tally: c.sum}, err
}

// work has the workers run until nothing is left, or something ends them.
func (c *campaign) work(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	c.stop = stop
	var group sync.WaitGroup
	for range c.o.Workers {
		group.Go(func() {
			w, err := newWorker(c)
			if err != nil {
				c.stop(err)
				return
			}
			w.run(ctx)
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// take hands out the next positions, at most so many.
func (c *campaign) take(size uint64) (Span, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.left) == 0 || c.late() {
		return Span{}, false
	}
	first := &c.left[0]
	taken := Span{first.From, min(first.To, first.From+size)}
	if first.From = taken.To; first.From == first.To {
		c.left = c.left[1:]
	}
	return taken, true
}

// late reports whether the time is over. Gaps that an interruption left are closed all
// the same, so that what is covered has no holes.
func (c *campaign) late() bool {
	return !c.o.Until.IsZero() && len(c.left) == 1 && time.Now().After(c.o.Until)
}

// finish adds what a worker has done.
func (c *campaign) finish(done Span, sum *tally.Tally) {
	if done.From == done.To {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.done = c.done.plus(done)
	c.sum.Plus(sum)
	if c.o.Progress != nil {
		c.o.Progress(&c.sum)
	}
	if c.o.Disk != nil {
		if err := c.journal.add(done, sum); err != nil {
			c.stop(err)
		}
	}
}
