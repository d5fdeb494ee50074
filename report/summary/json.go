package summary

import (
	"encoding/json"
	"io"

	"simrun/scenarios/result/tally"
)

// Clock is what the wall clock says of a campaign.
type Clock struct {
	WallNanos int64
	// Seeds were run in that time.
	Seeds uint64
}

// rate is in seeds a second.
func (c *Clock) rate() float64 {
	if c.WallNanos <= 0 {
		return 0
	}
	return float64(c.Seeds) * 1e9 / float64(c.WallNanos)
}

// object has the keys of the design's table for fuzz, in its order, and then those that
// were added. The two of the wall clock are not there without one.
type object struct {
	Seeds          uint64      `json:"seeds"`
	SeedsPerSecond *float64    `json:"seeds_per_second,omitempty"`
	WallNanos      *int64      `json:"wall_nanos,omitempty"`
	VirtualNanos   uint64      `json:"virtual_nanos"`
	Faults         uint64      `json:"faults"`
	Restores       uint64      `json:"restores"`
	WithBoth       uint64      `json:"seeds_with_fault_and_restore"`
	Vacuous        uint64      `json:"vacuous"`
	Reached        []string    `json:"reached"`
	Violations     uint64      `json:"violations"`
	Signatures     []signature `json:"signatures"`
	CaseFiles      []string    `json:"case_files"`

	Verdict     string       `json:"verdict"`
	FirstSeed   uint64       `json:"first_seed"`
	Unfired     uint64       `json:"faults_not_fired"`
	Doubled     uint64       `json:"seeds_run_twice"`
	Classes     tally.Counts `json:"classes"`
	FaultsFired tally.Counts `json:"faults_by_kind"`
	Marks       tally.Counts `json:"seeds_by_mark"`
	Coverage    tally.Counts `json:"coverage"`
	Steps       []string     `json:"steps_reached"`
}

// signature is one finding.
type signature struct {
	Signature string   `json:"signature"`
	Class     string   `json:"class"`
	Checker   string   `json:"checker"`
	Seeds     uint64   `json:"seeds"`
	Smallest  []uint64 `json:"smallest_seeds"`
}

// JSON writes the tally as one object on one line; clock may be nil.
func JSON(w io.Writer, t *tally.Tally, o *Options, clock *Clock) error {
	line := object{
		Seeds: t.Seeds, VirtualNanos: t.VirtualNanos, Faults: t.Faults.Total(), Restores: t.Restores,
		WithBoth: t.WithFaultAndRestore, Vacuous: t.Classes[tally.Vacuous.String()],
		Reached: append([]string{}, t.Marks.Words()...), Violations: t.Failing(),
		Signatures: []signature{}, CaseFiles: append([]string{}, o.Cases...),
		Verdict: string(Verdict(t, o)), FirstSeed: o.FirstSeed, Unfired: t.Unfired.Total(), Doubled: t.Doubled,
		Classes: t.Classes, FaultsFired: t.Faults, Marks: t.Marks, Coverage: t.Coverage,
		Steps: t.StepsReached.Words(),
	}
	for _, name := range t.Findings.Signatures() {
		f := t.Findings[name]
		s := signature{Signature: name, Class: f.Class, Checker: f.Checker, Seeds: f.Seeds}
		for _, failure := range f.Smallest {
			s.Smallest = append(s.Smallest, failure.Seed)
		}
		line.Signatures = append(line.Signatures, s)
	}
	if clock != nil {
		rate := clock.rate()
		line.SeedsPerSecond, line.WallNanos = &rate, &clock.WallNanos
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(line)
}
