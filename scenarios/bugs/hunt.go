package bugs

import (
	"context"
	"runtime"
	"sync"

	"simrun/protocol"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/detection"
)

// Defaults of Options.
const (
	// DefaultStreams are enough for a 95 % interval of the median with ten streams between
	// its ends, and an odd number, so that one of them is the median.
	DefaultStreams = 25
	// DefaultLimit is several times the median that a bug may need.
	DefaultLimit = 1000
	// inVain is how many streams at the beginning come to their limit before a bug is given
	// up.
	inVain = 3
)

// Options are what a hunt is made of.
type Options struct {
	// Bugs to look for; nil: all.
	Bugs []protocol.Bug
	// Explorers look for each bug. The first is the one that has to catch it, and whose case
	// is told; the others are there to be compared with it.
	Explorers []Explorer
	// Streams of an explorer that draws, for each bug; 0: DefaultStreams. Limit is the most
	// runs of one; 0: DefaultLimit.
	Streams int
	Limit   uint64
	// Workers is the number of runs at a time; 0: one per core.
	Workers int

	// Disk is where case files go; nil: nowhere.
	Disk campaign.Disk
	// Minimize makes a case smaller; nil: cases stay as they are.
	Minimize func(ctx context.Context, c *config.Case, signature string) (*config.Case,
		*result.Minimization, error)
	// Explain words a case that lies in a file, and says how many lines tell what happened; nil:
	// nothing is explained.
	Explain func(c *config.Case, signature, file string) (text []byte, storyLines int, err error)
	// Progress, if not nil, is told how far the hunt is; never by two goroutines at once.
	Progress func(Progress)
}

// Progress is how far a hunt is.
type Progress struct {
	// Bugs of all are done by the first explorer; Caught of them were.
	Bugs, All, Caught int
	// Seeds were run, by all explorers.
	Seeds uint64
	// Done is the bug that has just been done; nil: none.
	Done *detection.Bug
}

// Hunt looks for planted bugs. When ctx ends, its error is returned with the bugs that were
// done. Other errors are those of an Explorer, the Disk, or of what Minimize and Explain do.
func Hunt(ctx context.Context, o Options) ([]detection.Bug, error) {
	h := &hunt{o: o}
	h.defaults()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	for range h.o.Workers {
		group.Go(func() {
			if err := h.work(ctx); err != nil {
				stop(err)
			}
		})
	}
	group.Wait()
	return h.results(), context.Cause(ctx)
}

// hunt is one under way.
type hunt struct {
	o Options

	mutex    sync.Mutex
	quarries []quarry
	next     int // the first quarry of which streams may be left
	progress Progress
}

// quarry is a bug that an explorer looks for.
type quarry struct {
	bug      protocol.Bug
	explorer int // among the hunt's; the first one's case is told
	tracks   []track
	taken    int // streams that were begun
	pending  int // and have not ended
	done     bool
	result   detection.Bug
}

// track is a stream, the false alarms on it, and the run that has detected the bug.
type track struct {
	stream detection.Stream
	alarms []detection.Alarm
	found  *config.Scenario
	seed   uint64
	ended  bool
}

func (h *hunt) defaults() {
	o := &h.o
	if o.Bugs == nil {
		o.Bugs = protocol.Bugs()
	}
	if o.Streams == 0 {
		o.Streams = DefaultStreams
	}
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	h.progress.All = len(o.Bugs)
	for _, bug := range o.Bugs {
		for i := range o.Explorers {
			streams := o.Streams
			if o.Explorers[i].Enumerates {
				streams = 1
			}
			h.quarries = append(h.quarries, quarry{bug: bug, explorer: i, tracks: make([]track, streams)})
		}
	}
}

func (h *hunt) work(ctx context.Context) error {
	t := &tracker{hunt: h, runners: make([]Runner, len(h.o.Explorers))}
	for ctx.Err() == nil {
		q, stream := h.take()
		if q == nil {
			return nil
		}
		found, err := t.follow(ctx, q, stream)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if !h.finish(q, stream, found) || q.explorer > 0 {
			continue
		}
		if err := t.tell(ctx, q); err != nil {
			return err
		}
		if ctx.Err() == nil {
			h.report(q)
		}
	}
	return nil
}

// take hands out the next stream.
func (h *hunt) take() (*quarry, int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for ; h.next < len(h.quarries); h.next++ {
		q := &h.quarries[h.next]
		if q.taken < len(q.tracks) && !q.hopeless() {
			q.taken++
			q.pending++
			return q, q.taken - 1
		}
	}
	return nil, 0
}

// hopeless reports whether the first streams have all ended in vain.
func (q *quarry) hopeless() bool {
	for i := range min(inVain, len(q.tracks)) {
		if t := &q.tracks[i]; !t.ended || t.stream.Detected {
			return false
		}
	}
	return true
}

// finish notes how a stream has ended, and reports whether it was the bug's last.
func (h *hunt) finish(q *quarry, stream int, t track) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	t.ended = true
	q.tracks[stream] = t
	q.pending--
	h.progress.Seeds += t.stream.Seeds
	if q.pending > 0 || q.done || q.taken < len(q.tracks) && !q.hopeless() {
		return false
	}
	q.done = true
	q.result = detection.Bug{Word: q.bug.String()}
	counted := q.tracks
	if q.hopeless() { // what else other workers had begun by then is not counted
		counted = counted[:min(inVain, len(counted))]
	}
	for i := range counted {
		q.result.Streams = append(q.result.Streams, counted[i].stream)
		q.result.FalseAlarms = append(q.result.FalseAlarms, counted[i].alarms...)
	}
	return true
}

// report shows a bug that is done.
func (h *hunt) report(q *quarry) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	p := &h.progress
	p.Bugs++
	if q.result.Caught() {
		p.Caught++
	}
	if h.o.Progress != nil {
		shown := *p
		shown.Done = &q.result
		h.o.Progress(shown)
	}
}

// results are those of the bugs that are done, in order, as far as explorers are.
func (h *hunt) results() []detection.Bug {
	var results []detection.Bug
	each := len(h.o.Explorers)
	for first := 0; first < len(h.quarries); first += each {
		if !h.quarries[first].done {
			continue
		}
		b := h.quarries[first].result
		for i := first + 1; i < first+each; i++ {
			if q := &h.quarries[i]; q.done {
				b.Others = append(b.Others, detection.Search{Explorer: h.o.Explorers[q.explorer].Word,
					Streams: q.result.Streams, FalseAlarms: q.result.FalseAlarms})
			}
		}
		results = append(results, b)
	}
	return results
}
