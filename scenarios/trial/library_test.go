package trial_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/trial"
	"simrun/sim"
)

func TestLibraryRuns(t *testing.T) {
	tr := trial.New()
	names := library.Names()
	if f := os.Getenv("FILES"); f != "" {
		names = strings.Split(f, ",")
	}
	for _, name := range names {
		if only := os.Getenv("ONLY"); only != "" && only != name {
			continue
		}
		text, err := library.Read(name)
		if strings.Contains(name, "/") {
			text, err = os.ReadFile(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		sets := []string{}
		if v := os.Getenv("SETS"); v != "" {
			sets = strings.Split(v, ";")
		}
		s, err := config.Load(name, text, config.NoFiles{}, sets...)
		if err != nil {
			fmt.Println(name, "LOAD", err)
			continue
		}
		b, err := s.Build()
		if err != nil {
			fmt.Println(name, "BUILD", err)
			continue
		}
		var marks protocol.MarkSet
		for _, w := range b.Expect.Reached {
			m, _ := protocol.ParseMark(w)
			marks = marks.Plus(protocol.MarkSetOf(m))
		}
		c := &trial.Case{Scenario: name, Options: b.Options, Plan: b.Plan, Run: runtime.RunOptions{LimitNanos: 3600e9, ProgressNanos: b.Run.ConvergeWithinNanos, SettleNanos: 5e9},
			ForNanos: b.Run.ForNanos, Expect: trial.Expectation{Reached: marks, Contract: protocol.PolicyOf(b.Options.Config.Protocol).Contract(), NoGuarantee: b.Guarantee == config.NoGuarantee}}
		if b.Guarantee == config.ExactlyOnce {
			c.Expect.Contract = protocol.ContractExactlyOnce
		}
		if os.Getenv("TRACE") != "" {
			c.Observe = func(e *sim.Event) {
				fmt.Println(e.TimeNanos, e.Actor, protocol.EventText(protocol.EventKind(e.Kind), e.Args))
			}
		}
		start := time.Now()
		o, err := tr.Run(c)
		if err != nil {
			fmt.Println(name, "RUN", err)
			continue
		}
		fmt.Printf("%-28s %-9s want %-9s %s virt %.1fs wall %v rec %d ev %d cps %d miss %v\n", name, o.Verdict, b.Expect.Verdict, o.JobState, float64(o.VirtualNanos)/1e9, time.Since(start).Round(time.Millisecond), o.Records, o.Events, len(o.Checkpoints), o.Missing)
		for i, v := range o.Violations {
			if i < 4 {
				fmt.Println("     ", v.Class, v.Checker, v.Detail)
				for _, w := range v.Witness {
					fmt.Println("           ", w)
				}
			}
		}
		if o.StuckReason != "" {
			fmt.Println(o.StuckReason)
		}
	}
}
