package sim

// Slab hands out values that live until the end of the run, in the memory of the run
// before: a run that makes what the one before it made asks the heap for nothing.
//
//	chunk 0 |v v v v|  chunk 1 |v v v v v · · ·|  beyond the last chunk: the heap
//	       given out                     ▲ next
//
// Reset takes everything back at once, so whoever keeps a value longer than the run must
// copy it. Nothing that is given out may hold on to something large that the run itself gives
// up before its end. What a run asks for beyond the last chunk is left to the garbage collector: a
// job that restarts for ever holds no more than one that does not. A nil Slab makes
// everything anew. It has no effect on what is simulated.
type Slab[T any] struct {
	chunks [][]T
	chunk  int // the one in use
	used   int // of it
	beyond []T // what is left of a block from the heap
}

// Chunk i of a slab holds slabFirst << i values. Beyond the last one the heap is asked for
// slabBeyond at a time.
const (
	slabFirst  = 16
	slabChunks = 5
	slabBeyond = 64
)

// New gives a zero value.
func (s *Slab[T]) New() *T { return &s.Make(1)[0] }

// Make gives a slice of n zero values, which has no room for more.
func (s *Slab[T]) Make(n int) []T {
	if s == nil {
		return make([]T, n)
	}
	for ; s.chunk < slabChunks; s.chunk, s.used = s.chunk+1, 0 {
		if s.chunk == len(s.chunks) {
			s.chunks = append(s.chunks, make([]T, slabFirst<<s.chunk))
		}
		if from, to := s.used, s.used+n; to <= len(s.chunks[s.chunk]) {
			s.used = to
			return s.chunks[s.chunk][from:to:to]
		}
	}
	if n > slabBeyond/2 {
		return make([]T, n)
	}
	if len(s.beyond) < n {
		s.beyond = make([]T, slabBeyond)
	}
	made := s.beyond[:n:n]
	s.beyond = s.beyond[n:]
	return made
}

// Room gives an empty slice that grows in place up to n values.
func (s *Slab[T]) Room(n int) []T { return s.Make(n)[:0] }

// Reset takes back everything that was given out.
func (s *Slab[T]) Reset() {
	for i := range min(s.chunk, len(s.chunks)) {
		clear(s.chunks[i])
	}
	if s.chunk < len(s.chunks) {
		clear(s.chunks[s.chunk][:s.used])
	}
	s.chunk, s.used, s.beyond = 0, 0, nil
}
