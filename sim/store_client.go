package sim

// StoreError says why a store did not do what it was asked. The empty one is success.
type StoreError string

const (
	// StoreOK: no error.
	StoreOK StoreError = ""
	// StoreFailed: the store had a fault; whether a put or delete took effect is not
	// certain only for TornPuts.
	StoreFailed StoreError = "store failed"
	// StoreTimedOut: no answer; the request may have taken effect or not.
	StoreTimedOut StoreError = "store timed out"
	// StoreConflict: the version is not the expected one.
	StoreConflict StoreError = "version conflict"
	// StoreTorn: the object is there in part only.
	StoreTorn StoreError = "torn object"
	// StoreCorrupt: the bytes that were read have another checksum than those written.
	StoreCorrupt StoreError = "corrupt object"
)

// Error is the reason as a text; StoreError is an error.
func (e StoreError) Error() string { return string(e) }

// StoreReply is the Body of the message that answers a request. It belongs to the caller.
type StoreReply struct {
	Request   RequestID
	Key       ObjectKey
	Found     bool // get, delete: there was an object
	Body      any  // get
	SizeBytes int64
	Version   int64 // of the object found or written; of the one in the way after a conflict
	Keys      []ObjectKey
	Sizes     []int64 // of Keys
	Err       StoreError
}

// RequestID names a request to a store until it is answered.
type RequestID uint64

// NoRequest is the id of no request; to cancel it does nothing.
const NoRequest RequestID = 0

// StoreClient is a store in the hands of the running actor. Every operation is answered by
// the message reply, with a *StoreReply as its Body, unless the caller is dead by then or
// cancelled it. An operation takes effect at one instant between request and answer.
type StoreClient struct {
	c *Context
	s *Store
}

// Store gives the running actor access to an object store.
func (c *Context) Store(id StoreID) StoreClient { return StoreClient{c, c.k.stores[id]} }

// Put writes an object, over any older one. The body is kept as it is, so it must not be
// changed any more.
func (t StoreClient) Put(key ObjectKey, sizeBytes int64, body any, reply Message) RequestID {
	return t.PutMoving(key, sizeBytes, sizeBytes, body, reply)
}

// PutMoving is Put of an object that lies in a file with others: moveBytes pass the pipe for
// it, those of the whole file or none, whatever its own size is.
func (t StoreClient) PutMoving(key ObjectKey, sizeBytes, moveBytes int64, body any, reply Message) RequestID {
	return t.s.request(t.c, request{kind: requestPut, key: key, sizeBytes: sizeBytes, moveBytes: moveBytes,
		body: body, expect: anyVersion, reply: reply})
}

// PutIfAbsent writes an object only if there is none; else the answer is StoreConflict.
func (t StoreClient) PutIfAbsent(key ObjectKey, sizeBytes int64, body any, reply Message) RequestID {
	return t.CompareAndSwap(key, 0, sizeBytes, body, reply)
}

// CompareAndSwap writes an object only if the version there is the expected one, 0 for
// none; else the answer is StoreConflict with the version that is there.
func (t StoreClient) CompareAndSwap(key ObjectKey, version, sizeBytes int64, body any,
	reply Message) RequestID {
	return t.s.request(t.c, request{kind: requestPut, key: key, sizeBytes: sizeBytes, moveBytes: sizeBytes,
		body: body, expect: version, reply: reply})
}

// Get reads an object. The answer for a torn one is StoreTorn, with Found set.
func (t StoreClient) Get(key ObjectKey, reply Message) RequestID {
	return t.s.request(t.c, request{kind: requestGet, key: key, reply: reply})
}

// Delete removes an object; the answer says whether there was one.
func (t StoreClient) Delete(key ObjectKey, reply Message) RequestID {
	return t.s.request(t.c, request{kind: requestDelete, key: key, reply: reply, expect: anyVersion})
}

// List lists the keys of the prefix's kind that agree with it in the first fields (0 to 3)
// of A, B and C, in order.
func (t StoreClient) List(prefix ObjectKey, fields int, reply Message) RequestID {
	return t.s.request(t.c, request{kind: requestList, key: prefix, fields: fields, reply: reply})
}

// Cancel gives a request up: it is not answered. The store hears of it 1 ns later, and
// drops a put that has not all its bytes by then.
func (t StoreClient) Cancel(id RequestID) {
	s := t.s
	index, known := s.locate(id)
	if !known || t.c.muted {
		return
	}
	if owner := s.requests[index].caller; owner != t.c.self {
		s.k.failf("%s cancels a request of %s to store %s", t.c.actor.name, s.k.ActorName(owner), s.options.Name)
	}
	s.requests[index].unanswered = true
	s.tell(t.c.self, storeCancel, id, 1)
}
