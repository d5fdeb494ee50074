package generate

import "simrun/protocol"

// Written by go test ./scenarios/explore -run MeasuredStrikes -rewrite, which ran 8000 seeds of the
// profile even: by step, how many faults struck there in all, then of each kind in the order of
// protocol.FaultKind.

// struckSteps is the number of steps where any struck, struckInAll the sum over all.
const struckSteps = 72

var struckInAll = struckRow{"", 10253, [protocol.FaultKinds]uint64{
	0, 5614, 948, 161, 69, 122, 135, 1386, 350, 339, 32, 46,
	48, 33, 69, 56, 61, 161, 19, 424, 70, 30, 23, 0,
	30, 0, 27,
}}
var struck = [protocol.Steps]struckRow{
	{"none", 0, [protocol.FaultKinds]uint64{
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"receive-trigger", 319, [protocol.FaultKinds]uint64{
		0, 218, 46, 1, 0, 1, 0, 4, 12, 18, 0, 0,
		1, 1, 0, 0, 0, 7, 0, 0, 8, 0, 1, 0,
		1, 0, 0,
	}},
	{"begin-snapshot", 313, [protocol.FaultKinds]uint64{
		0, 221, 35, 3, 1, 1, 0, 2, 15, 20, 0, 0,
		1, 0, 0, 2, 2, 6, 0, 0, 4, 0, 0, 0,
		0, 0, 0,
	}},
	{"forward-cancel", 5, [protocol.FaultKinds]uint64{
		0, 3, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"start-channel-state", 26, [protocol.FaultKinds]uint64{
		0, 14, 1, 1, 0, 0, 1, 2, 1, 0, 0, 1,
		0, 1, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"prepare-pre-barrier", 306, [protocol.FaultKinds]uint64{
		0, 216, 44, 2, 2, 2, 1, 4, 10, 11, 0, 0,
		0, 0, 0, 0, 1, 6, 0, 0, 5, 0, 1, 0,
		1, 0, 0,
	}},
	{"broadcast-barrier", 335, [protocol.FaultKinds]uint64{
		0, 235, 47, 2, 2, 2, 3, 6, 9, 13, 0, 1,
		0, 0, 3, 1, 1, 6, 0, 0, 1, 1, 2, 0,
		0, 0, 0,
	}},
	{"arm-output-timer", 13, [protocol.FaultKinds]uint64{
		0, 3, 1, 0, 0, 0, 1, 2, 0, 2, 0, 0,
		0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0,
		0, 0, 0,
	}},
	{"finish-input", 34, [protocol.FaultKinds]uint64{
		0, 17, 1, 3, 0, 2, 1, 4, 0, 0, 0, 0,
		0, 2, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0,
		0, 0, 0,
	}},
	{"finish-output", 29, [protocol.FaultKinds]uint64{
		0, 16, 2, 1, 0, 0, 2, 4, 1, 0, 0, 0,
		1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"sync-snapshot", 326, [protocol.FaultKinds]uint64{
		0, 239, 39, 1, 3, 0, 0, 8, 11, 17, 0, 1,
		1, 1, 1, 0, 0, 1, 0, 0, 3, 0, 0, 0,
		0, 0, 0,
	}},
	{"async-write", 327, [protocol.FaultKinds]uint64{
		0, 229, 45, 2, 0, 2, 0, 1, 15, 16, 3, 1,
		1, 0, 1, 1, 1, 5, 0, 0, 3, 0, 1, 0,
		0, 0, 0,
	}},
	{"acknowledge", 270, [protocol.FaultKinds]uint64{
		0, 186, 34, 2, 3, 3, 2, 2, 11, 14, 0, 0,
		1, 0, 1, 1, 1, 8, 0, 0, 1, 0, 0, 0,
		0, 0, 0,
	}},
	{"decline", 2, [protocol.FaultKinds]uint64{
		0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"receive-complete", 310, [protocol.FaultKinds]uint64{
		0, 224, 37, 3, 2, 2, 2, 1, 9, 12, 0, 0,
		1, 1, 4, 1, 1, 6, 0, 0, 3, 0, 1, 0,
		0, 0, 0,
	}},
	{"receive-abort", 27, [protocol.FaultKinds]uint64{
		0, 12, 1, 0, 2, 3, 1, 2, 0, 1, 0, 0,
		1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0,
		1, 0, 0,
	}},
	{"decide-trigger", 47, [protocol.FaultKinds]uint64{
		0, 19, 2, 1, 3, 5, 2, 4, 1, 1, 0, 0,
		1, 0, 2, 1, 1, 0, 0, 0, 0, 2, 0, 0,
		1, 0, 1,
	}},
	{"take-id", 62, [protocol.FaultKinds]uint64{
		0, 35, 2, 2, 1, 3, 1, 5, 0, 0, 2, 3,
		0, 1, 2, 2, 0, 0, 0, 0, 0, 1, 1, 0,
		0, 0, 1,
	}},
	{"make-plan", 436, [protocol.FaultKinds]uint64{
		0, 308, 52, 5, 1, 1, 3, 3, 22, 22, 0, 0,
		1, 0, 0, 1, 1, 9, 1, 0, 3, 2, 0, 0,
		0, 0, 1,
	}},
	{"initialise-location", 402, [protocol.FaultKinds]uint64{
		0, 283, 47, 0, 1, 4, 1, 5, 23, 15, 0, 0,
		1, 1, 2, 1, 0, 9, 1, 0, 5, 0, 0, 0,
		1, 0, 2,
	}},
	{"snapshot-coordinators", 13, [protocol.FaultKinds]uint64{
		0, 7, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1,
		0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"trigger-task", 403, [protocol.FaultKinds]uint64{
		0, 287, 43, 3, 1, 3, 3, 6, 19, 11, 2, 1,
		0, 0, 1, 1, 1, 7, 0, 0, 10, 0, 2, 0,
		2, 0, 0,
	}},
	{"receive-acknowledgement", 381, [protocol.FaultKinds]uint64{
		0, 273, 43, 2, 1, 0, 2, 2, 17, 20, 2, 1,
		1, 0, 1, 2, 3, 7, 0, 0, 1, 2, 0, 0,
		1, 0, 0,
	}},
	{"all-acknowledged", 371, [protocol.FaultKinds]uint64{
		0, 276, 35, 4, 0, 3, 3, 2, 16, 17, 0, 0,
		0, 1, 0, 1, 1, 9, 0, 0, 3, 0, 0, 0,
		0, 0, 0,
	}},
	{"write-metadata", 383, [protocol.FaultKinds]uint64{
		0, 280, 44, 4, 0, 3, 2, 3, 17, 11, 1, 0,
		0, 1, 0, 0, 1, 11, 0, 0, 3, 0, 0, 0,
		1, 0, 1,
	}},
	{"add-pointer", 387, [protocol.FaultKinds]uint64{
		0, 274, 53, 2, 0, 1, 0, 6, 16, 19, 0, 0,
		0, 0, 3, 0, 3, 4, 1, 0, 3, 0, 0, 0,
		2, 0, 0,
	}},
	{"drop-older", 59, [protocol.FaultKinds]uint64{
		0, 25, 4, 3, 2, 3, 6, 3, 4, 1, 0, 1,
		1, 0, 2, 0, 2, 0, 0, 0, 0, 1, 0, 0,
		0, 0, 1,
	}},
	{"notify-complete", 396, [protocol.FaultKinds]uint64{
		0, 297, 38, 0, 0, 1, 2, 0, 22, 13, 0, 1,
		1, 0, 1, 0, 3, 12, 0, 0, 2, 1, 1, 0,
		0, 0, 1,
	}},
	{"receive-decline", 2, [protocol.FaultKinds]uint64{
		0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"expire", 5, [protocol.FaultKinds]uint64{
		0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0,
		1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"abort", 58, [protocol.FaultKinds]uint64{
		0, 29, 5, 3, 3, 3, 3, 1, 1, 1, 0, 1,
		0, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0,
		1, 0, 2,
	}},
	{"notify-aborted", 66, [protocol.FaultKinds]uint64{
		0, 26, 3, 4, 1, 3, 5, 7, 2, 1, 0, 0,
		0, 1, 3, 2, 1, 2, 0, 0, 1, 1, 0, 0,
		2, 0, 1,
	}},
	{"choose-restore", 262, [protocol.FaultKinds]uint64{
		0, 18, 5, 4, 1, 6, 2, 212, 1, 0, 0, 0,
		0, 0, 2, 0, 2, 1, 0, 6, 0, 0, 0, 0,
		1, 0, 1,
	}},
	{"restore", 61, [protocol.FaultKinds]uint64{
		0, 20, 5, 2, 0, 3, 5, 3, 0, 2, 3, 2,
		1, 3, 0, 0, 2, 1, 2, 5, 0, 0, 0, 0,
		0, 0, 2,
	}},
	{"open-transaction", 51, [protocol.FaultKinds]uint64{
		0, 24, 3, 2, 1, 0, 2, 6, 3, 0, 2, 1,
		1, 1, 2, 2, 0, 0, 0, 0, 1, 0, 0, 0,
		0, 0, 0,
	}},
	{"write-transaction", 2, [protocol.FaultKinds]uint64{
		0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"pre-commit", 256, [protocol.FaultKinds]uint64{
		0, 176, 35, 3, 0, 1, 1, 5, 13, 14, 0, 0,
		0, 0, 0, 1, 0, 6, 1, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"prepared", 47, [protocol.FaultKinds]uint64{
		0, 21, 1, 0, 1, 2, 0, 6, 2, 2, 0, 2,
		2, 0, 1, 1, 2, 0, 0, 0, 0, 1, 1, 0,
		1, 0, 1,
	}},
	{"snapshot-committables", 263, [protocol.FaultKinds]uint64{
		0, 191, 30, 2, 1, 2, 1, 4, 9, 11, 0, 1,
		1, 2, 0, 0, 0, 5, 0, 0, 2, 1, 0, 0,
		0, 0, 0,
	}},
	{"ask-commit", 249, [protocol.FaultKinds]uint64{
		0, 162, 40, 0, 2, 1, 2, 4, 11, 14, 2, 0,
		1, 0, 1, 0, 1, 4, 0, 0, 1, 1, 2, 0,
		0, 0, 0,
	}},
	{"committed", 284, [protocol.FaultKinds]uint64{
		0, 200, 33, 2, 2, 2, 2, 4, 11, 10, 0, 2,
		1, 0, 1, 2, 1, 7, 1, 0, 0, 1, 1, 0,
		1, 0, 0,
	}},
	{"ask-abort", 44, [protocol.FaultKinds]uint64{
		0, 22, 1, 2, 0, 2, 3, 5, 1, 1, 0, 1,
		1, 1, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"aborted", 40, [protocol.FaultKinds]uint64{
		0, 14, 1, 3, 1, 0, 1, 7, 2, 0, 0, 2,
		2, 0, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0,
		2, 0, 0,
	}},
	{"re-commit", 48, [protocol.FaultKinds]uint64{
		0, 16, 3, 2, 0, 2, 2, 5, 1, 2, 0, 1,
		1, 1, 1, 0, 1, 0, 2, 6, 0, 1, 0, 0,
		1, 0, 0,
	}},
	{"abort-lingering", 10, [protocol.FaultKinds]uint64{
		0, 3, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0,
		0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"recovered", 35, [protocol.FaultKinds]uint64{
		0, 14, 2, 1, 0, 2, 3, 1, 2, 0, 0, 0,
		0, 0, 0, 2, 0, 0, 0, 7, 0, 1, 0, 0,
		0, 0, 0,
	}},
	{"apply-request", 65, [protocol.FaultKinds]uint64{
		0, 28, 2, 2, 3, 4, 1, 2, 5, 0, 0, 1,
		3, 1, 0, 4, 3, 1, 1, 0, 0, 1, 1, 0,
		2, 0, 0,
	}},
	{"read-state", 51, [protocol.FaultKinds]uint64{
		0, 23, 0, 3, 0, 0, 2, 2, 1, 0, 1, 2,
		1, 1, 1, 0, 2, 0, 1, 8, 2, 0, 0, 0,
		0, 0, 1,
	}},
	{"read-output-state", 50, [protocol.FaultKinds]uint64{
		0, 15, 1, 3, 1, 2, 2, 7, 1, 0, 0, 0,
		1, 2, 0, 2, 2, 1, 0, 8, 0, 0, 1, 0,
		0, 0, 1,
	}},
	{"block-output", 17, [protocol.FaultKinds]uint64{
		0, 6, 0, 0, 0, 0, 0, 3, 1, 1, 0, 0,
		1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0,
		0, 0, 0,
	}},
	{"initialise-operators", 64, [protocol.FaultKinds]uint64{
		0, 30, 7, 5, 4, 0, 2, 3, 1, 1, 0, 1,
		0, 0, 2, 0, 0, 1, 0, 5, 0, 1, 1, 0,
		0, 0, 0,
	}},
	{"read-input-state", 25, [protocol.FaultKinds]uint64{
		0, 8, 1, 3, 1, 1, 2, 1, 1, 0, 0, 0,
		1, 1, 0, 0, 1, 0, 0, 3, 0, 0, 1, 0,
		0, 0, 0,
	}},
	{"convert-channel", 21, [protocol.FaultKinds]uint64{
		0, 7, 1, 1, 1, 0, 1, 5, 1, 0, 0, 0,
		1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"request-partition", 42, [protocol.FaultKinds]uint64{
		0, 13, 2, 3, 2, 2, 1, 7, 1, 0, 0, 0,
		1, 1, 0, 1, 0, 1, 0, 5, 0, 0, 2, 0,
		0, 0, 0,
	}},
	{"resume-upstream", 27, [protocol.FaultKinds]uint64{
		0, 6, 2, 1, 1, 1, 1, 2, 1, 0, 1, 1,
		1, 1, 1, 0, 1, 0, 0, 4, 0, 1, 0, 0,
		1, 0, 0,
	}},
	{"offer-slots", 54, [protocol.FaultKinds]uint64{
		0, 19, 7, 5, 2, 0, 2, 7, 1, 1, 0, 0,
		2, 1, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0,
		1, 0, 1,
	}},
	{"take-slots", 56, [protocol.FaultKinds]uint64{
		0, 20, 3, 4, 1, 1, 2, 5, 2, 0, 1, 0,
		0, 0, 2, 1, 1, 0, 1, 10, 0, 1, 0, 0,
		1, 0, 0,
	}},
	{"deploy-task", 65, [protocol.FaultKinds]uint64{
		0, 19, 5, 3, 1, 3, 3, 7, 1, 1, 2, 0,
		0, 1, 0, 1, 1, 0, 2, 14, 0, 0, 0, 0,
		1, 0, 0,
	}},
	{"start-task", 77, [protocol.FaultKinds]uint64{
		0, 24, 7, 3, 0, 4, 4, 8, 2, 1, 2, 0,
		0, 1, 0, 2, 4, 0, 0, 13, 0, 2, 0, 0,
		0, 0, 0,
	}},
	{"initialise-task", 73, [protocol.FaultKinds]uint64{
		0, 27, 4, 0, 1, 3, 3, 4, 1, 4, 2, 4,
		2, 1, 0, 2, 0, 4, 0, 10, 0, 0, 0, 0,
		1, 0, 0,
	}},
	{"run-task", 60, [protocol.FaultKinds]uint64{
		0, 23, 4, 6, 2, 3, 2, 2, 0, 1, 1, 3,
		1, 0, 1, 0, 0, 1, 0, 9, 0, 0, 1, 0,
		0, 0, 0,
	}},
	{"all-running", 70, [protocol.FaultKinds]uint64{
		0, 27, 3, 3, 2, 5, 3, 2, 2, 2, 1, 1,
		0, 0, 2, 0, 2, 1, 0, 9, 1, 0, 0, 0,
		1, 0, 3,
	}},
	{"fail-over", 472, [protocol.FaultKinds]uint64{
		0, 15, 3, 5, 1, 0, 3, 179, 4, 2, 1, 1,
		1, 0, 3, 0, 2, 2, 1, 248, 0, 0, 0, 0,
		0, 0, 1,
	}},
	{"cancel-task", 45, [protocol.FaultKinds]uint64{
		0, 19, 4, 4, 1, 1, 1, 3, 0, 1, 0, 0,
		0, 0, 1, 0, 0, 0, 0, 8, 0, 0, 1, 0,
		0, 0, 1,
	}},
	{"canceled", 47, [protocol.FaultKinds]uint64{
		0, 15, 2, 4, 0, 1, 3, 2, 0, 0, 0, 2,
		0, 0, 2, 0, 0, 2, 0, 12, 0, 0, 0, 0,
		1, 0, 1,
	}},
	{"all-canceled", 48, [protocol.FaultKinds]uint64{
		0, 14, 0, 6, 1, 4, 2, 2, 2, 0, 1, 1,
		1, 0, 0, 0, 0, 1, 0, 13, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"finish-task", 66, [protocol.FaultKinds]uint64{
		0, 26, 6, 6, 2, 0, 7, 5, 2, 3, 0, 0,
		4, 0, 2, 2, 0, 1, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"end-job", 50, [protocol.FaultKinds]uint64{
		0, 19, 2, 3, 0, 3, 2, 8, 2, 1, 1, 1,
		0, 2, 1, 1, 0, 0, 0, 0, 0, 2, 0, 0,
		1, 0, 1,
	}},
	{"ask-lease", 62, [protocol.FaultKinds]uint64{
		0, 24, 8, 2, 2, 2, 3, 5, 5, 5, 1, 0,
		0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0,
		0, 0, 1,
	}},
	{"lead", 250, [protocol.FaultKinds]uint64{
		0, 7, 3, 1, 1, 4, 1, 227, 0, 0, 0, 1,
		0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0,
		0, 0, 1,
	}},
	{"read-record", 277, [protocol.FaultKinds]uint64{
		0, 10, 0, 1, 0, 0, 1, 260, 1, 0, 0, 1,
		0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0,
		0, 0, 0,
	}},
	{"fence", 285, [protocol.FaultKinds]uint64{
		0, 9, 1, 1, 0, 0, 4, 266, 0, 1, 0, 1,
		0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
	{"follow-leader", 69, [protocol.FaultKinds]uint64{
		0, 22, 3, 5, 1, 4, 5, 7, 0, 2, 0, 0,
		1, 0, 2, 1, 1, 1, 1, 12, 0, 1, 0, 0,
		0, 0, 0,
	}},
	{"step-down", 0, [protocol.FaultKinds]uint64{
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0,
	}},
}
