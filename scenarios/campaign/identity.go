package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"simrun/scenarios/config"
)

// Identity is what two campaigns must have in common for their tallies to be added up:
// everything that decides what a seed comes to.
type Identity struct {
	// Build names the program, and Model its model: the same build gives the same run.
	Build string `json:"build"`
	Model int    `json:"model"`
	// Scenarios are names with a digest of their content. Universes says that drawn ones
	// were among them.
	Scenarios []string `json:"scenarios"`
	Universes bool     `json:"universes"`
	// Profile and Explore say how faults were drawn and seeds explored, Bug which planted
	// bug was on.
	Profile string `json:"profile"`
	Explore string `json:"explore"`
	Bug     string `json:"planted_bug"`
	// Groups are what a list of runs consists of (Listed), in its order; else none.
	Groups []Group `json:"groups,omitempty"`
	// Budget is that of a run; MaxCases and Minimized decide which case files there are.
	Budget    uint64 `json:"budget"`
	MaxCases  int    `json:"max_cases"`
	Minimized bool   `json:"minimized"`
}

// Group is runs of a list that are counted together.
type Group struct {
	Name string `json:"name"`
	// Covers is what the runs are a share of: "reachable pairs"; empty: it is not said.
	Covers string `json:"covers,omitempty"`
	Runs   uint64 `json:"runs"`
}

// Describe is how an Identity names a scenario.
func Describe(s *config.Scenario) string {
	sum := sha256.Sum256(s.YAML())
	return s.Name + " " + hex.EncodeToString(sum[:8])
}

// Difference says in what two identities differ; "" if in nothing.
func (a *Identity) Difference(b *Identity) string {
	for _, field := range []struct {
		name     string
		one, two any
	}{
		{"build", a.Build, b.Build},
		{"model", a.Model, b.Model},
		{"scenarios", strings.Join(a.Scenarios, ", "), strings.Join(b.Scenarios, ", ")},
		{"drawn universes", a.Universes, b.Universes},
		{"profile", a.Profile, b.Profile},
		{"way of exploring", a.Explore, b.Explore},
		{"planted bug", a.Bug, b.Bug},
		{"list of runs", fmt.Sprint(a.Groups), fmt.Sprint(b.Groups)},
		{"budget of a run", a.Budget, b.Budget},
		{"number of case files", a.MaxCases, b.MaxCases},
		{"minimising", a.Minimized, b.Minimized},
	} {
		if field.one != field.two {
			return fmt.Sprintf("%s %v and %v", field.name, field.one, field.two)
		}
	}
	return ""
}
