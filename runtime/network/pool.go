package network

// Pool counts the memory segments of a result partition (Flink: LocalBufferPool). A
// record that is already being written may take up to Overdraft segments more than
// Target (FLINK-27789).
type Pool struct {
	target, overdraft, perSubpartition int32

	inUse       int32
	bySub       []int32
	unavailable int32 // subpartitions at their limit

	// Changes are the segments taken and returned since the caller last emptied it.
	Changes []Change
}

// Change is one segment taken from, or returned to, a pool.
type Change struct {
	Subpartition int32
	// InUse is the number of segments in use after it.
	InUse int32
	Taken bool
}

// newPool gives a pool of target segments for the subpartitions.
func (a *Arena) newPool(subpartitions int, target, perSubpartition, overdraft int32) *Pool {
	p := a.pools.New()
	*p = Pool{
		target: target, overdraft: overdraft, perSubpartition: perSubpartition,
		bySub: a.counts.Make(subpartitions), Changes: a.changes.Room(changesRoom),
	}
	return p
}

// Available reports whether a task may start another record: a segment is free without
// overdraft, and no subpartition is at its limit.
func (p *Pool) Available() bool { return p.inUse < p.target && p.unavailable == 0 }

// InUse is the number of segments taken, overdraft included.
func (p *Pool) InUse() int32 { return p.inUse }

// Target is the number of segments without overdraft.
func (p *Pool) Target() int32 { return p.target }

// Overdrawn is how many of the segments in use are overdraft.
func (p *Pool) Overdrawn() int32 { return max(0, p.inUse-p.target) }

// take requests a segment for a subpartition; false: the task has to wait for one.
func (p *Pool) take(subpartition int32) bool {
	if p.inUse >= p.target+p.overdraft {
		return false
	}
	p.force(subpartition)
	return true
}

// force takes a segment whatever the limits are: recovered output data has to be
// somewhere before the first record may be written.
func (p *Pool) force(subpartition int32) {
	p.inUse++
	p.bySub[subpartition]++
	if p.bySub[subpartition] == p.perSubpartition {
		p.unavailable++
	}
	p.Changes = append(p.Changes, Change{subpartition, p.inUse, true})
}

func (p *Pool) put(subpartition int32) {
	if p.bySub[subpartition] == p.perSubpartition {
		p.unavailable--
	}
	p.inUse--
	p.bySub[subpartition]--
	if p.bySub[subpartition] < 0 {
		panic("network: a segment was returned twice")
	}
	p.Changes = append(p.Changes, Change{subpartition, p.inUse, false})
}

// Abandon returns every segment at once: the task ends, and what local consumers still
// hold of its memory is not waited for.
func (p *Pool) Abandon() {
	for sub := range p.bySub {
		for p.bySub[sub] > 0 {
			p.put(int32(sub))
		}
	}
}

// CanTake reports whether a segment could be had now, overdraft included.
func (p *Pool) CanTake() bool { return p.inUse < p.target+p.overdraft }
