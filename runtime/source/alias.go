package source

import "math/bits"

// aliasCell is one column of Walker's alias table (Vose, IEEE TSE 1991), in integers:
// a draw that falls below share/total keeps the column, else takes its alias.
type aliasCell struct {
	share uint64 // of 2^32
	alias uint32
}

// zipfWeights are 2^46 * (k+1)^-(halves/2) for keys k.
func zipfWeights(keys int64, halves int) []uint64 {
	weights := make([]uint64, keys)
	for k := range weights {
		weight := uint64(1) << 46
		root := rootOf(uint64(k+1) << 32) // 2^16 times the square root
		for range halves {
			high, low := bits.Mul64(weight, 1<<16)
			weight, _ = bits.Div64(high, low, root)
		}
		weights[k] = max(weight, 1)
	}
	return weights
}

// rootOf is the square root, rounded down (Newton).
func rootOf(x uint64) uint64 {
	root := uint64(1) << ((bits.Len64(x) + 1) / 2)
	for {
		next := (root + x/root) / 2
		if next >= root {
			return root
		}
		root = next
	}
}

// newAliasTable makes the table: column k is drawn with a chance of weights[k] over
// their sum, to within 2^-32.
func newAliasTable(weights []uint64) []aliasCell {
	count := uint64(len(weights))
	total := uint64(0)
	for _, w := range weights {
		total += w
	}
	table := make([]aliasCell, count)
	var small, large []uint32
	left := make([]uint64, count) // weight * count / total, of 2^32
	for k, w := range weights {
		high, low := bits.Mul64(w, count<<32)
		left[k], _ = bits.Div64(high, low, total)
		if left[k] < 1<<32 {
			small = append(small, uint32(k))
		} else {
			large = append(large, uint32(k))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		less, more := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		table[less] = aliasCell{share: left[less], alias: more}
		left[more] -= 1<<32 - left[less]
		if left[more] < 1<<32 {
			large = large[:len(large)-1]
			small = append(small, more)
		}
	}
	for _, k := range append(small, large...) {
		table[k] = aliasCell{share: 1 << 32, alias: k}
	}
	return table
}

// pick draws a column.
func pick(table []aliasCell, draw uint64) uint64 {
	column, rest := bits.Mul64(draw, uint64(len(table)))
	if rest>>32 < table[column].share {
		return column
	}
	return uint64(table[column].alias)
}
