package record

// Batches recycles the slices in which records travel to external systems, within one
// simulation. It has no effect on what is simulated. A nil Batches recycles nothing.
type Batches struct {
	free [][]Record
	made [][]Record // the first ones, wherever they are now
}

// maxReclaimed bounds the batches that Reset finds again.
const maxReclaimed = 1 << 10

// Reset takes all batches back: the run that used them is over.
func (b *Batches) Reset() { b.free = append(b.free[:0], b.made...) }

// BatchRecords is the room of a new batch.
const BatchRecords = 256

// Take gives an empty batch.
func (b *Batches) Take() []Record {
	if b == nil {
		return make([]Record, 0, BatchRecords)
	}
	if len(b.free) == 0 {
		batch := make([]Record, 0, BatchRecords)
		if len(b.made) < maxReclaimed {
			b.made = append(b.made, batch)
		}
		return batch
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
