package protocol

// Chain is an order-dependent digest of the elements that passed one point of a channel:
// how many, and a rolling hash over their lineage. Chains make the test of a cut linear
// and exact: what the receiver had applied, extended by the recorded channel state, must
// equal what the sender had sent.
//
// The hash is h*chainFactor + mix(lineage) modulo 2^64. chainFactor is odd, so Extend is
// invertible (Retract): a task that ran ahead can take records back.
type Chain struct {
	Count int64
	Hash  uint64
}

const (
	chainFactor  uint64 = 0x9E3779B97F4A7C15
	chainInverse uint64 = 0xF1DE83E19937733D
)

// Extend appends an element's lineage.
func (c *Chain) Extend(lineage uint64) {
	c.Count++
	c.Hash = c.Hash*chainFactor + MixLineage(lineage)
}

// Retract takes the last element back; lineage must be its lineage.
func (c *Chain) Retract(lineage uint64) {
	c.Count--
	c.Hash = (c.Hash - MixLineage(lineage)) * chainInverse
}

// Tally is an order-independent digest of a multiset of lineages: how many, and the sum
// of their mixed hashes. It is a commutative group, so tallies add and subtract.
type Tally struct {
	Count int64
	Sum   uint64
}

// Add counts one lineage.
func (t *Tally) Add(lineage uint64) {
	t.Count++
	t.Sum += MixLineage(lineage)
}

// Remove takes one lineage out.
func (t *Tally) Remove(lineage uint64) {
	t.Count--
	t.Sum -= MixLineage(lineage)
}

// Plus is the union of two tallies.
func (t Tally) Plus(o Tally) Tally { return Tally{t.Count + o.Count, t.Sum + o.Sum} }

// Minus is t without o.
func (t Tally) Minus(o Tally) Tally { return Tally{t.Count - o.Count, t.Sum - o.Sum} }

// MixLineage spreads a lineage over 64 bits (the finalizer of SplitMix64, Steele, Lea
// and Flood, OOPSLA 2014).
func MixLineage(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// SourceLineage is the lineage of the record at offset of a source's split: the
// numbers themselves, so that a source record can be named from its lineage. No record has
// lineage 0: it would leave no mark in a hash.
func SourceLineage(source VertexID, split int32, offset int64) uint64 {
	return uint64(source+1)<<58 | uint64(split)<<42 | uint64(offset)
}

// DerivedLineage is the lineage of the ordinal-th record that an operator made from the
// record with lineage parent.
func DerivedLineage(operator uint64, parent uint64, ordinal uint64) uint64 {
	return MixLineage(parent*chainFactor + operator<<8 + ordinal + 1)
}
