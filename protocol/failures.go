package protocol

import "math"

// UnlimitedFailures as TolerableFailures means that no checkpoint failure fails the job.
const UnlimitedFailures = math.MaxInt32

// FailureCounter counts consecutive checkpoint failures against the tolerable number
// (Flink: CheckpointFailureManager). Each checkpoint counts once; a success clears the
// count.
type FailureCounter struct {
	tolerable     int
	count         int
	counted       []CheckpointID
	lastSucceeded CheckpointID
}

// Reset clears the counter and sets the tolerable number (0: the first counted failure
// fails the job).
func (f *FailureCounter) Reset(tolerable int) {
	*f = FailureCounter{tolerable: tolerable, counted: f.counted[:0]}
}

// Count is the number of consecutive counted failures.
func (f *FailureCounter) Count() int { return f.count }

// Succeeded notes that the checkpoint completed.
func (f *FailureCounter) Succeeded(id CheckpointID) {
	if id > f.lastSucceeded {
		f.lastSucceeded = id
		f.clear()
	}
}

// Failed notes that the checkpoint failed for reason and reports whether that is one
// failure too many: then the job must fail, and the count starts anew. id is
// NoCheckpoint when it failed before it had one. A failure of a checkpoint older than
// the last success says nothing about the present and is ignored.
func (f *FailureCounter) Failed(id CheckpointID, reason FailureReason) (tooMany bool) {
	stale := id != NoCheckpoint && id <= f.lastSucceeded
	if stale || f.tolerable == UnlimitedFailures || !reason.Counted() || f.seen(id) {
		return false
	}
	f.count++
	f.counted = append(f.counted, id)
	if f.count <= f.tolerable {
		return false
	}
	f.clear()
	return true
}

func (f *FailureCounter) seen(id CheckpointID) bool {
	for _, counted := range f.counted {
		if id != NoCheckpoint && counted == id {
			return true
		}
	}
	return false
}

func (f *FailureCounter) clear() {
	f.count = 0
	f.counted = f.counted[:0]
}
