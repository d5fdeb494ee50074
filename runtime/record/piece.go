package record

// Piece is the content of a buffer, or of a part of one: the bytes of elements laid end
// to end. An element may span several pieces; it is listed in the one that holds its
// last byte.
//
//	piece 1: |--- a ---|--- b --|-- c …     Elements a b    TailBytes of c
//	piece 2:  … c (middle) …                Elements –      all HeadBytes
//	piece 3:  … c |- d -|                   Elements c d    HeadBytes of c
type Piece struct {
	Elements []Record
	// SizeBytes is the whole content.
	SizeBytes int32
	// HeadBytes continue an element that an earlier piece began.
	HeadBytes int32
	// TailBytes begin an element that a later piece ends.
	TailBytes int32
}
