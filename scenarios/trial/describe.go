package trial

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// DescribeEvent is an event as people read it: time, actor, and its canonical text.
func DescribeEvent(s *runtime.System, e *sim.Event) string {
	actor := "outside"
	if e.Actor >= 0 {
		actor = s.Kernel.ActorName(e.Actor)
	}
	text := protocol.EventText(protocol.EventKind(e.Kind), e.Args)
	return fmt.Sprintf("%s %s: %s", clock(e.TimeNanos), actor, text)
}

// clock is virtual time in seconds with all its nanoseconds.
func clock(nanos int64) string {
	return strings.TrimSpace(fmt.Sprintf("%4d.%09ds", nanos/1e9, nanos%1e9))
}
