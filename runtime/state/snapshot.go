package state

import "simrun/protocol"

// Image is the state of one operator instance at an instant. It names the operator and
// the key groups that it covers, never a subtask.
type Image struct {
	Point     protocol.StatePoint
	Groups    KeyGroupRange
	SizeBytes int64

	keyed    *KeyedImage
	operator *OperatorImage
	timers   *TimersImage
}

// Image takes the state as it is. It costs one word per page; processing goes on, and
// a page is copied when it is first written afterwards. Several images may live at a
// time. It panics if the journal holds writes.
func (b *Backend) Image() *Image {
	b.journal.mustBeEmpty("snapshot")
	image := &Image{Point: b.Point(), Groups: b.place.Groups(), SizeBytes: b.SizeBytes()}
	if b.Keyed != nil {
		image.keyed = b.Keyed.image()
	}
	if b.Operator != nil {
		image.operator = b.Operator.image()
	}
	if b.Timers != nil {
		image.timers = b.Timers.image()
	}
	return image
}

// Restore makes the state equal to the image of the same operator and key groups.
func (b *Backend) Restore(from *Image) {
	b.journal.mustBeEmpty("restore")
	if b.Keyed != nil {
		b.Keyed.restore(from.keyed)
	}
	if b.Operator != nil {
		b.Operator.restore(from.operator)
	}
	if b.Timers != nil {
		b.Timers.restore(from.timers)
	}
	b.applied = from.Point.Applied
}

// RestoreParts makes the state from the images of all former instances of the operator,
// at any former parallelism: keyed state and timers by key group, operator state by its
// redistribution. What had been applied is no longer known per subtask: the first
// subtask takes the sum, so that the operator's total stays right.
func (b *Backend) RestoreParts(former []*Image) {
	b.Reset()
	groups := b.place.Groups()
	lists := make([]*OperatorImage, 0, len(former))
	for _, part := range former {
		if b.Keyed != nil && part.Groups.Overlaps(groups) {
			b.Keyed.absorb(part.keyed, groups, b.place.MaxParallelism)
		}
		if b.Timers != nil && part.Groups.Overlaps(groups) {
			b.Timers.absorb(part.timers, groups, b.place.MaxParallelism)
		}
		lists = append(lists, part.operator)
		if b.place.Subtask == 0 {
			b.applied = b.applied.Plus(part.Point.Applied)
		}
	}
	if b.Operator != nil && len(former) > 0 {
		b.Operator.redistribute(lists, b.place.Subtask, b.place.Parallelism)
	}
}

// Snapshot is the state of all operators of one task at an instant, in the order of the
// chain; those without state are left out.
type Snapshot struct {
	Checkpoint protocol.CheckpointID
	Operators  []*Image
}

// SizeBytes is what the snapshot takes in the checkpoint storage.
func (s *Snapshot) SizeBytes() (size int64) {
	for _, image := range s.Operators {
		size += image.SizeBytes
	}
	return size
}

// AppendPoints appends what the states hold, in the order of Operators.
func (s *Snapshot) AppendPoints(points []protocol.StatePoint) []protocol.StatePoint {
	for _, image := range s.Operators {
		points = append(points, image.Point)
	}
	return points
}

// Digest is one number for the content of the whole snapshot.
func (s *Snapshot) Digest() uint64 {
	digest := uint64(0)
	for _, image := range s.Operators {
		digest += protocol.MixLineage(image.Point.Operator ^ protocol.MixLineage(image.Point.Content))
	}
	return digest
}

// Of is the image of an operator, nil if the snapshot has none.
func (s *Snapshot) Of(operator uint64) *Image {
	for _, image := range s.Operators {
		if image.Point.Operator == operator {
			return image
		}
	}
	return nil
}
