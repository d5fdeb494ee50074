package story

import (
	"slices"
	"strings"

	"simrun/runtime"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// turnTaken is a turn of the run that is told: what waited, in words, and what was delivered.
type turnTaken struct {
	to      sim.ProcessID
	paths   []runtime.DeliveryPath
	words   []string
	chosen  int
	atNanos int64
}

// watchTurns has the run that is told note its turns, if its order of delivery was chosen.
func (t *teller) watchTurns(tc *trial.Case) {
	if len(tc.Options.Deliveries) == 0 {
		return
	}
	tc.Options.Turn = func(waiting []runtime.Delivery, choice int) int {
		taken := turnTaken{to: waiting[0].To, chosen: choice, atNanos: t.trial.NowNanos()}
		for i := range waiting {
			from, _, _ := strings.Cut(t.trial.ActorName(waiting[i].From), "#")
			taken.paths = append(taken.paths, waiting[i].Path)
			taken.words = append(taken.words, waiting[i].What()+" of "+from)
		}
		t.turns = append(t.turns, taken)
		return choice
	}
}

// mostExchanges is how many exchanges that make the run pass are told.
const mostExchanges = 3

// otherDeliveries delivers at one turn what another turn was to deliver: something that waited,
// too. What chose to let the longest wait is asked first, then the turns before the violation,
// from the last one on.
func (q *questions) otherDeliveries() {
	passing := 0
	for _, deviates := range [2]bool{true, false} {
		for at := len(q.turns) - 1; at >= 0; at-- {
			turn := &q.turns[at]
			if turn.atNanos > q.endNanos || (turn.chosen > 0) != deviates {
				continue
			}
			for other := range turn.paths {
				if other == turn.chosen || 2*q.asked >= q.most || passing == mostExchanges {
					continue
				}
				w, answered := q.exchanged(at, other)
				if answered && w.Passes() {
					passing++
				}
				q.note(w, answered)
			}
		}
	}
}

// exchanged runs the case with another one of the waiting messages first, and all else in the
// order in which it was delivered, as far as it is there.
func (q *questions) exchanged(at, other int) (result.WhatIf, bool) {
	turn := &q.turns[at]
	w := result.WhatIf{
		Kind: result.DeliveryExchanged, First: turn.words[other], Second: turn.words[turn.chosen],
	}
	order := q.deliveredAt(turn.to, at)
	later := order.before + slices.Index(order.paths[order.before:], turn.paths[other])
	if later < order.before {
		return w, false
	}
	order.paths = slices.Insert(slices.Delete(slices.Clone(order.paths), later, later+1), order.before,
		turn.paths[other])
	return q.askWith(q.c.Scenario, w, func(tc *trial.Case) {
		follow := &follower{turns: q.turns, to: turn.to, order: order.paths}
		tc.Options.Turn = follow.turn
	})
}

// deliveredTo are the paths of all that came to a process, in order; before counts those
// before a turn.
type deliveredTo struct {
	paths  []runtime.DeliveryPath
	before int
}

func (q *questions) deliveredAt(to sim.ProcessID, at int) (d deliveredTo) {
	for i := range q.turns {
		if turn := &q.turns[i]; turn.to == to {
			if i < at {
				d.before++
			}
			d.paths = append(d.paths, turn.paths[turn.chosen])
		}
	}
	return d
}

// follower delivers in a given order to one process, and to the others in that of the run that
// is told. What is not in the order comes last.
type follower struct {
	turns []turnTaken
	to    sim.ProcessID
	order []runtime.DeliveryPath
	taken []taken
}

// taken counts what was delivered on a path.
type taken struct {
	to    sim.ProcessID
	path  runtime.DeliveryPath
	count int
}

func (f *follower) turn(waiting []runtime.Delivery, _ int) int {
	best, first := 0, len(f.turns)+1
	for i := range waiting {
		if place := f.place(&waiting[i]); place < first {
			best, first = i, place
		}
	}
	f.counted(&waiting[best]).count++
	return best
}

// place is where a message is in the order to its process.
func (f *follower) place(d *runtime.Delivery) int {
	left := f.counted(d).count
	if d.To == f.to {
		for i, path := range f.order {
			if path == d.Path {
				if left--; left < 0 {
					return i
				}
			}
		}
		return len(f.turns)
	}
	for i := range f.turns {
		if turn := &f.turns[i]; turn.to == d.To && turn.paths[turn.chosen] == d.Path {
			if left--; left < 0 {
				return i
			}
		}
	}
	return len(f.turns)
}

func (f *follower) counted(d *runtime.Delivery) *taken {
	for i := range f.taken {
		if f.taken[i].to == d.To && f.taken[i].path == d.Path {
			return &f.taken[i]
		}
	}
	f.taken = append(f.taken, taken{to: d.To, path: d.Path})
	return &f.taken[len(f.taken)-1]
}
