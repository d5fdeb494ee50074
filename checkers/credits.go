package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Credits holds the rule of credit-based flow control on every remote channel: a sender
// never sends a data buffer without credit, and a receiver never announces more than it
// has buffers for. The interleaving that it is for (dst.md M20):
//
//  1. a receiver is restored and announces its two exclusive buffers;
//  2. the recovered channel becomes a live one and announces them again;
//  3. the sender, holding four credits, sends four buffers;
//  4. the third one finds no memory.
type Credits struct {
	accounts lanes[creditAccount]
	limit    int64
}

type creditAccount struct {
	granted, sent, received int64
	lastGrant               sim.Event
}

// NewCredits makes the checker.
func NewCredits() *Credits { return &Credits{} }

// Name is "credits".
func (c *Credits) Name() string { return "credits" }

// Kinds are grants and what uses them up.
func (c *Credits) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.CreditGranted, protocol.BufferSent, protocol.BufferReceived}
}

// Reset forgets all accounts.
func (c *Credits) Reset(s *Setup) {
	c.accounts.reset(len(s.Links))
	c.limit = s.Limits.CreditBuffers
}

// Observe books one event. A channel without a grant is local and has no credits.
func (c *Credits) Observe(e *sim.Event, r *Report) {
	h := r.History()
	link := h.incoming(e.Args[0], e.Args[1])
	if protocol.EventKind(e.Kind) == protocol.BufferSent {
		link = h.outgoing(e.Args[0], e.Args[1])
	}
	if link < 0 {
		return
	}
	account, fresh := c.accounts.at(link, h.AttemptOf(e, e.Args[0]))
	if account == nil {
		return
	}
	if fresh {
		*account = creditAccount{}
	}
	switch {
	case protocol.EventKind(e.Kind) == protocol.CreditGranted:
		c.granted(account, e, link, r)
	case account.granted == 0:
	case protocol.EventKind(e.Kind) == protocol.BufferSent:
		account.send(e, link, r)
	default:
		account.receive(e, link, r)
	}
}

func (c *Credits) granted(a *creditAccount, e *sim.Event, link int32, r *Report) {
	a.granted += e.Args[2]
	h, announced := r.History(), a.granted-a.received
	if c.limit > 0 && max(announced, e.Args[3]) > c.limit {
		r.Violate(CreditOverflow, h.linkRole(link), fmt.Sprintf("%s: %d buffers are announced of %d",
			h.linkName(link), max(announced, e.Args[3]), c.limit), a.lastGrant, *e)
		a.granted = a.received + c.limit
	}
	a.lastGrant = *e
}

func (a *creditAccount) send(e *sim.Event, link int32, r *Report) {
	a.sent++
	if h := r.History(); a.sent > a.granted {
		r.Violate(CreditOverflow, h.linkRole(link), fmt.Sprintf(
			"%s: buffer %d was sent with %d credits granted",
			h.linkName(link), a.sent, a.granted), a.lastGrant, *e)
		a.sent = a.granted
	}
}

func (a *creditAccount) receive(e *sim.Event, link int32, r *Report) {
	a.received++
	if h := r.History(); e.Args[4] < 0 {
		r.Violate(CreditOverflow, h.linkRole(link), fmt.Sprintf("%s: a buffer arrived with credit %d left",
			h.linkName(link), e.Args[4]), a.lastGrant, *e)
	}
}

// Finish has nothing to add: credits may be left over.
func (c *Credits) Finish(*End, *Report) {}
