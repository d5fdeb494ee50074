package checkers

import "strings"

// maxTold bounds how many waits a tale tells.
const maxTold = 8

// Explain tells who waits for whom: the first cycle of the wait-for graph, or the first
// chain when there is none. It is "" for an empty graph.
//
//	; cycle: source[0] waits for map[0] (credit), map[0] waits for source[0] (resume)
func Explain(waits []Wait) string {
	if cycle := FindCycle(waits); cycle != nil {
		return "; cycle: " + tell(cycle)
	}
	if len(waits) == 0 {
		return ""
	}
	return "; " + tell(chainFrom(waits, 0))
}

// FindCycle is the first cycle of the wait-for graph, in the order of waits; nil when it
// has none.
func FindCycle(waits []Wait) []Wait {
	state := make([]uint8, len(waits)) // 0 new, 1 on the path, 2 done
	for i := range waits {
		if cycle := walk(waits, state, i, nil); cycle != nil {
			return cycle
		}
	}
	return nil
}

func walk(waits []Wait, state []uint8, at int, path []int) []Wait {
	if state[at] == 2 {
		return nil
	}
	if state[at] == 1 {
		return cut(waits, path, at)
	}
	state[at] = 1
	path = append(path, at)
	for next := range waits {
		if waits[next].Who == waits[at].Whom {
			if cycle := walk(waits, state, next, path); cycle != nil {
				return cycle
			}
		}
	}
	state[at] = 2
	return nil
}

// cut is the part of a path that goes round: from the wait that was met again.
func cut(waits []Wait, path []int, again int) []Wait {
	var cycle []Wait
	for i, at := range path {
		if at == again || len(cycle) > 0 {
			cycle = append(cycle, waits[path[i]])
		}
	}
	return cycle
}

// chainFrom follows the first wait of each until somebody waits for nobody.
func chainFrom(waits []Wait, at int) []Wait {
	chain := []Wait{waits[at]}
	for i := 0; i < len(waits) && len(chain) < maxTold; i++ {
		if waits[i].Who == chain[len(chain)-1].Whom {
			chain = append(chain, waits[i])
			i = -1
		}
	}
	return chain
}

func tell(waits []Wait) string {
	var b strings.Builder
	for i, w := range waits {
		if i == maxTold {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(w.Who + " waits for " + w.Whom + " (" + w.What + ")")
	}
	return b.String()
}
