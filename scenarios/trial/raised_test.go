package trial

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

type machine struct{ list []int }

func (m *machine) step(i int) int { return m.list[i] }

func (m *machine) fail(what string) { panic("machine: " + what) }

func (m *machine) stop() { m.fail("stopped") }

func (m *machine) sort() {
	slices.SortFunc(m.list, func(a, b int) int { panic("not comparable") })
}

func (m *machine) drop() { m.list = slices.Delete(m.list, 1, 7) }

func first[T any](list []T) T { return list[0] }

func raisedBy(f func()) (place string) {
	defer func() {
		if recover() != nil {
			place = RaisedIn()
		}
	}()
	f()
	return "nobody"
}

func TestAPanicIsPlacedInTheFunctionThatRaisedIt(t *testing.T) {
	m := &machine{list: []int{3, 1, 2}}
	places := map[string]func(){
		"trial.machine.step": func() { m.step(5) },
		"trial.machine.stop": m.stop,
		"trial.machine.sort": m.sort,
		"trial.machine.drop": m.drop,
		"trial.first":        func() { first[string](nil) },
	}
	for place, f := range places {
		require.Equal(t, place, raisedBy(f))
	}
	require.Equal(t, "trial.machine.step", raisedBy(func() { (*machine)(nil).step(0) }))
}
