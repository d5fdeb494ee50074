package generate

// Records decides by a fuzzer's bytes in records of one size, one for each fault of a plan
// behind a head for what is drawn before. So a fuzzer that changes, drops or repeats some bytes
// changes, drops or repeats a fault, and leaves the others as they are; in one stream of bytes
// every later choice would be another. When a record is used up, its further choices are the
// simplest.
type Records struct {
	now  Bytes
	rest []byte
	size int
}

// NewRecords makes a Choice that bytes drive: head of them until the first fault, and size for
// each fault. It keeps data. size must be positive.
func NewRecords(data []byte, head, size int) *Records {
	if head < 0 || size <= 0 {
		panic("generate: records of no size")
	}
	r := &Records{rest: data, size: size}
	r.take(head)
	return r
}

// Choose picks one of n alternatives.
func (r *Records) Choose(n uint64) uint64 { return r.now.Choose(n) }

// Next goes on to the next record, which Plan does before each fault.
func (r *Records) Next() { r.take(r.size) }

func (r *Records) take(size int) {
	size = min(size, len(r.rest))
	r.now, r.rest = Bytes{r.rest[:size]}, r.rest[size:]
}
