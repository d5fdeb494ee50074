package state

import "slices"

// blockTimers bounds a block: it is the unit of copy-on-write, and what an insertion
// may have to move.
const blockTimers = 64

// timerQueue is a sorted set of timers in sorted blocks that are never empty: an image
// is the list of its blocks, and a block that an image shares is copied before a write.
type timerQueue struct {
	blocks [][]Timer
	epochs []uint32
	spare  [][]Timer // blocks that were emptied
	epoch  uint32
	count  int
}

type queueImage struct {
	blocks [][]Timer
	count  int
}

func (q *timerQueue) first() (Timer, bool) {
	if q.count == 0 {
		return Timer{}, false
	}
	return q.blocks[0][0], true
}

// find is the block that holds the timer or would, and the place in it.
func (q *timerQueue) find(timer *Timer) (block, at int, found bool) {
	low, high := 0, len(q.blocks)-1
	for low < high {
		middle := (low + high) / 2
		last := len(q.blocks[middle]) - 1
		if q.blocks[middle][last].before(timer) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	timers := q.blocks[low]
	at, high = 0, len(timers)
	for at < high {
		middle := (at + high) / 2
		if timers[middle].before(timer) {
			at = middle + 1
		} else {
			high = middle
		}
	}
	return low, at, at < len(timers) && timers[at] == *timer
}

func (q *timerQueue) insert(timer Timer) bool {
	if len(q.blocks) == 0 {
		q.blocks = append(q.blocks, append(q.newBlock(), timer))
		q.epochs = append(q.epochs, q.epoch)
		q.count = 1
		return true
	}
	block, at, found := q.find(&timer)
	if found {
		return false
	}
	if len(q.blocks[block]) == blockTimers {
		q.split(block)
		block, at, _ = q.find(&timer)
	}
	q.blocks[block] = slices.Insert(q.own(block), at, timer)
	q.count++
	return true
}

// split cuts a full block in two; both halves are the queue's own.
func (q *timerQueue) split(block int) {
	full := q.blocks[block]
	right := append(q.newBlock(), full[blockTimers/2:]...)
	left := q.own(block)[:blockTimers/2]
	q.blocks = slices.Insert(q.blocks, block+1, right)
	q.epochs = slices.Insert(q.epochs, block+1, q.epoch)
	q.blocks[block] = left
}

// newBlock is an empty block.
func (q *timerQueue) newBlock() []Timer {
	last := len(q.spare) - 1
	if last < 0 {
		return make([]Timer, 0, blockTimers)
	}
	block := q.spare[last]
	q.spare = q.spare[:last]
	return block
}

func (q *timerQueue) remove(timer Timer) bool {
	if q.count == 0 {
		return false
	}
	block, at, found := q.find(&timer)
	if !found {
		return false
	}
	q.count--
	if len(q.blocks[block]) == 1 {
		if q.epochs[block] == q.epoch {
			q.spare = append(q.spare, q.blocks[block][:0])
		}
		q.blocks = slices.Delete(q.blocks, block, block+1)
		q.epochs = slices.Delete(q.epochs, block, block+1)
		return true
	}
	q.blocks[block] = slices.Delete(q.own(block), at, at+1)
	return true
}

func (q *timerQueue) own(block int) []Timer {
	if q.epochs[block] != q.epoch {
		q.blocks[block] = append(q.newBlock(), q.blocks[block]...)
		q.epochs[block] = q.epoch
	}
	return q.blocks[block]
}

func (q *timerQueue) share() queueImage {
	q.epoch++
	return queueImage{blocks: slices.Clone(q.blocks), count: q.count}
}

func (q *timerQueue) adopt(from queueImage) {
	q.blocks = slices.Clone(from.blocks)
	q.epochs = make([]uint32, len(q.blocks))
	for i := range q.epochs {
		q.epochs[i] = q.epoch
	}
	q.epoch++
	q.count = from.count
}
