package sim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASlabGivesZeroValuesThatDoNotOverlap(t *testing.T) {
	var s Slab[int]
	for range 3 {
		var given [][]int
		for n := range 200 {
			part := s.Make(n % 7)
			for i := range part {
				require.Zero(t, part[i])
				part[i] = n
			}
			given = append(given, part)
		}
		for n, part := range given {
			for i := range part {
				require.Equal(t, n, part[i])
			}
		}
		s.Reset()
	}
}

func TestASlabMakesNothingThatTheRunBeforeHasMade(t *testing.T) {
	var s Slab[int]
	run := func() {
		for range 30 {
			*s.New() = 1
			s.Make(9)[8] = 1
		}
		s.Reset()
	}
	require.Zero(t, testing.AllocsPerRun(10, run))
}

func TestWhatASlabGivesHasNoRoomForMore(t *testing.T) {
	var s Slab[int]
	first, second := s.Make(3), s.Make(3)
	require.Equal(t, 9, append(first, 9)[3])
	require.Equal(t, []int{0, 0, 0}, second)
	room := s.Room(2)
	require.Len(t, room, 0)
	require.Equal(t, 2, cap(room))
}

func TestASlabHoldsABoundedNumberOfValues(t *testing.T) {
	var s Slab[int]
	for range 100_000 {
		s.New()
	}
	held := 0
	for _, chunk := range s.chunks {
		held += len(chunk)
	}
	require.Equal(t, slabFirst*(1<<slabChunks-1), held)
	require.Len(t, s.Make(1000), 1000, "the heap gives the rest")
}

func TestANilSlabMakesEverythingAnew(t *testing.T) {
	var s *Slab[int]
	require.Zero(t, *s.New())
	require.Len(t, s.Make(1000), 1000)
}
