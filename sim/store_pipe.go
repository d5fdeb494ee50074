package sim

// pipe is the bandwidth that the puts of a store share, or its gets: each has a limit, and
// all together have one.
type pipe struct {
	store    *Store
	of       requestKind
	fluid    fluid
	waking   TimerID
	wakingAt int64
	settling bool
}

const unlimitedBytes = 1 << 40 // a second, where only one of the two limits is given

func (p *pipe) init(s *Store, of requestKind) {
	*p = pipe{store: s, of: of, fluid: p.fluid}
	p.fluid.init(0, 0, 1_000_000_000)
}

// limited is whether bytes take time at all.
func (p *pipe) limited() bool {
	return p.store.options.BytesPerSecond > 0 || p.store.options.TotalBytesPerSecond > 0
}

// setRates applies the limits, and how much slower the store is than it should be.
func (s *Store) setRates() {
	limit, total := s.options.BytesPerSecond, s.options.TotalBytesPerSecond
	if limit <= 0 {
		limit = unlimitedBytes
	}
	if total <= 0 {
		total = unlimitedBytes
	}
	faster := Ratio{s.slow.Den, s.slow.Num}
	for _, p := range []*pipe{&s.puts, &s.gets} {
		p.fluid.setRates(s.k.now, uint64(max(faster.Of(limit), 1)), uint64(max(faster.Of(total), 1)))
		p.change()
	}
}

// pipeOf is the pipe of a kind of request, nil for those that move no bytes.
func (s *Store) pipeOf(kind requestKind) *pipe {
	switch kind {
	case requestPut:
		return &s.puts
	case requestGet:
		return &s.gets
	}
	return nil
}

// begin moves the bytes of a request.
func (p *pipe) begin(index int32, sizeBytes int64) {
	s := p.store
	r := &s.requests[index]
	p.fluid.sync(s.k.now)
	finish := p.fluid.service(s.k.now) + sizeBytes<<fractionBits
	p.fluid.add(s.k.now, fluidJob{finish, s.k.actors[r.caller].address, r.sequence, index})
	p.change()
}

// stop takes a request out and returns how many of its bytes had moved.
func (p *pipe) stop(index int32, sizeBytes int64) int64 {
	now := p.store.k.now
	p.fluid.sync(now)
	service := p.fluid.service(now)
	job := p.fluid.remove(now, index)
	p.change()
	return sizeBytes - max(job.finish-service, 0)>>fractionBits
}

func (p *pipe) change() {
	if !p.settling {
		p.settling = true
		p.store.k.settling = append(p.store.k.settling, p)
	}
}

// settle sets the timer for the next request whose bytes are all there.
func (p *pipe) settle() {
	p.settling = false
	k := p.store.k
	next := int64(maxNanos)
	if len(p.fluid.heap) > 0 {
		next = p.fluid.timeOf(p.fluid.heap[0].finish)
	}
	if p.waking != NoTimer && p.wakingAt == next {
		return
	}
	if index, pending := k.slots.find(p.waking); pending {
		k.drop(index)
	}
	p.waking = NoTimer
	if next == maxNanos {
		return
	}
	m := Message{Kind: storeMoved, A: int64(p.of)}
	index, _ := k.schedule(max(next, k.now), p.store.actor, p.store.actor, Cause{Actor: NoActor}, classMail, &m)
	k.enqueue(index)
	p.waking, p.wakingAt = k.slots.timer(index), next
}

// wake goes on with the requests whose bytes are all there.
func (p *pipe) wake() {
	p.waking = NoTimer
	now := p.store.k.now
	p.fluid.sync(now)
	service := p.fluid.service(now)
	for len(p.fluid.heap) > 0 && p.fluid.heap[0].finish <= service {
		id := p.fluid.heap[0].id
		p.fluid.remove(now, id)
		p.store.moved(id)
	}
	p.change()
}
