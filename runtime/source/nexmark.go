package source

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/sim"
)

// Types of NexMark's events.
const (
	TagPerson  record.Tag = 0
	TagAuction record.Tag = 1
	TagBid     record.Tag = 2
)

// Proportions and ranges of NexMark's generator (nexmark: GeneratorConfig,
// PersonGenerator, AuctionGenerator, BidGenerator).
const (
	personProportion  = 1
	auctionProportion = 3
	totalProportion   = 50

	firstPersonID   = 1000
	firstAuctionID  = 1000
	firstCategoryID = 10
	categories      = 5
	activePeople    = 1000
	inFlightAuction = 100
	idLead          = 10 // ids of people and auctions that do not exist yet
	hotEvery        = 100

	personBytes  = 200
	auctionBytes = 500
	bidBytes     = 100
)

// States of NexMark's people, by a person's A (PersonGenerator.US_STATES).
const (
	StateAZ = iota
	StateCA
	StateID
	StateOR
	StateWA
	StateWY
	states
)

const cities = 10

// NexMarkStream is which events of the stream a source yields.
type NexMarkStream uint8

const (
	AllEvents NexMarkStream = iota
	Persons
	Auctions
	Bids
)

var streamNames = [...]string{"all", "persons", "auctions", "bids"}

// StreamNames lists the words of all streams.
func StreamNames() []string { return append([]string(nil), streamNames[:]...) }

// String is the stream's word in a scenario.
func (s NexMarkStream) String() string { return streamNames[s] }

// NexMarkOptions describe a NexMark stream. Zero hot ratios are NexMark's own: one of 2
// bids goes to a hot auction, 3 of 4 auctions to a hot seller, 3 of 4 bids come from a
// hot bidder (a ratio of n makes n-1 of n hot; 1 switches it off).
//
// A person has key and C its id, A its state, B its city. An auction has key and C its
// id, A its seller, B its category. A bid has key and C its auction, A its bidder, B its
// price in cents.
type NexMarkOptions struct {
	Stream                              NexMarkStream
	HotAuctions, HotSellers, HotBidders int64
	Rate                                Rate
	// Limit is the number of events of the whole stream, those that Stream leaves out
	// counted; 0: unbounded.
	Limit int64
	// EventTimeNanos is between two events if the rate is not limited; 0 means 100 us
	// (NexMark's 10,000 events a second).
	EventTimeNanos int64
	Watermarks     WatermarkStrategy
}

// NexMark makes a source of auction events (Tucker et al., NEXMark, 2002): of 50 events
// one is a person, three are auctions, the rest bids.
func NexMark(id string, o NexMarkOptions) Spec {
	if o.EventTimeNanos == 0 {
		o.EventTimeNanos = 100_000
	}
	o.HotAuctions, o.HotSellers = orElse(o.HotAuctions, 2), orElse(o.HotSellers, 4)
	o.HotBidders = orElse(o.HotBidders, 4)
	return Spec{
		ID: id, Kind: "nexmark", Rewindable: true, Bounded: o.Limit > 0, Watermarks: o.Watermarks,
		Does: "generates NexMark events (" + o.Stream.String() + ")",
		Open: func(i Instance) Reader {
			return &nexmark{dealing: newDealing(i, o.Rate, o.Limit), o: o}
		},
	}
}

func orElse(value, otherwise int64) int64 {
	if value == 0 {
		return otherwise
	}
	return value
}

type nexmark struct {
	dealing
	o NexMarkOptions
}

// Next makes the event at (split, offset). Offsets count the events of the stream that
// the source yields, split by split: event numbers are dealt out in turn.
func (m *nexmark) Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool) {
	n, ok := m.event(split, offset)
	if !ok {
		return 0, false
	}
	r.Lineage = m.lineage(split, offset)
	draw := uint64(0)
	if m.jitter {
		draw = m.draw(sim.PurposeArrival, n)
	}
	arrivalNanos = m.arrivalNanos(n, draw)
	r.TimeNanos = arrivalNanos
	if !m.limited() {
		r.TimeNanos = n * m.o.EventTimeNanos
	}
	switch at := n % totalProportion; {
	case at < personProportion:
		m.person(n, r)
	case at < personProportion+auctionProportion:
		m.auction(n, r)
	default:
		m.bid(n, r)
	}
	return arrivalNanos, true
}

// first and count are the place of a stream's events among fifty.
func (s NexMarkStream) first() int64 { return [...]int64{0, 0, 1, 4}[s] }
func (s NexMarkStream) count() int64 { return [...]int64{totalProportion, 1, 3, 46}[s] }

// event is the number, in the whole stream, of the split's offset-th event.
func (m *nexmark) event(split int32, offset int64) (n int64, ok bool) {
	n = offset*m.splits + int64(split)
	count := m.o.Stream.count()
	n = n/count*totalProportion + m.o.Stream.first() + n%count
	return n, m.limit == 0 || n < m.limit
}

// OffsetAt is the number of events of the split that arrive before nanos.
func (m *nexmark) OffsetAt(split int32, nanos int64) int64 {
	events := m.countBefore(nanos)
	if m.limit > 0 {
		events = min(events, m.limit)
	}
	count := m.o.Stream.count()
	rest := min(max(events%totalProportion-m.o.Stream.first(), 0), count)
	events = events/totalProportion*count + rest
	return (events - int64(split) + m.splits - 1) / m.splits
}

// chance is an event's own source of draws: one addressed draw, from which any number of
// independent ones are made.
type chance uint64

func (m *nexmark) chance(n int64) chance { return chance(m.draw(sim.PurposeRecordValue, n)) }

func (c chance) below(what, limit uint64) int64 {
	return int64(sim.Below(protocol.MixLineage(uint64(c)+what*0x9E3779B97F4A7C15), limit))
}

// What the draws of an event are for.
const (
	drawFirst = iota
	drawSecond
	drawPerson
	drawAuction
	drawValue
)

func (m *nexmark) person(n int64, r *record.Record) {
	c := m.chance(n)
	id := lastPerson(n) + firstPersonID
	r.Tag, r.Key, r.C, r.SizeBytes = TagPerson, uint64(id), id, personBytes
	r.A = c.below(drawFirst, states)
	r.B = c.below(drawSecond, cities)
}

func (m *nexmark) auction(n int64, r *record.Record) {
	c := m.chance(n)
	id := lastAuction(n) + firstAuctionID
	r.Tag, r.Key, r.C, r.SizeBytes = TagAuction, uint64(id), id, auctionBytes
	if c.below(drawFirst, uint64(m.o.HotSellers)) > 0 {
		r.A = lastPerson(n) / hotEvery * hotEvery
	} else {
		r.A = anyPerson(n, c)
	}
	r.A += firstPersonID
	r.B = firstCategoryID + c.below(drawValue, categories)
}

func (m *nexmark) bid(n int64, r *record.Record) {
	c := m.chance(n)
	auction := int64(0)
	if c.below(drawFirst, uint64(m.o.HotAuctions)) > 0 {
		auction = lastAuction(n) / hotEvery * hotEvery
	} else {
		auction = anyAuction(n, c)
	}
	auction += firstAuctionID
	r.Tag, r.Key, r.C, r.SizeBytes = TagBid, uint64(auction), auction, bidBytes
	if c.below(drawSecond, uint64(m.o.HotBidders)) > 0 {
		r.A = lastPerson(n)/hotEvery*hotEvery + 1
	} else {
		r.A = anyPerson(n, c)
	}
	r.A += firstPersonID
	r.B = price(c.below(drawValue, priceSteps))
}

// lastPerson and lastAuction are the newest ids, from 0, at event n.
func lastPerson(n int64) int64 { return n / totalProportion }

func lastAuction(n int64) int64 {
	epoch, at := n/totalProportion, n%totalProportion
	switch {
	case at < personProportion:
		return epoch*auctionProportion - 1
	case at < personProportion+auctionProportion:
		return epoch*auctionProportion + at - personProportion
	}
	return epoch*auctionProportion + auctionProportion - 1
}

// anyPerson is one of the latest thousand people, or one who is about to come.
func anyPerson(n int64, c chance) int64 {
	people := lastPerson(n) + 1
	active := min(people, activePeople)
	return people - active + c.below(drawPerson, uint64(active+idLead))
}

// anyAuction is one of the latest hundred auctions, or one that is about to come.
func anyAuction(n int64, c chance) int64 {
	last := lastAuction(n)
	first := max(last-inFlightAuction, 0)
	return first + c.below(drawAuction, uint64(last-first+1+idLead))
}

// A price is 10^(6u) * 100 cents for u evenly in [0,1): by a table of one decade in twelve
// steps, and straight lines between them, instead of a power.
const (
	stepsPerDecade = 12
	fineSteps      = 64
	priceSteps     = 6 * stepsPerDecade * fineSteps
)

// decade is round(100 * 10^(i/12)).
var decade = [stepsPerDecade + 1]int64{100, 121, 147, 178, 215, 261, 316, 383, 464, 562, 681, 825, 1000}

func price(step int64) int64 {
	coarse, fine := step/fineSteps, step%fineSteps
	at := coarse % stepsPerDecade
	cents := decade[at]*fineSteps + (decade[at+1]-decade[at])*fine
	for range coarse / stepsPerDecade {
		cents *= 10
	}
	return cents / fineSteps
}
