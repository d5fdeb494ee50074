package census

import "simrun/protocol"

// Pairs crashes the scenario twice a run: at a point of one kind, and in the run that it
// struck, at a point of another. Each pair of kinds that can be reached so is run once, the
// pairs of all first kinds in turn, until the budget of runs is used up; the runs that find
// out what follows a first crash count, too. The error is that of a run that could not be
// made.
func (c *Census) Pairs(budget int, each Each) (*Result, error) {
	firsts := c.middles()
	firsts = firsts[:min(len(firsts), max(budget/2, 1))]
	follows, err := c.follow(firsts, each)
	if err != nil {
		return nil, err
	}
	all := pairs(follows)
	reachable := len(all)
	var plans [][]Point
	for _, p := range all[:min(reachable, budget-len(firsts))] {
		plans = append(plans, []Point{firsts[p[0]], follows[p[0]][p[1]]})
	}
	r, err := c.Sweep(plans, each)
	if err != nil {
		return nil, err
	}
	r.What, r.Reachable, r.Covered = "pairs of crash points", reachable, len(plans)
	return r, nil
}

// middles are one point of each kind: the middle one of those that the run gets to, so that
// there is a checkpoint to go back to and a job to go on with.
func (c *Census) middles() []Point {
	byKind := map[Kind][]int{}
	for i := range c.points {
		kind := c.points[i].Kind
		byKind[kind] = append(byKind[kind], i)
	}
	var middles []Point
	for i := range c.points {
		if of := byKind[c.points[i].Kind]; of[len(of)/2] == i {
			middles = append(middles, c.points[i])
		}
	}
	return middles
}

// follow runs the scenario with each first crash and gives, for each, the first point of
// every kind that the run gets to after it.
func (c *Census) follow(firsts []Point, each Each) ([][]Point, error) {
	follows, errors := make([][]Point, len(firsts)), make([]error, len(firsts))
	each(len(firsts), func(i int) {
		w, err := c.worker()
		if err != nil {
			errors[i] = err
			return
		}
		r := recorder{in: w.trial}
		r.watch(w.c, 1)
		o, err := w.run(Plan(firsts[i]))
		if follows[i], errors[i] = firstOfEachKind(r.points), err; err == nil && !panicked(o) {
			c.give(w)
		}
	})
	for _, err := range errors {
		if err != nil {
			return nil, err
		}
	}
	return follows, nil
}

func firstOfEachKind(points []Point) (firsts []Point) {
	var seen [protocol.Steps][2][2]bool
	for _, p := range points {
		process := 0
		if p.Process {
			process = 1
		}
		if known := &seen[p.Step][p.Moment][process]; !*known {
			*known = true
			firsts = append(firsts, p)
		}
	}
	return firsts
}

// pairs takes the pairs of all first points in turn, as indices into the lists of what follows.
// The first points begin at different places of their lists, so that few runs already meet many
// second kinds.
func pairs(follows [][]Point) (all [][2]int32) {
	longest := 0
	for _, f := range follows {
		longest = max(longest, len(f))
	}
	for round := range longest {
		for i, f := range follows {
			if round < len(f) {
				all = append(all, [2]int32{int32(i), int32((round + i) % len(f))})
			}
		}
	}
	return all
}
