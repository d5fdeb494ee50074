package census

import (
	"fmt"

	"simrun/scenarios/config"
)

// List numbers the runs of a census of several scenarios, so that whoever runs ranges of numbers
// can run it in parts: first the single crash points of all scenarios in turn, then their pairs.
// Of each scenario the points come in an order in which the first ones are of the whole run.
type List struct {
	of     []*counted
	runs   []numbered
	groups []Group
}

// Group is the runs of one scenario and seed with one crash, or with two.
type Group struct {
	Name string `json:"name"`
	// Pairs: two crashes a run.
	Pairs bool   `json:"pairs"`
	Runs  uint64 `json:"runs"`
}

// counted is a scenario with what of it is crashed: points, and after each of the firsts those
// that follow it.
type counted struct {
	*Census
	points  []Point
	firsts  []Point
	follows [][]Point
}

// numbered is one run: of a scenario, at a point or, if second is not -1, at a first point and one
// that follows it.
type numbered struct{ of, first, second int32 }

// NewList takes the census of each scenario under its own seed; withPairs, of the pairs as well,
// which takes a run for each kind of first crash. The error is a *config.Error.
func NewList(scenarios []*config.Scenario, withPairs bool, each Each) (*List, error) {
	l := &List{of: make([]*counted, len(scenarios))}
	errors := make([]error, len(scenarios))
	each(len(scenarios), func(i int) { l.of[i], errors[i] = count(scenarios[i]) })
	for i := range scenarios {
		if errors[i] != nil {
			return nil, fmt.Errorf("%s, seed %d: %w", scenarios[i].Name, scenarios[i].Seed, errors[i])
		}
		l.group(i, "single crash points", false, len(l.of[i].points))
	}
	l.number(func(c *counted) int { return len(c.points) }, func(_ *counted, i int) (int32, int32) {
		return int32(i), -1
	})
	if !withPairs {
		return l, nil
	}
	for i, c := range l.of {
		c.firsts = c.middles()
		var err error
		if c.follows, err = c.follow(c.firsts, each); err != nil {
			return nil, err
		}
		l.group(i, "pairs of crash points", true, len(pairs(c.follows)))
	}
	l.numberPairs()
	return l, nil
}

func count(s *config.Scenario) (*counted, error) {
	c, err := New(s, s.Seed)
	if err != nil {
		return nil, err
	}
	return &counted{Census: c, points: Spread(c.points)}, nil
}

func (l *List) group(of int, what string, pairs bool, runs int) {
	c := l.of[of]
	name := fmt.Sprintf("%s, seed %d: %s", c.scenario.Name, c.seed, what)
	l.groups = append(l.groups, Group{Name: name, Pairs: pairs, Runs: uint64(runs)})
}

// number numbers runs of all scenarios, one of each in turn.
func (l *List) number(count func(*counted) int, run func(c *counted, i int) (first, second int32)) {
	for i, left := 0, true; left; i++ {
		left = false
		for of, c := range l.of {
			if i < count(c) {
				first, second := run(c, i)
				l.runs, left = append(l.runs, numbered{int32(of), first, second}), true
			}
		}
	}
}

func (l *List) numberPairs() {
	all := make(map[*counted][][2]int32, len(l.of))
	for _, c := range l.of {
		all[c] = pairs(c.follows)
	}
	l.number(func(c *counted) int { return len(all[c]) }, func(c *counted, i int) (int32, int32) {
		return all[c][i][0], all[c][i][1]
	})
}

// spreadStride is how far apart neighbours in Spread's order are in the run.
const spreadStride = 64

// Spread are points in an order in which the first ones are of the whole run.
func Spread(points []Point) []Point {
	order := make([]Point, 0, len(points))
	for from := range spreadStride {
		for i := from; i < len(points); i += spreadStride {
			order = append(order, points[i])
		}
	}
	return order
}

// Len is the number of runs: they are 0 to Len-1.
func (l *List) Len() uint64 { return uint64(len(l.runs)) }

// Groups are the scenarios' single points, and then their pairs. They must not be changed.
func (l *List) Groups() []Group { return l.groups }

// Points are where a run is crashed.
func (l *List) Points(number uint64) []Point {
	r := l.runs[number]
	c := l.of[r.of]
	if r.second < 0 {
		return []Point{c.points[r.first]}
	}
	return []Point{c.firsts[r.first], c.follows[r.first][r.second]}
}

// Draw is the scenario of a run: its Faults are the crashes.
func (l *List) Draw(number uint64) (*config.Scenario, error) {
	if number >= l.Len() {
		return nil, fmt.Errorf("a census has %d runs, and no number %d", l.Len(), number)
	}
	return l.of[l.runs[number].of].Scenario(l.Points(number)...), nil
}

// Group is what a run counts to.
func (l *List) Group(number uint64) string {
	r := l.runs[number]
	if r.second < 0 {
		return l.groups[r.of].Name
	}
	return l.groups[len(l.of)+int(r.of)].Name
}
