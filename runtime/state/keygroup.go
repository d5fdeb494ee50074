package state

import (
	"fmt"
	"math/bits"
)

// Bounds of a job's maximum parallelism (Flink: KeyGroupRangeAssignment).
const (
	MinDerivedMaxParallelism = 128
	MaxParallelismLimit      = 32768
)

// DeriveMaxParallelism is the number of key groups of an operator that names none:
// 1.5 times its parallelism, rounded up to a power of two, within [128, 32768]
// (Flink: KeyGroupRangeAssignment.computeDefaultMaxParallelism).
func DeriveMaxParallelism(parallelism int) int {
	derived := 1 << bits.Len(uint(parallelism+parallelism/2-1))
	return min(max(derived, MinDerivedMaxParallelism), MaxParallelismLimit)
}

// KeyGroup is the group of key among maxParallelism groups, exactly as Flink has it for
// a key of type Long: murmur(Long.hashCode(key)) mod maxParallelism.
func KeyGroup(key uint64, maxParallelism int) int {
	return int(murmur(javaLongHash(key)) % uint32(maxParallelism))
}

// javaLongHash is java.lang.Long.hashCode.
func javaLongHash(key uint64) uint32 { return uint32(key ^ key>>32) }

// murmur is org.apache.flink.util.MathUtils.murmurHash: one round of MurmurHash3 (32
// bits) with its finalizer, made non-negative as Java does it.
func murmur(code uint32) uint32 {
	code *= 0xcc9e2d51
	code = bits.RotateLeft32(code, 15)
	code *= 0x1b873593
	code = bits.RotateLeft32(code, 13)
	code = code*5 + 0xe6546b64
	code ^= 4
	code ^= code >> 16
	code *= 0x85ebca6b
	code ^= code >> 13
	code *= 0xc2b2ae35
	code ^= code >> 16
	if int32(code) >= 0 {
		return code
	}
	return -code & 0x7fffffff // Integer.MIN_VALUE becomes 0
}

// KeyGroupRange is a run of key groups, both ends included; empty if Last < First.
type KeyGroupRange struct{ First, Last int }

// RangeOf is the range of key groups of one subtask:
// [ceil(i*max/p), ceil((i+1)*max/p)-1].
func RangeOf(subtask, parallelism, maxParallelism int) KeyGroupRange {
	return KeyGroupRange{
		First: (subtask*maxParallelism + parallelism - 1) / parallelism,
		Last:  ((subtask+1)*maxParallelism - 1) / parallelism,
	}
}

// Contains reports whether the range holds group.
func (r KeyGroupRange) Contains(group int) bool { return r.First <= group && group <= r.Last }

// Overlaps reports whether the two ranges share a group.
func (r KeyGroupRange) Overlaps(o KeyGroupRange) bool {
	return r.First <= o.Last && o.First <= r.Last
}

// Groups is the number of key groups in the range.
func (r KeyGroupRange) Groups() int { return max(r.Last-r.First+1, 0) }

// Assignment answers, for one keyed exchange, which subtask a key belongs to. It is a
// table over key groups, so that a record costs one hash and one load.
type Assignment struct {
	maxParallelism uint32
	mask           uint32 // maxParallelism-1 when that is a power of two, else 0
	subtasks       []uint16
}

// NewAssignment makes the table. It panics if parallelism is not in
// [1, maxParallelism] or maxParallelism not in [1, 32768].
func NewAssignment(parallelism, maxParallelism int) Assignment {
	if parallelism < 1 || parallelism > maxParallelism || maxParallelism > MaxParallelismLimit {
		panic(fmt.Sprintf("state: parallelism %d with maximum parallelism %d", parallelism, maxParallelism))
	}
	a := Assignment{maxParallelism: uint32(maxParallelism), subtasks: make([]uint16, maxParallelism)}
	if maxParallelism&(maxParallelism-1) == 0 {
		a.mask = uint32(maxParallelism - 1)
	}
	for group := range a.subtasks {
		a.subtasks[group] = uint16(group * parallelism / maxParallelism)
	}
	return a
}

// Subtask is the subtask that key belongs to.
func (a *Assignment) Subtask(key uint64) int {
	hash := murmur(javaLongHash(key))
	if a.mask != 0 {
		return int(a.subtasks[hash&a.mask])
	}
	return int(a.subtasks[hash%a.maxParallelism])
}
