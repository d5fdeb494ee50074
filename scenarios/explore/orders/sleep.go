package orders

import (
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// sleepers see to it that, of orders that differ only in the order of deliveries that commute,
// one is walked (sleep sets: Godefroid, "Partial-Order Methods for the Verification of
// Concurrent Systems", 1996).
//
// Where a and b wait for a turn, the order that takes b has a asleep: another order has taken a
// there. It wakes when something is delivered that does not commute with it. If all that waits
// at a turn is asleep, what this order comes to is what another one has come to:
//
//	a · b · …        walked
//	b · [a asleep]   if a and b commute, this is a · b · …, and left
//	b · c · a · …    c does not commute with a, and woke it: another order
//
// What is asleep follows from the choices alone, since siblings are taken in the order of
// their numbers.
type sleepers struct {
	choices []int
	made    int
	// full: nothing sleeps.
	full   bool
	run    *run
	asleep []sleeper
}

// sleeper is a message that is first on its path. While it sleeps nothing is taken from the
// path, so that it is known by it.
type sleeper struct {
	to         sim.ProcessID
	path       runtime.DeliveryPath
	kind       rpc.Kind
	task       protocol.TaskID
	checkpoint protocol.CheckpointID
}

func sleeperOf(d *runtime.Delivery) sleeper {
	return sleeper{d.To, d.Path, d.Kind, d.Task, d.Checkpoint}
}

func (s *sleeper) is(d *runtime.Delivery) bool { return s.to == d.To && s.path == d.Path }

// commutes reports whether a sleeper and another delivery come to the same in either order.
//
// Deliveries to two processes do: which of them is first is not walked in any case. Of those to
// one process, only acknowledgements of one checkpoint by two tasks are taken to: a coordinator
// that waits for all of them is, when it has heard both, in the same state, and the last one of
// all has the same effects whose ever it is. (Statistics show when each came.) Whatever else comes
// to one process is walked in every order, even where a healthy task does not mind it, such
// as a notification and a buffer: a bug might.
func (s *sleeper) commutes(d *runtime.Delivery) bool {
	if s.to != d.To {
		return true
	}
	return s.kind == rpc.Acknowledge && d.Kind == rpc.Acknowledge &&
		s.checkpoint == d.Checkpoint && s.task != d.Task
}

// turn takes what the order says and, where it says nothing any more, the first that is awake.
func (z *sleepers) turn(waiting []runtime.Delivery, choice int) int {
	if z.run.twin {
		return 0
	}
	awake := make([]bool, len(waiting))
	first := -1
	for i := range waiting {
		awake[i] = !z.sleeps(&waiting[i])
		if awake[i] && first < 0 {
			first = i
		}
	}
	if first < 0 {
		z.run.twin = true
		return 0
	}
	if len(waiting) > 1 {
		if z.made >= len(z.choices) {
			choice = first
		}
		z.made++
		z.run.awake = append(z.run.awake, awake)
	}
	if !z.full {
		z.take(waiting, awake, choice)
	}
	return choice
}

func (z *sleepers) sleeps(d *runtime.Delivery) bool {
	for i := range z.asleep {
		if z.asleep[i].is(d) {
			return true
		}
	}
	return false
}

// take puts what other orders have taken here to sleep, and wakes what does not commute with
// what this one takes.
func (z *sleepers) take(waiting []runtime.Delivery, awake []bool, choice int) {
	for i := range waiting[:choice] {
		if awake[i] {
			z.asleep = append(z.asleep, sleeperOf(&waiting[i]))
		}
	}
	kept := z.asleep[:0]
	for i := range z.asleep {
		if z.asleep[i].commutes(&waiting[choice]) {
			kept = append(kept, z.asleep[i])
		}
	}
	z.asleep = kept
}
