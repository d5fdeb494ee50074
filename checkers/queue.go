package checkers

// queue is a first-in first-out buffer that keeps its memory.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) reset() { q.items, q.head = q.items[:0], 0 }

func (q *queue[T]) push(x T) {
	if q.head > 0 && len(q.items) == cap(q.items) {
		n := copy(q.items, q.items[q.head:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, x)
}

func (q *queue[T]) pop() (x T, ok bool) {
	if q.head == len(q.items) {
		return x, false
	}
	x = q.items[q.head]
	q.head++
	if q.head == len(q.items) {
		q.reset()
	}
	return x, true
}

// pushFront puts x where the next pop takes it.
func (q *queue[T]) pushFront(x T) {
	if q.head == 0 {
		q.items = append(q.items, x)
		copy(q.items[1:], q.items)
		q.items[0] = x
		return
	}
	q.head--
	q.items[q.head] = x
}
