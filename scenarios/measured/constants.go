package measured

import (
	"simrun/runtime/job"
	"simrun/sim"
)

// What Flink's options do not say, and its measurements inform: fitted once over all rows
// of the given file, on its machine and Java virtual machine. docs/model.md says which rows
// show which constant.
const (
	// HopNanos is what a message between two processes of the machine takes.
	HopNanos = 100_000
	// RPCNanos is the handling of a control message, a trigger above all: between half and
	// one and a half times that.
	RPCNanos = 1_500_000
	// FileNanos is what creating, and again closing, a checkpoint file takes.
	FileNanos = 700_000

	// RecordNanos is CPU per record and vertex, KeyedNanos besides that of one that keeps
	// state for each key.
	RecordNanos = 54
	KeyedNanos  = 104
	// BytePicos is CPU per byte written, and again per byte read, NetworkPicos of the
	// network stack at each end of a remote channel.
	BytePicos    = 320
	NetworkPicos = 600

	// SnapshotNanos is CPU from a barrier (or trigger) to those that go on, AsyncNanos of
	// the asynchronous part, AcknowledgeNanos of the acknowledgement; SyncNanos is the
	// synchronous part. All of it is code that runs once in seconds, and is cold.
	SnapshotNanos    = 400_000
	SyncNanos        = 100_000
	AsyncNanos       = 200_000
	AcknowledgeNanos = 800_000
	// StatePicos is CPU per byte of state that is turned into bytes and written, and
	// InFlightPicos of in-flight data, which is bytes already.
	StatePicos    = 3500
	InFlightPicos = 2000

	// DeployNanos is the deployment of a task, OpenNanos the start of its operators,
	// RestorePicos what reading a byte of state back takes.
	DeployNanos  = 44_000_000
	OpenNanos    = 5_000_000
	RestorePicos = 3400
)

// Costs are the constants as the model takes them.
func Costs() job.Costs {
	return job.Costs{
		RPC: sim.Uniform(RPCNanos/2, RPCNanos*3/2), DeployNanos: DeployNanos, OpenNanos: OpenNanos,
		RestorePicosPerByte: RestorePicos,
		SnapshotNanos:       SnapshotNanos, SyncBaseNanos: SyncNanos, AsyncNanos: AsyncNanos,
		StatePicosPerByte: StatePicos, InFlightPicosPerByte: InFlightPicos,
		AcknowledgeNanos: AcknowledgeNanos, FinalizeNanos: RPCNanos,
		RecordNanos: RecordNanos, SerializePicosPerB: BytePicos, DeserializePicosPB: BytePicos,
		NetworkPicosPerByte: NetworkPicos,
	}
}
