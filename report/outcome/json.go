package outcome

import (
	"encoding/json"
	"fmt"
	"io"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// runObject has the keys of the design's table for run and replay, in its order.
type runObject struct {
	Scenario string `json:"scenario"`
	Seed     uint64 `json:"seed"`
	// Digest is 16 hexadecimal digits: 64 bits do not fit into a JSON number everywhere.
	Digest       string `json:"digest"`
	Verdict      string `json:"verdict"`
	JobState     string `json:"job_state"`
	Events       int64  `json:"events"`
	Records      int64  `json:"records"`
	VirtualNanos int64  `json:"virtual_nanos"`
	WallNanos    int64  `json:"wall_nanos"`
	Completed    int    `json:"checkpoints_completed"`
	// Failed counts all that failed, the expired ones among them, as Flink does.
	Failed     int         `json:"checkpoints_failed"`
	Expired    int         `json:"checkpoints_expired"`
	Violations []violation `json:"violations"`
}

type violation struct {
	Class     string   `json:"class"`
	Checker   string   `json:"checker"`
	Signature string   `json:"signature"`
	Witness   []string `json:"witness"`
}

// JSON writes the run as one object on one line.
func JSON(w io.Writer, o *result.Outcome) error {
	counts := countCheckpoints(o)
	object := runObject{
		Scenario: o.Scenario, Seed: o.Seed, Digest: digest(o), Verdict: string(o.Verdict),
		JobState: o.JobState.String(), Events: o.Events, Records: o.Records,
		VirtualNanos: o.VirtualNanos, WallNanos: o.WallNanos,
		Completed: counts.completed, Failed: counts.failed, Expired: counts.expired,
		Violations: []violation{},
	}
	for _, f := range o.Violations {
		witness := append([]string{}, f.Witness...)
		object.Violations = append(object.Violations, violation{f.Class, f.Checker, f.Signature, witness})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object)
}

func digest(o *result.Outcome) string { return fmt.Sprintf("%016x", o.Digest) }

type checkpointCounts struct{ completed, failed, expired, running int }

func countCheckpoints(o *result.Outcome) (n checkpointCounts) {
	for i := range o.Checkpoints {
		c := &o.Checkpoints[i]
		switch c.Status {
		case protocol.CheckpointSucceeded:
			n.completed++
		case protocol.CheckpointFailed:
			n.failed++
		default:
			n.running++
		}
		if c.Expired() {
			n.expired++
		}
	}
	return n
}
