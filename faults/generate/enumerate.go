package generate

// Enumerate calls visit once for every way in which it can make its choices, in the order of
// an odometer whose last choice turns fastest; the first way is all zeros, the simplest. How
// many choices there are, and between how many alternatives, may depend on earlier ones. It
// stops when visit says false, and reports whether it got to the end.
//
//	visit chooses of 2, then of 3 only if the first was 1:   0   1 0   1 1   1 2
//
// visit must choose in the same way whenever its earlier choices are the same; Enumerate
// panics if it does not.
func Enumerate(visit func(c Choice) bool) bool {
	var o odometer
	for {
		o.at = 0
		if !visit(&o) {
			return false
		}
		if !o.turn() {
			return true
		}
	}
}

// odometer is a Choice that remembers what it chose, to choose the next way.
type odometer struct {
	digits []digit
	at     int
}

type digit struct{ value, of uint64 }

// Choose picks one of n alternatives.
func (o *odometer) Choose(n uint64) uint64 {
	mustHaveAlternatives(n)
	if o.at == len(o.digits) {
		o.digits = append(o.digits, digit{0, n})
	}
	d := o.digits[o.at]
	if d.of != n {
		panic("generate: the choices after the same choices were others than before")
	}
	o.at++
	return d.value
}

// turn goes on to the next way: the last digit that can rises, those behind it are gone.
// Choices that visit did not get to this time belong to an earlier way.
func (o *odometer) turn() bool {
	o.digits = o.digits[:o.at]
	for i := len(o.digits) - 1; i >= 0; i-- {
		if o.digits[i].value+1 < o.digits[i].of {
			o.digits[i].value++
			o.digits = o.digits[:i+1]
			return true
		}
	}
	return false
}
