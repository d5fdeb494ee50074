package generate

import (
	"slices"

	"simrun/protocol"
	"simrun/sim"
)

// Profile says what plans do, and how much of it.
type Profile struct {
	// Name is the profile's word on a command line; Doc says in half a sentence what it is for.
	Name, Doc string
	// Weights say how often each feature is drawn, relative to the others; 0 is never.
	Weights [Features]uint64
	// MinFaults to MaxFaults are drawn. A swizzle counts as one.
	MinFaults, MaxFaults int
	// AtStep is the share of faults that strike at a protocol step rather than at a time.
	AtStep sim.Ratio
	// FailFirst is the share of plans whose first fault ends an attempt of the job, so that
	// there is something to recover from.
	FailFirst sim.Ratio
	// Evenly: each step is as likely as any other; else those where faults strike rarely get more.
	Evenly bool
	// Poisoned is the share of plans, of jobs that may fail, in which user code fails in every
	// attempt, so that the job must.
	Poisoned sim.Ratio
}

// seldomPoisoned is the share of plans with poison: a job that has failed recovers no more.
var seldomPoisoned = sim.Ratio{Num: 1, Den: 32}

// everything is the weights of the default profile: all of it, what ends attempts cheaply
// most.
var everything = [Features]uint64{
	CrashTask: 6, CrashHere: 8, CrashTaskManager: 6, CrashJobManager: 4, CrashExternal: 2,
	ThrowAtRecord: 3, ThrowInCallback: 3, PauseShort: 1, PauseLong: 2,
	SlowOperator: 2, SlowExternal: 1, SlowStorage: 2, Stall: 2,
	Delay: 4, PartitionShort: 2, PartitionLong: 2, Swizzle: 1,
	FailWrites: 3, FailReads: 2, LoseAnswers: 2,
	Isolate: 2, Hold: 1, Reset: 3, Jitter: 2, Throttle: 1,
	LoseMessages: 2, DuplicateMessages: 2, ReorderMessages: 2, FailRecovery: 5,
	CrashStorage: 1, TearWrites: 2, LoseUnsynced: 1, CorruptReads: 2, LagLists: 1,
	FailRequests: 3, ExpireTransactions: 1, FenceWriters: 1, Burst: 1, Skew: 1, StepClock: 1,
}

// profiles are all of them; the first is the default.
var profiles = []Profile{
	{"default", "everything that a job can recover from", everything,
		1, 3, sim.Ratio{Num: 1, Den: 2}, sim.Ratio{Num: 31, Den: 32}, false, seldomPoisoned},
	{"crashes", "processes die, user code throws, at every step of the protocol",
		[Features]uint64{CrashTask: 3, CrashHere: 6, CrashTaskManager: 3, CrashJobManager: 2, CrashExternal: 1,
			ThrowAtRecord: 1, ThrowInCallback: 1},
		1, 4, sim.Ratio{Num: 3, Den: 4}, sim.One, false, seldomPoisoned},
	{"network", "links are slow, cut one way or both, and heal",
		[Features]uint64{Delay: 3, PartitionShort: 3, PartitionLong: 3, Swizzle: 2, PauseShort: 1, PauseLong: 1,
			Isolate: 2, Hold: 2, Reset: 3, Jitter: 3, Throttle: 2},
		1, 4, sim.Ratio{Num: 1, Den: 3}, sim.Ratio{Num: 3, Den: 4}, false, seldomPoisoned},
	{"storage", "the checkpoint storage is slow, fails, dies, loses and damages, before and in recoveries",
		[Features]uint64{SlowStorage: 3, FailWrites: 4, FailReads: 3, LoseAnswers: 4, CrashTask: 2,
			CrashJobManager: 2, FailRecovery: 4, CrashStorage: 3, TearWrites: 3, LoseUnsynced: 1, CorruptReads: 3,
			LagLists: 2},
		1, 4, sim.Ratio{Num: 1, Den: 2}, sim.Ratio{Num: 3, Den: 4}, false, seldomPoisoned},
	{"sinks", "external systems and the sinks before them die, stall and are slow",
		[Features]uint64{CrashExternal: 4, SlowExternal: 3, Stall: 3, SlowOperator: 2, CrashTask: 3,
			ThrowInCallback: 3, CrashJobManager: 1, FailRequests: 5, ExpireTransactions: 2, FenceWriters: 2},
		1, 4, sim.Ratio{Num: 2, Den: 3}, sim.Ratio{Num: 3, Den: 4}, false, seldomPoisoned},
	{"control-plane", "job managers die, pause and are cut off; leaders change",
		[Features]uint64{CrashJobManager: 5, PauseShort: 2, PauseLong: 4, PartitionLong: 3, Swizzle: 2, Delay: 3,
			FailReads: 1, CrashTaskManager: 2, LoseMessages: 3, DuplicateMessages: 3, ReorderMessages: 3,
			StepClock: 3, LagLists: 2},
		1, 4, sim.Ratio{Num: 1, Den: 2}, sim.One, false, seldomPoisoned},
	{"backpressure", "operators, sinks and external systems are slow or stall while tasks fail",
		[Features]uint64{SlowOperator: 5, SlowExternal: 3, Stall: 4, PauseShort: 2, Delay: 2, CrashTask: 2,
			ThrowAtRecord: 1, Burst: 3, Skew: 2},
		1, 4, sim.Ratio{Num: 1, Den: 4}, sim.Ratio{Num: 1, Den: 2}, false, seldomPoisoned},
	{"even", "the default's, at every step as likely as at any other: what weights of steps are measured with",
		everything, 1, 3, sim.Ratio{Num: 1, Den: 2}, sim.Ratio{Num: 31, Den: 32}, true, seldomPoisoned},
	{"calm", "no faults: what a scenario does by itself", [Features]uint64{},
		0, 0, sim.Ratio{Num: 0, Den: 1}, sim.Ratio{Num: 0, Den: 1}, false, sim.Ratio{Num: 0, Den: 1}},
}

// Profiles lists every profile; the first is the default.
func Profiles() []Profile { return append([]Profile(nil), profiles...) }

// ProfileError names a profile that there is not.
type ProfileError struct{ Name, Nearest string }

// Error names the profile and the nearest one.
func (e *ProfileError) Error() string {
	text := "unknown profile \"" + e.Name + "\""
	if e.Nearest != "" {
		text += "; did you mean \"" + e.Nearest + "\"?"
	}
	return text
}

// FindProfile is the profile with that name; "" is the default. The error is a
// *ProfileError.
func FindProfile(name string) (Profile, error) {
	var names []string
	for i := range profiles {
		if profiles[i].Name == name || name == "" {
			return profiles[i], nil
		}
		names = append(names, profiles[i].Name)
	}
	return Profile{}, &ProfileError{name, protocol.Nearest(name, names)}
}

// features draws which features are on: each that the profile has and the shape allows is,
// or is not. Where none would be, all are.
func (p *Profile) features(d *drawing) []uint64 {
	possible, on := make([]uint64, Features), make([]uint64, Features)
	for f := range Features {
		if p.Weights[f] == 0 || !featureSpecs[f].possible(d.shape) {
			continue
		}
		possible[f] = p.Weights[f]
		if Chance(d, 1, 2) {
			on[f] = p.Weights[f]
		}
	}
	if sum(on) == 0 {
		on = slices.Clone(possible)
	}
	p.keepFailing(d, possible, on)
	return on
}

// keepFailing sees to it that a plan which is to end an attempt has a feature that does.
func (p *Profile) keepFailing(d *drawing, possible, on []uint64) {
	d.failFirst = Chance(d, uint64(p.FailFirst.Num), uint64(p.FailFirst.Den))
	if !d.failFirst || sum(failing(on)) > 0 {
		return
	}
	if candidates := failing(possible); sum(candidates) > 0 {
		f := pick(d, candidates)
		on[f] = possible[f]
	}
}

// failing are the weights of features that end attempts.
func failing(weights []uint64) []uint64 {
	only := make([]uint64, Features)
	for f := range Features {
		if featureSpecs[f].fails {
			only[f] = weights[f]
		}
	}
	return only
}
