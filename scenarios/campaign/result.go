package campaign

import (
	"encoding/json"
	"os"

	"simrun/scenarios/config"
	"simrun/scenarios/result/tally"
)

// Result is what a complete campaign comes to. It has no wall-clock time in it: however it
// was run, the same seeds give the same bytes.
type Result struct {
	Format   int      `json:"format"`
	Campaign Identity `json:"campaign"`
	// Covered are the seeds that were run: one part, unless it was merged from shards that
	// ended at different seeds.
	Covered []Part      `json:"covered"`
	Tally   tally.Tally `json:"tally"`
}

// Result is what the progress comes to if nothing follows.
func (p *Progress) Result() *Result {
	covered := p.Plan.Part
	// A window of so many times Count seeds has as many of each shard.
	if n := p.Done.complete(); n < covered.length() || covered.Seeds.Open() {
		covered.Seeds.To = covered.Seeds.From + n*covered.Shard.Count
	}
	return &Result{
		Format: formatVersion, Campaign: p.Plan.Identity, Covered: []Part{covered}, Tally: p.Tally,
	}
}

// Finished reports whether every seed of the plan is done.
func (p *Progress) Finished() bool { return p.Done.complete() >= p.Plan.length() }

// CaseNames are the files of failing seeds, in the order of signature and seed, without
// their suffix.
func (r *Result) CaseNames() []string {
	var names []string
	for _, kept := range keptCases(&r.Tally, r.Campaign.MaxCases) {
		names = append(names, kept.name)
	}
	return names
}

// Bytes is the file of the result.
func (r *Result) Bytes() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", " ")
	return append(text, '\n'), err
}

// ReadResult reads the result of a complete campaign. The error is fs.ErrNotExist where
// there is none, or a *config.Error.
func ReadResult(f Folder) (*Result, error) {
	text, err := os.ReadFile(f.path(TallyFile))
	if err != nil {
		return nil, err
	}
	r := &Result{}
	if err := json.Unmarshal(text, r); err != nil {
		const message = "this is no tally of a campaign: "
		return nil, &config.Error{File: f.path(TallyFile), Message: message + err.Error()}
	}
	if r.Format != formatVersion {
		return nil, foreign(f.path(TallyFile))
	}
	return r, nil
}

// foreign is the error of a file that another version has written.
func foreign(path string) error {
	return &config.Error{File: path, Message: "the file has a format that this simrun cannot read"}
}
