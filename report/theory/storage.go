package theory

import (
	"math"

	"simrun/scenarios/result"
)

// Upload is what a checkpoint stores: in all, and the largest part of one subtask.
type Upload struct{ TotalBytes, LargestBytes int64 }

// WriteNanos is the time to store uploads together (A6): L0 + max(largest/B1, total/B). The
// writers share the store evenly, so either the one with most to write is the last or all
// are. An upload whose parts all travel with the acknowledgements is not stored.
func WriteNanos(p *result.Pipeline, uploads ...Upload) int64 {
	var u Upload
	for _, part := range uploads {
		if part.LargestBytes > p.InlineBytes {
			u.TotalBytes += part.TotalBytes
			u.LargestBytes += part.LargestBytes
		}
	}
	if u.TotalBytes == 0 {
		return 0
	}
	alone := atRate(u.LargestBytes, p.StorageWriterBytesPerSecond)
	shared := atRate(u.TotalBytes, p.StorageTotalBytesPerSecond)
	return p.StorageLatencyNanos + toNanos(math.Max(alone, shared))
}

// atRate is the nanoseconds for so many bytes; 0 bytes a second is no limit.
func atRate(bytes, bytesPerSecond int64) float64 {
	if bytesPerSecond <= 0 {
		return 0
	}
	return float64(bytes) * 1e9 / float64(bytesPerSecond)
}

// UnalignedPays reports whether unaligned is faster than aligned, to first order (U1): an
// aligned barrier waits V/Θ, an unaligned one writes V/B, so it depends on neither depth
// nor buffers, only on which is faster, the store or the pipeline under backpressure.
func UnalignedPays(storageBytesPerSecond, pipelineBytesPerSecond int64) bool {
	return storageBytesPerSecond > pipelineBytesPerSecond
}

// CrossoverBytes is the in-flight volume from which unaligned is faster when it costs
// fixedNanos more whatever the volume (U1): V > c Θ B/(B-Θ). It is -1 when it never is.
func CrossoverBytes(storageBytesPerSecond, pipelineBytesPerSecond, fixedNanos int64) int64 {
	if !UnalignedPays(storageBytesPerSecond, pipelineBytesPerSecond) {
		return -1
	}
	b, theta := float64(storageBytesPerSecond), float64(pipelineBytesPerSecond)
	return int64(math.Ceil(float64(fixedNanos) / 1e9 * theta * b / (b - theta)))
}
