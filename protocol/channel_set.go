package protocol

import "math/bits"

// channelSet is a set of a task's input channels. Its size is fixed when it is made, so
// that using it never allocates.
type channelSet struct {
	words []uint64
	count int
}

func newChannelSet(channels int) channelSet {
	return channelSet{words: make([]uint64, (channels+63)/64)}
}

func (s *channelSet) has(ch ChannelIndex) bool {
	return s.words[ch>>6]&(1<<(uint(ch)&63)) != 0
}

// add reports whether ch is new.
func (s *channelSet) add(ch ChannelIndex) bool {
	if s.has(ch) {
		return false
	}
	s.words[ch>>6] |= 1 << (uint(ch) & 63)
	s.count++
	return true
}

// remove reports whether ch was there.
func (s *channelSet) remove(ch ChannelIndex) bool {
	if !s.has(ch) {
		return false
	}
	s.words[ch>>6] &^= 1 << (uint(ch) & 63)
	s.count--
	return true
}

func (s *channelSet) clear() {
	if s.count == 0 {
		return
	}
	clear(s.words)
	s.count = 0
}

// next is the smallest member that is at least ch, or NoChannel.
func (s *channelSet) next(ch ChannelIndex) ChannelIndex {
	for w := int(ch >> 6); w < len(s.words); w++ {
		word := s.words[w]
		if w == int(ch>>6) {
			word &= ^uint64(0) << (uint(ch) & 63)
		}
		if word != 0 {
			return ChannelIndex(w<<6 + bits.TrailingZeros64(word))
		}
	}
	return NoChannel
}
