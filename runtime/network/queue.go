package network

// queue is a deque of buffers whose first priority ones overtook the rest (Flink:
// PrioritizedDeque).
type queue struct {
	items    []*Buffer
	head     int
	priority int
}

func (q *queue) size() int { return len(q.items) - q.head }

func (q *queue) at(i int) *Buffer { return q.items[q.head+i] }

func (q *queue) push(b *Buffer) {
	if q.head > 32 && q.head*2 > len(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, b)
}

// pushPriority inserts behind the priority buffers that are already there.
func (q *queue) pushPriority(b *Buffer) {
	q.items = append(q.items, nil)
	at := q.head + q.priority
	copy(q.items[at+1:], q.items[at:])
	q.items[at] = b
	q.priority++
}

func (q *queue) pop() *Buffer {
	b := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.priority > 0 {
		q.priority--
	}
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return b
}

// remove takes out the i-th buffer, which must not be a priority one.
func (q *queue) remove(i int) *Buffer {
	at := q.head + i
	b := q.items[at]
	copy(q.items[at:], q.items[at+1:])
	q.items[len(q.items)-1] = nil
	q.items = q.items[:len(q.items)-1]
	return b
}
