// Package orders runs a small scenario under every order in which its messages can be
// delivered.
//
//	turn            1        2        3
//	paths waiting   a b      a b c    a c
//	run []          a        b        c      the path that has waited longest
//	run [1]         b        ...             and each other choice at each turn
//	run [0 1]       a        c        ...
//
// Buffers, barriers and the coordinator's messages come to a process one by one, and each
// path stays in order; which of several paths is heard next is a choice (sim.Turns). A run
// shows where it had a choice, and each alternative is a run of its own, so that every order
// is run once and none twice (stateless search, as in VeriSoft: Godefroid, POPL 1997). Of
// orders that differ only in which acknowledgement of a checkpoint the coordinator hears
// first, one is run.
//
// Sample is for jobs with too many orders: it draws some, by priorities of paths.
//
// What is walked is the space of one seed: who is slow, and what the input holds, do not
// change. A scenario has to be tiny: orders grow exponentially with its messages. Options
// bound how many runs are made and how many choices of each are varied; the Result says
// whether they cut anything off.
//
// Duties of the caller: Each calls its function for all numbers, in any order and at once
// if it likes; results do not depend on it, unless Until ends a walk by the clock.
package orders
