package state

import "slices"

// Rows live in pages; a page is the unit of copy-on-write. The latest one grows to its size, so
// that what has few rows copies few.
const (
	pageShift = 6
	pageRows  = 1 << pageShift
	pageMask  = pageRows - 1
	firstRows = 8
	// noSlot ends a list of slots.
	noSlot = -1
)

// arena is a growing array of rows of int64 words, shared page by page with snapshots:
// a page whose epoch is not the arena's belongs to a snapshot too and is copied before
// it is written. Freed rows are chained through their first word.
type arena struct {
	width  int
	pages  [][]int64
	epochs []uint32
	epoch  uint32
	used   int32 // slots ever handed out
	free   int32 // head of the chain of freed slots
}

// image is what a snapshot holds of an arena. Nobody writes to its pages.
type image struct {
	pages      [][]int64
	used, free int32
}

func newArena(width int) arena { return arena{width: width, epoch: 1, free: noSlot} }

// row is the row for reading.
func (a *arena) row(slot int32) []int64 {
	at := int(slot&pageMask) * a.width
	return a.pages[slot>>pageShift][at : at+a.width]
}

// own is the row for writing.
func (a *arena) own(slot int32) []int64 {
	page := slot >> pageShift
	if a.epochs[page] != a.epoch {
		a.unshare(page)
	}
	at := int(slot&pageMask) * a.width
	return a.pages[page][at : at+a.width]
}

func (a *arena) unshare(page int32) {
	a.pages[page] = slices.Clone(a.pages[page])
	a.epochs[page] = a.epoch
}

// take hands out a slot; the row's words are whatever they were.
func (a *arena) take() int32 {
	if slot := a.free; slot != noSlot {
		a.free = int32(a.row(slot)[0])
		return slot
	}
	slot := a.used
	a.used++
	if int(slot>>pageShift) == len(a.pages) {
		a.pages = append(a.pages, make([]int64, firstRows*a.width))
		a.epochs = append(a.epochs, a.epoch)
	}
	if int(slot&pageMask)*a.width == len(a.pages[slot>>pageShift]) {
		a.lengthen(slot >> pageShift)
	}
	return slot
}

// lengthen doubles a page that is full and not of its size yet; it is no snapshot's then.
func (a *arena) lengthen(page int32) {
	a.pages[page] = append(make([]int64, 0, 2*len(a.pages[page])), a.pages[page]...)
	a.pages[page] = a.pages[page][:cap(a.pages[page])]
	a.epochs[page] = a.epoch
}

// give takes a slot back.
func (a *arena) give(slot int32) {
	a.own(slot)[0] = int64(a.free)
	a.free = slot
}

// chain is a run of rows linked by their first word.
type chain struct{ head, tail int32 }

// giveChain takes a run of rows back at once.
func (a *arena) giveChain(rows chain) {
	a.own(rows.tail)[0] = int64(a.free)
	a.free = rows.head
}

// share makes an image and lets every page be copied before its next write.
func (a *arena) share() image {
	a.epoch++
	return image{pages: append([][]int64(nil), a.pages...), used: a.used, free: a.free}
}

// adopt makes the arena equal to the image, without copying a page.
func (a *arena) adopt(from image) {
	a.pages = append(a.pages[:0], from.pages...)
	a.epochs = a.epochs[:0]
	for range a.pages {
		a.epochs = append(a.epochs, a.epoch)
	}
	a.epoch++
	a.used, a.free = from.used, from.free
}

// clear empties the arena and keeps the pages that no snapshot shares.
func (a *arena) clear() {
	kept := a.pages[:0]
	for i, page := range a.pages {
		if a.epochs[i] == a.epoch {
			kept = append(kept, page)
		}
	}
	clear(a.pages[len(kept):])
	a.pages, a.epochs = kept, a.epochs[:len(kept)]
	for i := range a.epochs {
		a.epochs[i] = a.epoch
	}
	a.used, a.free = 0, noSlot
}
