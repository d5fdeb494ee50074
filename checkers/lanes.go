package checkers

import "simrun/protocol"

// lanes keeps a T per index (a channel, a pool, a task) and attempt, for the newest
// attempt and the one before it: a zombie goes on in its own lane while its successor
// starts afresh. Memory of a T is used again.
type lanes[T any] struct{ pairs []lanePair[T] }

type lanePair[T any] struct{ newest, former lane[T] }

type lane[T any] struct {
	open    bool
	attempt protocol.Attempt
	state   T
}

func (l *lanes[T]) reset(n int) {
	if cap(l.pairs) < n {
		l.pairs = make([]lanePair[T], n)
		return
	}
	l.pairs = l.pairs[:n]
	for i := range l.pairs {
		l.pairs[i].newest.open, l.pairs[i].former.open = false, false
	}
}

// at is the lane of index in attempt. fresh means that it was opened by this call: its
// state holds what is left from earlier use. It is nil for an attempt older than both.
func (l *lanes[T]) at(index int32, attempt protocol.Attempt) (state *T, fresh bool) {
	pair := &l.pairs[index]
	switch {
	case pair.newest.open && pair.newest.attempt == attempt:
		return &pair.newest.state, false
	case !pair.newest.open || attempt > pair.newest.attempt:
		pair.newest, pair.former = pair.former, pair.newest
		pair.newest.open, pair.newest.attempt = true, attempt
		return &pair.newest.state, true
	case pair.former.open && pair.former.attempt == attempt:
		return &pair.former.state, false
	case !pair.former.open:
		pair.former.open, pair.former.attempt = true, attempt
		return &pair.former.state, true
	}
	return nil, false
}

// each visits the open lanes in the order of their indices, the newest attempt first.
func (l *lanes[T]) each(visit func(index int32, attempt protocol.Attempt, state *T)) {
	for i := range l.pairs {
		for _, x := range []*lane[T]{&l.pairs[i].newest, &l.pairs[i].former} {
			if x.open {
				visit(int32(i), x.attempt, &x.state)
			}
		}
	}
}
