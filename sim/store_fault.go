package sim

import "slices"

// StoreFault makes requests fail.
type StoreFault struct {
	// Puts, Gets, Deletes and Lists say which requests fail.
	Puts, Gets, Deletes, Lists bool
	// Remaining is how many of them fail before the fault is over; negative: all.
	Remaining int
	// Every: each of them fails with a chance of one in Every, by an addressed draw. 0: all.
	Every int64
	// Err is the answer. Default: StoreFailed.
	Err StoreError
	// Applied requests take effect all the same: only the answer says Err.
	Applied bool
}

// AddFault makes requests that reach the store from now on fail, besides those that other
// faults strike: the first fault that a request meets decides. The fault is the store's until
// RemoveFault.
func (s *Store) AddFault(f *StoreFault) {
	if f.Err == StoreOK {
		f.Err = StoreFailed
	}
	s.faults = append(s.faults, f)
}

// RemoveFault ends a fault; one that is not there is ignored.
func (s *Store) RemoveFault(f *StoreFault) {
	s.faults = slices.DeleteFunc(s.faults, func(active *StoreFault) bool { return active == f })
}

// SetFault is AddFault in place of all other faults. The zero value ends them.
func (s *Store) SetFault(f StoreFault) {
	s.faults = s.faults[:0]
	if f != (StoreFault{}) {
		s.AddFault(&f)
	}
}

// SetSlow makes latencies longer, and bandwidth smaller, by a factor. One ends it. It
// panics unless the factor is positive.
func (s *Store) SetSlow(factor Ratio) {
	if factor.Num <= 0 || factor.Den <= 0 {
		s.k.failf("store %s is made slower by %s", s.options.Name, factor)
	}
	s.slow = factor
	s.setRates()
}

// judge is the fault that a request meets, which uses it up; nil: none.
func (s *Store) judge(r *request) *StoreFault {
	for _, f := range s.faults {
		hit := f.Puts && r.kind == requestPut || f.Gets && r.kind == requestGet ||
			f.Deletes && r.kind == requestDelete || f.Lists && r.kind == requestList
		if !hit || f.Remaining == 0 || !s.meets(f, r) {
			continue
		}
		f.Remaining = max(f.Remaining-1, -1)
		return f
	}
	return nil
}

// meets draws whether a fault that strikes some requests only strikes this one. One that is
// made again draws anew.
func (s *Store) meets(f *StoreFault, r *request) bool {
	if f.Every <= 1 {
		return true
	}
	draw := Draw(s.k.options.Seed, PurposeFault, r.key.address(), uint64(r.kind), uint64(s.k.now))
	return Below(draw, uint64(f.Every)) == 0
}

// abandon drops a request, unless all its bytes are there: then it takes effect although
// nobody waits for the answer. A crash of the writer can leave a torn object.
func (s *Store) abandon(index int32, crashed bool) {
	r := &s.requests[index]
	r.unanswered = true
	if r.stage >= stageClosing {
		return
	}
	moved := int64(0)
	if p := s.pipeOf(r.kind); p != nil && p.fluid.serving(index) {
		moved = min(p.stop(index, r.moveBytes), r.sizeBytes)
	}
	if crashed && r.kind == requestPut && r.stage == stageMoving {
		s.tear(r, moved)
	}
	s.stats.Aborted++
	s.release(index)
}

// abandonRequests drops the requests of callers that died, at all stores.
func (k *Kernel) abandonRequests(matches func(r *request) bool, crashed bool) {
	for _, s := range k.stores {
		for i := range s.requests {
			if s.requests[i].kind != requestNone && matches(&s.requests[i]) {
				s.abandon(int32(i), crashed)
			}
		}
	}
}

// cutOff is whether a caller cannot reach the store, or the store the caller.
func (s *Store) cutOff(caller ActorID, toStore bool) bool {
	if s.down {
		return true
	}
	n := s.k.actors[caller].node
	if s.options.Node == NoNode || n == NoNode {
		return false
	}
	if toStore {
		return s.k.isCut(n, s.options.Node)
	}
	return s.k.isCut(s.options.Node, n)
}

// giveUp ends a request by timeout.
func (s *Store) giveUp(index int32) {
	s.requests[index].stage = stageAnswered
	s.tell(s.actor, storeTimeout, s.id(index), s.options.TimeoutNanos)
}

func (s *Store) id(index int32) RequestID {
	return RequestID(uint64(s.requests[index].generation)<<32 | uint64(index+1))
}

func (s *Store) locate(id RequestID) (int32, bool) {
	index := int32(uint32(id)) - 1
	if index < 0 || int(index) >= len(s.requests) {
		return 0, false
	}
	r := &s.requests[index]
	return index, r.kind != requestNone && r.generation == uint32(id>>32)
}

func (s *Store) claim() int32 {
	if n := len(s.free); n > 0 {
		index := s.free[n-1]
		s.free = s.free[:n-1]
		return index
	}
	s.requests = append(s.requests, request{})
	return int32(len(s.requests) - 1)
}

func (s *Store) release(index int32) {
	s.requests[index] = request{generation: s.requests[index].generation + 1}
	s.free = append(s.free, index)
	s.stats.InFlight--
}
