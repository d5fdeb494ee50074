package budgets_test

import (
	"syscall"
	"time"
)

// cpuTime is what this process has had of all cores: other users of the machine do not
// count, the garbage collector does.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// inTurns runs each function in turn, so many times, and gives the least CPU time of each.
func inTurns(turns int, functions ...func()) []time.Duration {
	least := make([]time.Duration, len(functions))
	for turn := range turns {
		for i, f := range functions {
			begin := cpuTime()
			f()
			if took := cpuTime() - begin; turn == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	return least
}

// bareRecords is the length of the bare loop in a turn.
const bareRecords = 1 << 21

// perSecond is a rate.
func perSecond(n int64, took time.Duration) float64 { return float64(n) / took.Seconds() }

// designBareRate is what the bare loop does on the machine for which the budgets were
// written: what is wanted in absolute figures is wanted of that machine.
const designBareRate = 23.5e6

// here is an absolute figure of the budgets, for the machine on which the bare loop took
// so long.
func here(wanted float64, bare time.Duration) float64 {
	return wanted * perSecond(bareRecords, bare) / designBareRate
}
