package state

import "slices"

// OperatorImage is the operator state of one instance at an instant; never written.
type OperatorImage struct {
	lists     [][]int64
	digest    uint64
	sizeBytes int64
}

func (o *Operator) image() *OperatorImage {
	return &OperatorImage{lists: slices.Clone(o.lists), digest: o.digest, sizeBytes: o.SizeBytes()}
}

func (o *Operator) restore(from *OperatorImage) {
	copy(o.lists, from.lists)
	o.digest = from.digest
}

// redistribute makes this instance's lists from those of all former instances (Flink:
// RoundRobinOperatorStateRepartitioner).
func (o *Operator) redistribute(former []*OperatorImage, subtask, parallelism int) {
	for list, spec := range o.specs {
		var value []int64
		switch spec.Redistribution {
		case SplitDistribute:
			value = dealt(former, list, spec.Columns, subtask, parallelism)
		case Union:
			for _, part := range former {
				value = append(value, part.lists[list]...)
			}
		case Broadcast:
			value = former[subtask%len(former)].lists[list]
		default:
			panic("state: unknown redistribution " + spec.Name)
		}
		o.put(list, value)
	}
}

// dealt takes every parallelism-th item, counted over all former instances.
func dealt(former []*OperatorImage, list, columns, subtask, parallelism int) (value []int64) {
	item := 0
	for _, part := range former {
		for at := 0; at < len(part.lists[list]); at += columns {
			if item%parallelism == subtask {
				value = append(value, part.lists[list][at:at+columns]...)
			}
			item++
		}
	}
	return value
}

func (o *Operator) reset() {
	clear(o.lists)
	o.old, o.digest = o.old[:0], 0
}
