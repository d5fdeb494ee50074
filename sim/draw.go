package sim

import "math/bits"

// Purpose says what a draw is for, so that two draws about the same ids are independent.
// Numbers are part of every recorded run: they are only ever appended.
type Purpose uint16

// The purposes, each with the ids that its draws are about.
const (
	PurposeNone         Purpose = iota // for nothing
	PurposeLinkLatency                 // channel, position of the first byte
	PurposeLinkLoss                    // channel, position
	PurposeStoreCreate                 // object key, operation, store
	PurposeStoreClose                  // object key, operation, store
	PurposeStoreRead                   // object key, operation, store
	PurposeServiceTime                 // operator, record
	PurposeArrival                     // partition, offset
	PurposeRecordKey                   // partition, offset
	PurposeRecordValue                 // partition, offset, field
	PurposeRecordSize                  // partition, offset
	PurposeEventTime                   // partition, offset
	PurposeTriggerDelay                // job
	PurposeRestartDelay                // job, attempt
	PurposeDeployment                  // task, attempt
	PurposeHeartbeat                   // process
	PurposeSinkLatency                 // sink, transaction
	PurposeFault                       // whatever the fault is about
	PurposeLinkJitter                  // channel, position of the first byte
	purposeCount
	// PurposeFirstFree and above are for whoever needs more than the list has.
	PurposeFirstFree Purpose = 1024
)

var purposeNames = [purposeCount]string{
	"none", "link-latency", "link-loss", "store-create", "store-close", "store-read",
	"service-time", "arrival", "record-key", "record-value", "record-size", "event-time",
	"trigger-delay", "restart-delay", "deployment", "heartbeat", "sink-latency", "fault", "link-jitter",
}

// String is the purpose's name.
func (p Purpose) String() string {
	if p < purposeCount {
		return purposeNames[p]
	}
	return "purpose-" + decimal(int64(p))
}

// Draw is the random number that seed holds for a purpose and up to three ids: a pure
// function. Nothing is consumed, so no draw can shift another.
func Draw(seed uint64, p Purpose, a, b, c uint64) uint64 {
	x := mix(seed + saltDraw)
	x = mix(x ^ (uint64(p)+1)*saltKind)
	x = mix(x ^ a + saltFirst)
	x = mix(x ^ b + saltSecond)
	return mix(x ^ c + saltThird)
}

// Below maps a draw to 0..n-1, evenly to within n/2^64. n must be positive.
func Below(draw, n uint64) uint64 {
	high, _ := bits.Mul64(draw, n)
	return high
}

// Chance is whether an event of probability r happens under draw.
func Chance(draw uint64, r Ratio) bool {
	return int64(Below(draw, uint64(r.Den))) < r.Num
}
