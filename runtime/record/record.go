package record

import "simrun/protocol"

// Tag says what an element of a stream is. Tags from 0 up are record types of the job
// (NexMark: person, auction, bid); negative ones are Flink's other stream elements.
type Tag int32

const (
	// TagRecord is the type of records in jobs with one record type.
	TagRecord Tag = 0
	// TagWatermark: TimeNanos is the watermark.
	TagWatermark Tag = -1
	// TagIdle and TagActive are Flink's watermark status.
	TagIdle   Tag = -2
	TagActive Tag = -3
)

// Record is one element of a stream: a value that operators pass on and a buffer holds.
// Fields A, B, C are the payload that operators compute with; what a serialised record
// would carry besides them is only its size.
type Record struct {
	// Lineage names the record: protocol.SourceLineage of a source's, DerivedLineage of
	// a derived one.
	Lineage uint64
	// Key is the record's current key; keyed exchanges and keyed state go by it.
	Key uint64
	// TimeNanos is the event time.
	TimeNanos int64
	// BornNanos is the virtual time at which its (latest) source record entered the job:
	// end-to-end latency counts from here.
	BornNanos int64
	A, B, C   int64
	Tag       Tag
	// SizeBytes is its serialised size, with length prefix and tag.
	SizeBytes int32
}

// WatermarkSizeBytes is the serialised size of a watermark (tag and timestamp, after
// the length prefix).
const WatermarkSizeBytes = 4 + 1 + 8

// Watermark is the element that says: no record older than timeNanos follows.
func Watermark(timeNanos int64) Record {
	return Record{
		Lineage: protocol.MixLineage(uint64(timeNanos)) | 1<<63, TimeNanos: timeNanos,
		Tag: TagWatermark, SizeBytes: WatermarkSizeBytes,
	}
}

// Status is the element that says that its sender is idle, or active again.
func Status(tag Tag) Record {
	return Record{Lineage: uint64(uint32(tag)) | 1<<63, Tag: tag, SizeBytes: 4 + 1 + 4}
}

// IsRecord reports whether the element is a record of the job.
func (r *Record) IsRecord() bool { return r.Tag >= 0 }
