package network

import "simrun/runtime/job"

// Debloater sizes a gate's buffers so that what they hold takes DebloatTargetNanos to
// consume (Flink: BufferDebloater, BufferSizeEMA; reference 2.9). All of it is integer
// arithmetic; the average is kept in 1/1024 bytes.
type Debloater struct {
	target, samples, threshold int64
	smallest, largest          int64
	average                    int64 // 1/1024 byte
	current                    int32
}

const fixed = 1024

// NewDebloater starts at the configured start size, the average too.
func NewDebloater(n *job.Network) *Debloater {
	return &Debloater{
		target: n.DebloatTargetNanos, samples: int64(n.DebloatSamples),
		threshold: int64(n.DebloatThresholdPct),
		smallest:  int64(n.MinSegmentSizeBytes), largest: int64(n.SegmentSizeBytes),
		average: int64(n.StartSegmentSizeBytes) * fixed, current: n.StartSegmentSizeBytes,
	}
}

// Update takes the bytes consumed during busyNanos (time without input is left out) and
// the buffers in use. It reports the new size if it changed enough to announce.
func (d *Debloater) Update(bytes, busyNanos int64, buffers int32) (size int32, changed bool) {
	if busyNanos <= 0 {
		return d.current, false
	}
	inFlight := mulDiv(bytes, d.target, busyNanos)
	wanted := min(mulDiv(inFlight, fixed, int64(max(buffers, 1))), 2*d.average)
	d.average += (wanted - d.average) * 2 / (d.samples + 1)
	d.average = min(max(d.average, d.smallest*fixed), d.largest*fixed)
	size = int32((d.average + fixed/2) / fixed)
	if !d.announces(size) {
		return d.current, false
	}
	d.current = size
	return size, true
}

// announces reports whether a new size is worth a message: it is at a limit, or far enough
// from the announced one (Flink: BufferDebloater.skipUpdate).
func (d *Debloater) announces(size int32) bool {
	if size == d.current {
		return false
	}
	difference := max(size-d.current, d.current-size)
	atLimit := int64(size) <= d.smallest || int64(size) >= d.largest
	return atLimit || int64(difference) >= int64(d.current)*d.threshold/100
}

// Size is the announced size in bytes.
func (d *Debloater) Size() int32 { return d.current }
