package sim

import "slices"

// StoreOptions describe an object store, such as a distributed file system: durable, and
// not on any process that can crash.
type StoreOptions struct {
	Name string
	// CreateLatency passes before the first byte of a put, and before a delete or a list.
	CreateLatency Distribution
	// CloseLatency passes after the last byte of a put, before the object is there.
	CloseLatency Distribution
	// ReadLatency passes before the first byte of a get.
	ReadLatency Distribution
	// BytesPerSecond limits each put, and each get. 0: unlimited.
	BytesPerSecond int64
	// TotalBytesPerSecond limits all puts together, and all gets together. 0: unlimited.
	TotalBytesPerSecond int64
	// TornPuts makes a put whose writer crashes, or which fails, leave a torn object.
	// Otherwise a put is atomic: it leaves nothing.
	TornPuts bool
	// Node is where the store is reached: requests from a node that is cut off from it
	// fail by timeout, and so do answers. NoNode: always reachable. The zero value is node
	// 0: say NoNode for a store outside of the network.
	Node NodeID
	// TimeoutNanos is when a request is given up whose store cannot be reached.
	// Default: 30 s.
	TimeoutNanos int64
}

// Store is an object store. It lives for as long as the kernel.
type Store struct {
	k        *Kernel
	options  StoreOptions
	number   StoreID
	actor    ActorID
	objects  []object // ordered by key
	revision int64
	requests []request
	free     []int32
	puts     pipe
	gets     pipe
	faults   []*StoreFault
	slow     Ratio
	damage   damage
	down     bool
	stats    StoreStats
}

// object is what lies under a key.
type object struct {
	key        ObjectKey
	body       any
	sizeBytes  int64
	version    int64
	torn       bool
	sinceNanos int64 // when something came to lie under the key
	syncNanos  int64 // when it is durable
}

// ObjectInfo describes an object, for checkers.
type ObjectInfo struct {
	Key       ObjectKey
	SizeBytes int64
	Version   int64
	Torn      bool
	Body      any
}

// StoreStats count what a store did and holds.
type StoreStats struct {
	Objects, Bytes             int64 // alive now
	Puts, Gets, Deletes, Lists int64 // done
	Failed, Torn, Aborted      int64
	TimedOut                   int64 // given up
	InFlight                   int64 // requests that were not answered yet
	PutBytes, GetBytes         int64
}

// AddStore adds an object store.
func (k *Kernel) AddStore(o StoreOptions) StoreID {
	if o.TimeoutNanos == 0 {
		o.TimeoutNanos = 30_000_000_000
	}
	id := StoreID(len(k.stores))
	stores, s := another(k.stores)
	k.stores = stores
	s.empty()
	s.k, s.options, s.number, s.slow = k, o, id, One
	s.actor = k.addActor("store:"+o.Name, s, NoProcess, o.Node)
	s.puts.init(s, requestPut)
	s.gets.init(s, requestGet)
	s.setRates()
	return id
}

// empty makes the store as new and keeps its memory.
func (s *Store) empty() {
	clear(s.objects)
	clear(s.requests)
	*s = Store{
		objects: s.objects[:0], requests: s.requests[:0], free: s.free[:0], puts: s.puts, gets: s.gets,
	}
}

// StoreAt is a store as seen from outside, for checkers and faults.
func (k *Kernel) StoreAt(id StoreID) *Store { return k.stores[id] }

// Name is the store's name.
func (s *Store) Name() string { return s.options.Name }

// Stats count what the store did and holds.
func (s *Store) Stats() StoreStats { return s.stats }

// Objects lists what the store holds, in order of keys.
func (s *Store) Objects() []ObjectInfo {
	infos := make([]ObjectInfo, len(s.objects))
	for i, o := range s.objects {
		infos[i] = ObjectInfo{o.key, o.sizeBytes, o.version, o.torn, o.body}
	}
	return infos
}

// Peek is what lies under a key, for checkers: it takes no time and is no request.
func (s *Store) Peek(key ObjectKey) (ObjectInfo, bool) {
	i, found := s.find(key)
	if !found {
		return ObjectInfo{}, false
	}
	o := &s.objects[i]
	return ObjectInfo{o.key, o.sizeBytes, o.version, o.torn, o.body}, true
}

// Seed puts an object there before or between runs, such as the checkpoint that a job is
// started from. It takes no time and is no request.
func (s *Store) Seed(key ObjectKey, sizeBytes int64, body any) {
	s.write(key, sizeBytes, body, false)
}

func compareObjects(o object, key ObjectKey) int { return o.key.Compare(key) }

func (s *Store) find(key ObjectKey) (int, bool) {
	return slices.BinarySearchFunc(s.objects, key, compareObjects)
}

// version is the version of what lies under a key, 0 for nothing.
func (s *Store) version(key ObjectKey) int64 {
	if i, found := s.find(key); found {
		return s.objects[i].version
	}
	return 0
}

// write puts an object in place. Versions are never used again, also not after a delete.
func (s *Store) write(key ObjectKey, sizeBytes int64, body any, torn bool) int64 {
	since := s.k.now
	i, found := s.find(key)
	if found {
		since = s.objects[i].sinceNanos
		s.drop(i)
	}
	s.revision++
	s.objects = slices.Insert(s.objects, i, object{
		key, body, sizeBytes, s.revision, torn, since, s.k.now + s.damage.unsyncedNanos(),
	})
	s.stats.Objects++
	s.stats.Bytes += sizeBytes
	return s.revision
}

// remove takes an object away. It reports whether there was one.
func (s *Store) remove(key ObjectKey) bool {
	i, found := s.find(key)
	if !found {
		return false
	}
	s.damage.bury(&s.objects[i], s.k.now)
	s.drop(i)
	return true
}

func (s *Store) drop(i int) {
	s.stats.Objects--
	s.stats.Bytes -= s.objects[i].sizeBytes
	s.objects = slices.Delete(s.objects, i, i+1)
}
