package record

// Batches recycles the slices in which records travel to external systems, within one
// simulation. It has no effect on what is simulated. A nil Batches recycles nothing.
type Batches struct{ free [][]Record }

// BatchRecords is the room of a new batch.
const BatchRecords = 256

// Take gives an empty batch.
func (b *Batches) Take() []Record {
	if b == nil || len(b.free) == 0 {
		return make([]Record, 0, BatchRecords)
	}
	last := len(b.free) - 1
	batch := b.free[last]
	b.free = b.free[:last]
	return batch[:0]
}

// Give takes a batch back that nobody reads any more.
func (b *Batches) Give(batch []Record) {
	if b != nil && cap(batch) > 0 {
		b.free = append(b.free, batch)
	}
}
