package sim

import "math/bits"

// Odd constants with well spread bits (the fractional parts of square roots, as in
// SHA-512), so that small integers never meet their complement.
const (
	saltDraw     uint64 = 0x6A09E667F3BCC909
	saltReceiver uint64 = 0xBB67AE8584CAA73B
	saltSender   uint64 = 0x3C6EF372FE94F82B
	saltTime     uint64 = 0xA54FF53A5F1D36F1
	saltKind     uint64 = 0x510E527FADE682D1
	saltFirst    uint64 = 0x9B05688C2B3E6C1F
	saltSecond   uint64 = 0x1F83D9ABFB41BD6B
	saltThird    uint64 = 0x5BE0CD19137E2179
	saltAddress  uint64 = 0xCBBB9D5DC1059ED9
)

// mix spreads x over 64 bits; it is a bijection (the finalizer of SplitMix64, Steele, Lea
// and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// fold multiplies to 128 bits and folds the halves (the mixing step of wyhash).
func fold(x, y uint64) uint64 {
	high, low := bits.Mul64(x, y)
	return high ^ low
}

// addressOf is the address that a name stands for in hashes: FNV-1a, then mixed.
func addressOf(name string) uint64 {
	hash := uint64(0xCBF29CE484222325)
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * 0x100000001B3
	}
	return mix(hash ^ saltAddress)
}
