package task

import (
	"simrun/runtime/network"
	"simrun/runtime/operator"
)

// workspace are the lists that a task needs while it works, and that mean nothing
// afterwards: the next task that gets them finds them empty, and grown.
type workspace struct {
	owner  *Task
	ahead  ahead
	mails  []mail
	chain  operator.Scratch
	places network.Places
}

// Workspaces recycles what tasks work with, from run to run. It has no effect on what is
// simulated. A nil Workspaces recycles nothing.
type Workspaces struct {
	all  []*workspace
	lent int
}

// maxWorkspaces bounds what is kept: a job that restarts for ever leaves the rest to the
// garbage collector.
const maxWorkspaces = 256

// Reset takes all workspaces back: no task of the run before works any more.
func (w *Workspaces) Reset() {
	for _, one := range w.all[:w.lent] {
		one.takeBack()
	}
	w.lent = 0
}

// lend gives a task lists to work with, until Reset.
func (w *Workspaces) lend(t *Task) {
	if w == nil || w.lent == maxWorkspaces {
		return
	}
	if w.lent == len(w.all) {
		w.all = append(w.all, &workspace{})
	}
	one := w.all[w.lent]
	w.lent++
	one.owner = t
	t.ahead.read, t.ahead.stamps, t.ahead.outputs = one.ahead.read, one.ahead.stamps, one.ahead.outputs
	t.mails.list = one.mails
	t.chain.Borrow(one.chain)
	t.ahead.foresight.Borrow(one.places)
}

// takeBack leaves the lists, as they have grown, to the next task.
func (w *workspace) takeBack() {
	t := w.owner
	if t == nil {
		return
	}
	w.owner = nil
	clear(t.mails.list)
	w.mails = t.mails.list[:0]
	w.places = t.ahead.foresight.Return()
	w.ahead = t.ahead.emptied()
	w.chain = t.chain.Return()
}

// emptied are the lists of a run, and nothing else of it.
func (a *ahead) emptied() ahead {
	return ahead{read: a.read[:0], stamps: a.stamps[:0], outputs: a.outputs[:0]}
}
