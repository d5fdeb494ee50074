package explain

import (
	"encoding/json"
	"io"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// storyObject has the keys of simrun explain --json; they are only ever added to.
type storyObject struct {
	Scenario   string         `json:"scenario"`
	Seed       uint64         `json:"seed"`
	Verdict    string         `json:"verdict"`
	Class      string         `json:"class"`
	Checker    string         `json:"checker"`
	Signature  string         `json:"signature"`
	Sentence   string         `json:"sentence"`
	Detail     string         `json:"detail"`
	FoundNanos int64          `json:"found_nanos"`
	Lanes      []string       `json:"lanes"`
	Moments    []momentObject `json:"moments"`
	WhatIf     []whatIfObject `json:"what_if"`
	Runs       int            `json:"runs"`
	Futures    []futureObject `json:"futures"`
}

// futureObject: of so many other futures behind a moment (0: from the start), so many fail in the
// same way.
type futureObject struct {
	Moment  int   `json:"moment"`
	AtNanos int64 `json:"at_nanos"`
	Runs    int   `json:"runs"`
	Same    int   `json:"same"`
}

type momentObject struct {
	Number    int      `json:"number"`
	TimeNanos int64    `json:"time_nanos"`
	Witness   bool     `json:"witness"`
	Because   []int    `json:"because"`
	Text      string   `json:"text"`
	Events    []string `json:"events"`
	// Positions number the events in the run: what simrun replay --until takes.
	Positions []int64 `json:"positions"`
}

type whatIfObject struct {
	Change        string `json:"change"`
	Fault         *int   `json:"fault,omitempty"`
	MovedNanos    int64  `json:"moved_nanos,omitempty"`
	MovedOrdinals int64  `json:"moved_ordinals,omitempty"`
	FailsNanos    int64  `json:"fails_nanos,omitempty"`
	Setting       string `json:"setting,omitempty"`
	ValueNanos    int64  `json:"value_nanos,omitempty"`
	First         string `json:"first,omitempty"`
	Second        string `json:"second,omitempty"`
	Passes        bool   `json:"passes"`
	Same          bool   `json:"same"`
	Verdict       string `json:"verdict"`
	Signature     string `json:"signature"`
}

// changes are the words for what a run has changed.
var changes = [...]string{
	result.WithoutBug: "without-bug", result.WithoutFault: "without-fault", result.FaultMoved: "fault-moved",
	result.WithoutFaults: "without-faults", result.WithProtocol: "protocol", result.WithSetting: "setting",
	result.DeliveryExchanged: "delivery-exchanged",
}

// JSON writes the story as one object on one line.
func JSON(w io.Writer, s *result.Story) error {
	p := &page{story: s, names: newNames(s), width: DefaultWidth}
	o := storyObject{
		Scenario: s.Scenario, Seed: s.Seed, Verdict: string(s.Verdict), Class: s.Finding.Class,
		Checker: s.Finding.Checker, Signature: s.Finding.Signature, Detail: s.Finding.Detail,
		FoundNanos: s.Finding.AtNanos, Runs: s.Runs,
		Lanes: []string{}, Moments: []momentObject{}, WhatIf: []whatIfObject{},
		Futures: []futureObject{},
	}
	if s.Finding.Class != "" {
		o.Sentence = p.sentence()
	}
	for i := range s.Lanes {
		o.Lanes = append(o.Lanes, s.Lanes[i].Name)
	}
	for i := range s.Moments {
		o.Moments = append(o.Moments, p.momentObject(i))
	}
	for i := range s.WhatIf {
		o.WhatIf = append(o.WhatIf, whatIf(&s.WhatIf[i]))
	}
	for _, f := range s.Futures {
		o.Futures = append(o.Futures, futureObject{f.Moment + 1, f.AtNanos, f.Runs, f.Same})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(o)
}

func (p *page) momentObject(at int) momentObject {
	m, r := &p.story.Moments[at], &p.story.Recording
	o := momentObject{
		Number: at + 1, TimeNanos: r.Events[m.Events[0]].TimeNanos, Witness: m.Witness, Because: []int{},
		Text: p.names.moment(m) + p.note(m),
	}
	for _, cause := range m.Because {
		o.Because = append(o.Because, cause+1)
	}
	for _, event := range m.Events {
		e := &r.Events[event]
		o.Events = append(o.Events, protocol.EventText(protocol.EventKind(e.Kind), e.Args))
		o.Positions = append(o.Positions, r.Positions[event])
	}
	return o
}

func whatIf(w *result.WhatIf) whatIfObject {
	o := whatIfObject{
		Change: changes[w.Kind], MovedNanos: w.MovedNanos, MovedOrdinals: w.MovedOrdinals, FailsNanos: w.FailsNanos,
		Setting: w.Setting, ValueNanos: w.ValueNanos, First: w.First, Second: w.Second,
		Passes: w.Passes(), Same: w.Same, Verdict: string(w.Verdict), Signature: w.Signature,
	}
	if w.Kind == result.WithoutFault || w.Kind == result.FaultMoved {
		o.Fault = &w.Fault
	}
	return o
}
