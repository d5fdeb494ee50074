package protocol

import "fmt"

// CompletedEntry is a completed checkpoint in the store.
type CompletedEntry struct {
	ID CheckpointID
	// Savepoint entries belong to the user: they count as retained but are never
	// discarded. Only a restored savepoint is ever in the store (FLINK-25191).
	Savepoint bool
	// Synchronous: the job stops with it, no checkpoint will follow.
	Synchronous bool
}

// CompletedStore is the list of retained checkpoints, oldest first (Flink:
// CompletedCheckpointStore with CheckpointSubsumeHelper). It holds ids; the host holds
// the files and, with high availability, a durable copy of the list.
type CompletedStore struct {
	numRetained int
	entries     []CompletedEntry
}

// Reset empties the store and sets how many checkpoints it retains (at least 1).
func (s *CompletedStore) Reset(numRetained int) {
	s.numRetained = numRetained
	s.entries = s.entries[:0]
}

// Entries lists what is retained, oldest first. The slice must not be changed.
func (s *CompletedStore) Entries() []CompletedEntry { return s.entries }

// Latest is the newest completed checkpoint, the one to restore from; NoCheckpoint when
// there is none. It never skips an entry: an unreadable checkpoint must fail the
// recovery, not fall back to an older one (FLINK-22502).
func (s *CompletedStore) Latest() CheckpointID {
	if len(s.entries) == 0 {
		return NoCheckpoint
	}
	return s.entries[len(s.entries)-1].ID
}

// Contains reports whether the checkpoint is retained.
func (s *CompletedStore) Contains(id CheckpointID) bool {
	for _, entry := range s.entries {
		if entry.ID == id {
			return true
		}
	}
	return false
}

// Add appends a completed checkpoint, subsumes the oldest beyond the number retained and
// returns those appended to subsumed. It panics if the id is not the largest: smaller
// pending checkpoints are dropped when a larger one completes.
func (s *CompletedStore) Add(entry CompletedEntry, subsumed []CompletedEntry) []CompletedEntry {
	if entry.ID <= s.Latest() {
		panic(fmt.Sprintf("completed store: checkpoint %d added after %d", entry.ID, s.Latest()))
	}
	s.entries = append(s.entries, entry)
	return s.subsume(subsumed)
}

// Recover inserts an entry that was read back from the durable list, in the order of
// ids; one that is known already changes nothing.
func (s *CompletedStore) Recover(entry CompletedEntry) {
	at := len(s.entries)
	for at > 0 && s.entries[at-1].ID >= entry.ID {
		at--
	}
	if at < len(s.entries) && s.entries[at].ID == entry.ID {
		return
	}
	s.entries = append(s.entries, entry)
	copy(s.entries[at+1:], s.entries[at:])
	s.entries[at] = entry
}

// subsume drops from the oldest on until numRetained are left, going past what must stay.
func (s *CompletedStore) subsume(subsumed []CompletedEntry) []CompletedEntry {
	excess := len(s.entries) - s.numRetained
	latest := s.entries[len(s.entries)-1]
	newest := s.newestNotSavepoint()
	kept := s.entries[:0]
	for _, entry := range s.entries {
		if excess > 0 && canSubsume(entry, latest, newest) {
			excess--
			subsumed = append(subsumed, entry)
			continue
		}
		kept = append(kept, entry)
	}
	s.entries = kept
	return subsumed
}

func (s *CompletedStore) newestNotSavepoint() CheckpointID {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if !s.entries[i].Savepoint {
			return s.entries[i].ID
		}
	}
	return NoCheckpoint
}

// canSubsume keeps the latest, and the newest that is not a savepoint: the next
// incremental checkpoint may refer to its files (FLINK-21351). When the job stops with a
// savepoint there is no next one.
func canSubsume(entry, latest CompletedEntry, newestNotSavepoint CheckpointID) bool {
	switch {
	case entry.ID == latest.ID:
		return false
	case entry.Savepoint, latest.Synchronous:
		return true
	}
	return entry.ID != newestNotSavepoint
}

// Retention says what becomes of the retained checkpoints when the job ends. Flink:
// execution.checkpointing.externalized-checkpoint-retention.
type Retention uint8

const (
	// NoExternalizedCheckpoints discards them at every end of the job.
	NoExternalizedCheckpoints Retention = iota
	// DeleteOnCancellation keeps them only when the job failed.
	DeleteOnCancellation
	// RetainOnCancellation keeps them when the job failed or was cancelled.
	RetainOnCancellation
)

// Discards reports whether checkpoints are discarded when the job ends with status. A
// suspended job has not ended, only its leader has: whatever the option says, its
// checkpoints are what the next leader starts from (FLINK-25486).
func (r Retention) Discards(status JobStatus) bool {
	switch status {
	case JobFinished:
		return true
	case JobCanceled:
		return r != RetainOnCancellation
	case JobFailed:
		return r == NoExternalizedCheckpoints
	}
	return false
}

// Shutdown removes what is discarded when the job ends with status, and returns it
// appended to discarded. Savepoints stay.
func (s *CompletedStore) Shutdown(
	status JobStatus, retention Retention, discarded []CompletedEntry,
) []CompletedEntry {
	if !retention.Discards(status) {
		return discarded
	}
	kept := s.entries[:0]
	for _, entry := range s.entries {
		if entry.Savepoint {
			kept = append(kept, entry)
			continue
		}
		discarded = append(discarded, entry)
	}
	s.entries = kept
	return discarded
}
