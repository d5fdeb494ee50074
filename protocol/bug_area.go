package protocol

// BugArea is a part of the system that a planted bug is in.
type BugArea uint8

// The areas, in the order of Bugs.
const (
	AreaBarriers BugArea = iota
	AreaState
	AreaBuffers
	AreaSinks
	AreaCoordinator
	AreaEvents

	// BugAreas is how many there are.
	BugAreas = iota
)

var bugAreaWords = [BugAreas]string{
	AreaBarriers:    "barriers and channel state",
	AreaState:       "state, positions and timers",
	AreaBuffers:     "buffers, credits and connections",
	AreaSinks:       "sinks and external systems",
	AreaCoordinator: "coordinator, store and leadership",
	AreaEvents:      "operator-coordinator events",
}

// String names the area.
func (a BugArea) String() string { return bugAreaWords[a] }

// Area is the part of the system that the bug is in.
func (b Bug) Area() BugArea {
	switch {
	case b < BugStateTakenLate:
		return AreaBarriers
	case b < BugOverdraftUnlimited:
		return AreaState
	case b < BugCommitAtSnapshot:
		return AreaBuffers
	case b < BugCompletesOneShort:
		return AreaSinks
	case b <= BugEpochKept:
		return AreaCoordinator
	}
	return AreaEvents
}
