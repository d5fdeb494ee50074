package plan

import "simrun/protocol"

// kindTraits are what faults of one kind have in common, besides their own keys.
type kindTraits struct {
	// own are the keys besides those of time.
	own []string
	// linked: of a link between two roles.
	linked bool
	// instant: strikes at one moment ("at") rather than over a time ("from … to").
	instant bool
	// endless: has no end of its own.
	endless bool
	// armed: may lie in wait from the beginning, so that its time need not be given.
	armed bool
	// ends: must be given an end.
	ends bool
}

var traits = [protocol.FaultKinds]kindTraits{
	protocol.FaultCrash: {own: []string{keyRestartAfter}, instant: true},
	protocol.FaultThrow: {
		own: []string{keyIn, keyAtRecord, keyTimes}, instant: true, endless: true, armed: true,
	},
	protocol.FaultSlow:      {own: []string{keyFactor}},
	protocol.FaultDelay:     {own: []string{keyBy, keyOneWay}, linked: true},
	protocol.FaultPartition: {own: []string{keyOneWay}, linked: true},
	protocol.FaultFail:      {own: []string{keyOperation, keyCount, keyOutcome}},
	protocol.FaultPause:     {ends: true},
	protocol.FaultHold:      {own: []string{keyOneWay}, linked: true, ends: true},
	protocol.FaultReset:     {linked: true, instant: true, endless: true},
	protocol.FaultJitter:    {own: []string{keyBy, keyOneWay}, linked: true},
	protocol.FaultThrottle:  {own: []string{keyBandwidth, keyOneWay}, linked: true},
	protocol.FaultLose:      {own: []string{keySender, keyReceiver, keyCount, keyEvery}},
	protocol.FaultDuplicate: {own: []string{keyBy, keySender, keyReceiver, keyCount, keyEvery}},
	protocol.FaultReorder:   {own: []string{keyBy, keySender, keyReceiver, keyCount, keyEvery}},
	protocol.FaultUnsync:    {own: []string{keyBy}},
	protocol.FaultCorrupt:   {own: []string{keyCount, keyEvery}},
	protocol.FaultLag:       {own: []string{keyBy}},
	protocol.FaultExpire:    {own: []string{keyTransactions, keyCount}, instant: true, endless: true},
	protocol.FaultFence:     {instant: true, endless: true},
	protocol.FaultPoison: {
		own: []string{keySource, keySplit, keyRecordOffset}, instant: true, endless: true, armed: true,
	},
	protocol.FaultBurst: {own: []string{keyFactor}},
	protocol.FaultSkew: {
		own: []string{keyShare, keyFirstOffset, keyLastOffset}, instant: true, endless: true, armed: true,
	},
	protocol.FaultClock: {own: []string{keyBy, keyDrift}},
}

// OfMessages reports whether faults of that kind strike control messages: their target is a
// kind of message, or AnyMessage.
func OfMessages(k protocol.FaultKind) bool {
	return k == protocol.FaultLose || k == protocol.FaultDuplicate || k == protocol.FaultReorder
}

// AnyMessage is the target of a fault that strikes control messages of all kinds.
const AnyMessage = "any"

// OfLink reports whether faults of that kind strike a link: they have two targets.
func OfLink(k protocol.FaultKind) bool { return traits[k].linked }

// Ends reports whether Revert ends a fault of that kind; what has none is over at once, or
// lies in wait for good.
func Ends(k protocol.FaultKind) bool { return !traits[k].endless }
