package record

import "simrun/protocol"

// Content is a hash over what a reader of the record sees: its name, key, event time and
// values. Sums of it compare two outputs whatever the order of their records.
func (r *Record) Content() uint64 {
	h := protocol.MixLineage(r.Lineage ^ r.Key)
	h = protocol.MixLineage(h + uint64(r.TimeNanos))
	h = protocol.MixLineage(h + uint64(r.A))
	h = protocol.MixLineage(h + uint64(r.B))
	return protocol.MixLineage(h + uint64(r.C))
}
