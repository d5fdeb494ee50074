package detection

import (
	"encoding/json"
	"io"
	"math"
	"path/filepath"
)

// object has the keys of the design's table for bugs, in its order. What is not known is
// null.
type object struct {
	Bug     string `json:"bug"`
	Ticket  string `json:"ticket"`
	Caught  bool   `json:"caught"`
	Checker string `json:"checker"`

	SeedsMedian   *float64 `json:"seeds_median"`
	SeedsLow      *float64 `json:"seeds_low"`
	SeedsHigh     *float64 `json:"seeds_high"`
	SecondsMedian *float64 `json:"seconds_median"`
	PlanFaults    *int     `json:"plan_faults"`
	CaseFile      *string  `json:"case_file"`

	Explorers []explorerObject `json:"explorers,omitempty"`
}

// explorerObject is what one of several explorers came to. An enumeration has one stream: its
// three numbers of seeds are one, that of its runs.
type explorerObject struct {
	Explorer      string   `json:"explorer"`
	Caught        bool     `json:"caught"`
	Streams       int      `json:"streams"`
	SeedsMedian   *float64 `json:"seeds_median"`
	SeedsLow      *float64 `json:"seeds_low"`
	SeedsHigh     *float64 `json:"seeds_high"`
	SecondsMedian *float64 `json:"seconds_median"`
}

func explorerObjects(explorers []Explored) (objects []explorerObject) {
	for i := range explorers {
		e := &explorers[i]
		objects = append(objects, explorerObject{e.Word, e.Caught, e.Streams, finite(e.Seeds.Median),
			finite(e.Seeds.Low), finite(e.Seeds.High), finite(e.SecondsMedian)})
	}
	return objects
}

// JSON writes an object a bug, each on one line. Case files are in the folder out.
func JSON(w io.Writer, rows []Row, out string) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for i := range rows {
		row := &rows[i]
		o := object{
			Bug: row.Bug.String(), Ticket: row.Bug.Source(), Caught: row.Caught, Checker: row.Checker,
			SeedsMedian: finite(row.Seeds.Median), SeedsLow: finite(row.Seeds.Low), SeedsHigh: finite(row.Seeds.High),
			SecondsMedian: finite(row.SecondsMedian), Explorers: explorerObjects(row.Explorers),
		}
		if row.Case != nil {
			file := filepath.Join(out, filepath.FromSlash(row.Case.File))
			o.PlanFaults, o.CaseFile = &row.Case.Faults, &file
		}
		if err := encoder.Encode(o); err != nil {
			return err
		}
	}
	return nil
}

func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}
