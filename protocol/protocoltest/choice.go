package protocoltest

import "fmt"

// Choice decides everything that is open in a run: which step comes next, how large the
// job is, which checkpoint fails. Choose returns a number below n, which is at least 1;
// 0 is the simplest. One generator of runs serves every driver: seeds, rapid, exhaustive
// enumeration.
type Choice interface{ Choose(n uint64) uint64 }

// Seeded makes choices from a seed (SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
func Seeded(seed uint64) Choice { return &seeded{state: seed} }

type seeded struct{ state uint64 }

func (s *seeded) Choose(n uint64) uint64 {
	s.state += 0x9E3779B97F4A7C15
	z := s.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return (z ^ z>>31) % n
}

// Exhaustive enumerates all runs, in the order of an odometer whose last wheel turns
// fastest. The zero value begins with the run of zeros:
//
//	for x := new(Exhaustive); ; { run(x); if !x.Next() { break } }
type Exhaustive struct {
	wheels []wheel
	at     int
}

type wheel struct{ value, n uint64 }

// Choose implements Choice.
func (x *Exhaustive) Choose(n uint64) uint64 {
	if x.at == len(x.wheels) {
		x.wheels = append(x.wheels, wheel{n: n})
	}
	w := &x.wheels[x.at]
	if w.n != n {
		panic(fmt.Sprintf("protocoltest: choice %d had %d options before and has %d now: "+
			"the run is not a function of its choices", x.at, w.n, n))
	}
	x.at++
	return w.value
}

// Next turns to the next run; it is false when there is none.
func (x *Exhaustive) Next() bool {
	x.wheels, x.at = x.wheels[:x.at], 0
	for i := len(x.wheels) - 1; i >= 0; i-- {
		if x.wheels[i].value++; x.wheels[i].value < x.wheels[i].n {
			return true
		}
		x.wheels = x.wheels[:i]
	}
	return false
}

// recording remembers the choices of another, so that a failing run can be told again.
type recording struct {
	from Choice
	made []uint64
}

func (r *recording) Choose(n uint64) uint64 {
	value := r.from.Choose(n)
	r.made = append(r.made, value)
	return value
}

// replay makes recorded choices again.
type replay struct{ made []uint64 }

func (r *replay) Choose(uint64) uint64 {
	value := r.made[0]
	r.made = r.made[1:]
	return value
}
