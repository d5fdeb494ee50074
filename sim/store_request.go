package sim

// request is an operation under way at a store.
type request struct {
	kind        requestKind
	stage       requestStage
	key         ObjectKey
	fields      int
	expect      int64 // version
	sizeBytes   int64
	moveBytes   int64 // of a put: those that pass the pipe
	body        any
	reply       Message
	cause       Cause
	caller      ActorID
	incarnation int32
	generation  uint32
	sequence    uint64
	unanswered  bool // cancelled
	verdict     StoreError
	applied     bool // despite the verdict
}

type requestKind uint8

const (
	requestNone requestKind = iota
	requestPut
	requestGet
	requestDelete
	requestList
)

type requestStage uint8

const (
	stageOpening  requestStage = iota // before the first byte
	stageMoving                       // bytes are under way
	stageClosing                      // all bytes are there
	stageAnswered                     // took effect, but its answer cannot get through
)

const anyVersion int64 = -1

// What a store tells itself, and what its clients tell it.
const (
	storeOpened uint16 = iota
	storeMoved
	storeClosed
	storeCancel
	storeTimeout
)

// request accepts an operation; it reaches the store after the latency of opening.
func (s *Store) request(c *Context, r request) RequestID {
	if c.muted {
		return NoRequest
	}
	if r.sizeBytes < 0 || max(r.sizeBytes, r.moveBytes) > maxService {
		s.k.failf("%s writes %s with %d bytes", c.actor.name, r.key, r.sizeBytes)
	}
	index := s.claim()
	r.generation = s.requests[index].generation
	s.k.sequence++
	r.cause, r.caller, r.incarnation, r.sequence = c.outgoing(), c.self, c.actor.incarnation, s.k.sequence
	s.requests[index] = r
	s.stats.InFlight++
	id := s.id(index)
	if s.cutOff(c.self, true) {
		s.giveUp(index)
		return id
	}
	s.tell(c.self, storeOpened, id, max(s.opening(&r), 1))
	return id
}

// opening is what passes before the first byte.
func (s *Store) opening(r *request) int64 {
	if r.kind == requestGet {
		return s.latency(s.options.ReadLatency, PurposeStoreRead, r)
	}
	return s.latency(s.options.CreateLatency, PurposeStoreCreate, r)
}

// latency draws by the key of the object.
func (s *Store) latency(d Distribution, p Purpose, r *request) int64 {
	value := d.Low
	if d.Kind != DistributionConstant {
		value = d.At(Draw(s.k.options.Seed, p, r.key.address(), uint64(r.kind), s.k.actors[s.actor].address))
	}
	return s.slow.Of(value)
}

// tell sends the store word of a request.
func (s *Store) tell(from ActorID, kind uint16, id RequestID, delay int64) TimerID {
	m := Message{Kind: kind, A: int64(id)}
	if index, known := s.locate(id); known {
		m.Housekeeping = s.requests[index].reply.Housekeeping
	}
	slotIndex, _ := s.k.schedule(s.k.now+delay, s.actor, from, Cause{Actor: NoActor}, classArrival, &m)
	s.k.enqueue(slotIndex)
	return s.k.slots.timer(slotIndex)
}

// Receive does what is due at the store. The store is an actor so that requests of one
// instant are taken in addressed order.
func (s *Store) Receive(_ *Context, m Message) {
	if m.Kind == storeMoved {
		s.pipeOf(requestKind(m.A)).wake()
		return
	}
	index, known := s.locate(RequestID(m.A))
	if !known || s.requests[index].stage == stageAnswered && m.Kind != storeTimeout {
		return
	}
	switch m.Kind {
	case storeOpened:
		s.open(index)
	case storeClosed:
		s.commit(index)
	case storeCancel:
		s.abandon(index, false)
	case storeTimeout:
		reply := s.k.replies.New()
		reply.Err = StoreTimedOut
		s.stats.TimedOut++
		s.answer(index, reply)
	}
}

// open lets the bytes of a request move.
func (s *Store) open(index int32) {
	r := &s.requests[index]
	r.verdict, r.applied = StoreOK, true
	if f := s.judge(r); f != nil {
		r.verdict, r.applied = f.Err, f.Applied
	}
	size := r.moveBytes
	if r.kind == requestGet {
		if i, found := s.find(r.key); found {
			size = s.objects[i].sizeBytes
		}
	}
	if !r.applied && !s.tears() {
		size = 0
	}
	r.stage = stageMoving
	if p := s.pipeOf(r.kind); p != nil && size > 0 && p.limited() {
		p.begin(index, size)
		return
	}
	s.moved(index)
}

// moved is when all bytes of a request are there.
func (s *Store) moved(index int32) {
	r := &s.requests[index]
	r.stage = stageClosing
	if r.kind == requestPut && r.applied {
		if delay := s.latency(s.options.CloseLatency, PurposeStoreClose, r); delay > 0 {
			s.tell(s.actor, storeClosed, s.id(index), delay)
			return
		}
	}
	s.commit(index)
}

// commit makes a request take effect, in this instant, and answers it.
func (s *Store) commit(index int32) {
	r := &s.requests[index]
	reply := s.reply(r.kind)
	reply.Key, reply.Err = r.key, r.verdict
	switch {
	case !r.applied:
		s.stats.Failed++
		if r.kind == requestPut {
			s.tear(r, r.sizeBytes/2)
		}
	case r.kind == requestPut:
		s.commitPut(r, reply)
	case r.kind == requestGet:
		s.commitGet(r, reply)
	case r.kind == requestDelete:
		s.stats.Deletes++
		reply.Found = s.remove(r.key)
	case r.kind == requestList:
		s.stats.Lists++
		reply.Keys, reply.Sizes = s.list(r.key, r.fields)
	}
	if r.verdict != StoreOK {
		reply.Err = r.verdict
	}
	if r.verdict == StoreCorrupt && reply.Found {
		reply.Body = nil
		s.damaged(DamageCorrupt)
	}
	if s.cutOff(r.caller, false) {
		s.giveUp(index)
		return
	}
	s.answer(index, reply)
}

// reply is a new answer. What a get answers leads to the object, which may be large and
// short-lived, so it is left to the garbage collector.
func (s *Store) reply(to requestKind) *StoreReply {
	if to == requestGet {
		return &StoreReply{}
	}
	return s.k.replies.New()
}

func (s *Store) commitPut(r *request, reply *StoreReply) {
	s.stats.Puts++
	reply.SizeBytes = r.sizeBytes
	if present := s.version(r.key); r.expect != anyVersion && r.expect != present {
		reply.Err, reply.Version = StoreConflict, present
		return
	}
	s.stats.PutBytes += r.sizeBytes
	reply.Version = s.write(r.key, r.sizeBytes, r.body, false)
}

func (s *Store) commitGet(r *request, reply *StoreReply) {
	s.stats.Gets++
	i, found := s.find(r.key)
	if !found {
		return
	}
	o := &s.objects[i]
	s.stats.GetBytes += o.sizeBytes
	reply.Found, reply.SizeBytes, reply.Version = true, o.sizeBytes, o.version
	if o.torn {
		reply.Err = StoreTorn
		return
	}
	reply.Body = o.body
}

// answer ends a request and sends the reply, which takes 1 ns more.
func (s *Store) answer(index int32, reply *StoreReply) {
	r := &s.requests[index]
	reply.Request, reply.Key = s.id(index), r.key
	m := r.reply
	m.Body = reply
	caller := s.k.actors[r.caller]
	if !r.unanswered && caller.alive && caller.incarnation == r.incarnation {
		if slotIndex, ok := s.k.schedule(s.k.now+1, r.caller, s.actor, r.cause, arrivalClass(&m), &m); ok {
			s.k.enqueue(slotIndex)
		}
	}
	s.release(index)
}
