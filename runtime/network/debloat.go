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

// NewDebloater starts at the configured start size.
func NewDebloater(n *job.Network) *Debloater {
	return &Debloater{
		target: n.DebloatTargetNanos, samples: int64(n.DebloatSamples),
		threshold: int64(n.DebloatThresholdPct),
		smallest:  int64(n.MinSegmentSizeBytes), largest: int64(n.SegmentSizeBytes),
		average: int64(n.SegmentSizeBytes) * fixed, current: n.StartSegmentSizeBytes,
	}
}

// Update takes the bytes consumed during busyNanos (time without input is left out) and
// the buffers in use. It reports the new size if it changed enough to announce.
func (d *Debloater) Update(bytes, busyNanos int64, buffers int32) (size int32, changed bool) {
	if busyNanos <= 0 {
		return d.current, false
	}
	inFlight := mulDiv(bytes, d.target, busyNanos)
	wanted := min(inFlight/int64(max(buffers, 1)), 2*d.average/fixed)
	d.average += (wanted*fixed - d.average) * 2 / (d.samples + 1)
	d.average = min(max(d.average, d.smallest*fixed), d.largest*fixed)
	size = int32(d.average / fixed)
	difference := int64(size - d.current)
	if difference < 0 {
		difference = -difference
	}
	atEdge := int64(size) == d.smallest || int64(size) == d.largest
	if size == d.current || difference*100 < d.threshold*int64(d.current) && !atEdge {
		return d.current, false
	}
	d.current = size
	return size, true
}

// Size is the announced size in bytes.
func (d *Debloater) Size() int32 { return d.current }
