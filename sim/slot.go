package sim

// slotState is where a slot is in its life.
type slotState uint8

const (
	slotFree slotState = iota
	slotPending
	slotCancelled // its entry is still queued and is skipped when its time comes
)

// class orders what one receiver gets in one instant.
type class uint8

const (
	classHeld    class = iota // held back by a pause that ends now, in order of holding
	classRecord               // end of the receiver's own record
	classArrival              // what others sent
	classMail                 // own timers, and messages marked as mail
	classControl              // not for an actor: before all receivers of the instant
	classWake                 // not for an actor: cores, after the controls
)

// slot is all of a pending event but its place in the queue.
type slot struct {
	message    Message
	cause      Cause
	time       int64
	sequence   uint64 // orders events of one path and instant only
	receiver   ActorID
	sender     ActorID
	generation uint32 // counts the uses of the slot, so that stale ids are known
	work       int32  // index of the CPU work that ends with this event, or noWork
	connection ConnectionID
	class      class
	state      slotState
	medium     medium
	uncounted  bool // does not count as pending: its CPU work does
}

// medium is how a message travels; what breaks in the network drops messages by it.
type medium uint8

const (
	mediumDirect medium = iota
	mediumPost
	mediumConnection
)

const noWork int32 = -1

// slots is the slab of pending events, with a free list.
type slots struct {
	all       []slot
	free      []int32
	cancelled int // slots whose entries wait to be skipped
}

// claim takes a free slot and marks it pending. The caller fills it.
func (s *slots) claim() int32 {
	if n := len(s.free); n > 0 {
		index := s.free[n-1]
		s.free = s.free[:n-1]
		s.all[index].state = slotPending
		return index
	}
	s.all = append(s.all, slot{state: slotPending})
	return int32(len(s.all) - 1)
}

// release gives a slot back whose entry has left the queue.
func (s *slots) release(index int32) {
	s.retire(index)
	s.reuse(index)
}

// retire ends the use of a slot: its id is stale from now on.
func (s *slots) retire(index int32) {
	e := &s.all[index]
	if e.state == slotCancelled {
		s.cancelled--
	}
	e.state = slotFree
	e.generation++
}

// reuse lets a retired slot be claimed again.
func (s *slots) reuse(index int32) {
	s.all[index].message.Body = nil
	s.free = append(s.free, index)
}

// timer is the id of a pending slot.
func (s *slots) timer(index int32) TimerID {
	return TimerID(uint64(s.all[index].generation)<<32 | uint64(index+1))
}

// find is the slot of a timer that is still pending.
func (s *slots) find(t TimerID) (int32, bool) {
	index := int32(uint32(t)) - 1
	if index < 0 || int(index) >= len(s.all) {
		return 0, false
	}
	e := &s.all[index]
	return index, e.state == slotPending && e.generation == uint32(t>>32)
}

// clear frees every slot and keeps the memory.
func (s *slots) clear() {
	clear(s.all)
	s.all, s.free, s.cancelled = s.all[:0], s.free[:0], 0
}
