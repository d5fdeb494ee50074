package minimized

import (
	"encoding/json"
	"io"

	"simrun/scenarios/result"
)

type object struct {
	CaseFile  string   `json:"case_file"`
	Verdict   string   `json:"verdict"`
	Class     string   `json:"class"`
	Signature string   `json:"signature"`
	Runs      int      `json:"runs"`
	Complete  bool     `json:"complete"`
	Before    size     `json:"before"`
	After     size     `json:"after"`
	Plan      []string `json:"plan"`
	Dropped   []string `json:"dropped"`
}

type size struct {
	Faults       int   `json:"faults"`
	Vertices     int   `json:"vertices"`
	Tasks        int   `json:"tasks"`
	Widest       int   `json:"widest"`
	Settings     int   `json:"settings"`
	Records      int64 `json:"records"`
	Checkpoints  int64 `json:"checkpoints"`
	Events       int64 `json:"events"`
	VirtualNanos int64 `json:"virtual_nanos"`
}

// JSON writes the minimisation as one object on one line. Its keys are only ever added to.
func JSON(w io.Writer, m *result.Minimization, o Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object{
		CaseFile: o.CaseFile, Verdict: string(m.Verdict), Class: m.Class, Signature: m.Signature,
		Runs: m.Runs, Complete: m.Complete, Before: size(m.Before), After: size(m.After),
		Plan: append([]string{}, m.Plan...), Dropped: append([]string{}, m.Dropped...),
	})
}
