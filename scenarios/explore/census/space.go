package census

import (
	"fmt"

	"simrun/scenarios/config"
)

// Space numbers the single crash points of several scenarios, so that whoever runs ranges of
// seeds can run a census: number i is one scenario with one crash, under the census's seed.
type Space struct {
	of    []*Census
	first []uint64 // the number of each one's first point
	count uint64
}

// NewSpace takes the census of each scenario under one seed. The error is a *config.Error.
func NewSpace(scenarios []*config.Scenario, seed uint64) (*Space, error) {
	s := &Space{}
	for _, scenario := range scenarios {
		c, err := New(scenario, seed)
		if err != nil {
			return nil, err
		}
		s.of, s.first = append(s.of, c), append(s.first, s.count)
		s.count += uint64(len(c.points))
	}
	return s, nil
}

// Len is the number of points: they are 0 to Len-1.
func (s *Space) Len() uint64 { return s.count }

// Point is the i-th one, and the census that it is of.
func (s *Space) Point(i uint64) (*Census, Point, error) {
	if i >= s.count {
		return nil, Point{}, fmt.Errorf("there are %d crash points, and no number %d", s.count, i)
	}
	at := len(s.of) - 1
	for s.first[at] > i {
		at--
	}
	return s.of[at], s.of[at].points[i-s.first[at]], nil
}

// Draw is the scenario of the i-th point: its Faults are the crash, and its Seed is that of
// the census, under which it must be run.
func (s *Space) Draw(i uint64) (*config.Scenario, error) {
	c, p, err := s.Point(i)
	if err != nil {
		return nil, err
	}
	return c.Scenario(p), nil
}
