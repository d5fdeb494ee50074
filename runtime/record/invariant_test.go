package record_test

import (
	"fmt"

	"simrun/runtime/record"
)

// problem says what is wrong with pieces that should hold a stream from its beginning to
// the end of an element; empty: nothing.
func problem(pieces []record.Piece) string {
	begun := int32(0) // bytes of the element that is not whole yet
	for i := range pieces {
		p := &pieces[i]
		switch {
		case begun == 0 && p.HeadBytes > 0:
			return fmt.Sprintf("piece %d begins in the middle of an element", i)
		case begun > 0 && p.HeadBytes == 0 && p.SizeBytes > 0:
			return fmt.Sprintf("piece %d does not go on with the element of %d bytes", i, begun)
		}
		whole := p.HeadBytes + p.TailBytes
		for e := range p.Elements {
			if e > 0 || p.HeadBytes == 0 {
				whole += p.Elements[e].SizeBytes
			}
		}
		if whole != p.SizeBytes {
			return fmt.Sprintf("piece %d has %d bytes, its parts %d", i, p.SizeBytes, whole)
		}
		begun += p.HeadBytes
		if p.HeadBytes > 0 && len(p.Elements) > 0 {
			if size := p.Elements[0].SizeBytes; begun != size {
				return fmt.Sprintf("piece %d ends an element of %d bytes after %d", i, size, begun)
			}
			begun = 0
		}
		begun += p.TailBytes
	}
	if begun > 0 {
		return fmt.Sprintf("the last element stops after %d bytes", begun)
	}
	return ""
}
