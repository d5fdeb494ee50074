package network

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
)

// Scripts show one subpartition at work, a step a line. Commands:
//
//	subpartition segment=32 pool=4 [overdraft=1]
//	run
//	    write BYTES   flush   poll   let-go   resume   size BYTES
//	    append aligned|unaligned|cancel ID   convert ID
//
// Under each line stands what came of it, and at the end the queue: [10+] is a buffer that
// is still filled, ! has overtaken the rest.
func TestSubpartitionScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/subpartition", func(t *testing.T, path string) {
		script := &subpartitionScript{}
		datadriven.RunTest(t, path, script.run)
	})
}

type subpartitionScript struct {
	p    *Partition
	w    Writer
	held []*Buffer
	next int64
}

func (h *subpartitionScript) run(t *testing.T, d *datadriven.TestData) string {
	if d.Cmd == "subpartition" {
		var segment, pool, overdraft int
		d.ScanArgs(t, "segment", &segment)
		d.ScanArgs(t, "pool", &pool)
		d.MaybeScanArgs(t, "overdraft", &overdraft)
		h.p = partitionOf(small(int32(segment), int32(pool), 0, 10, int32(overdraft)), job.Forward, 1)
		h.w, h.held, h.next = Writer{Partitions: []*Partition{h.p}}, nil, 0
		return h.state()
	}
	var b strings.Builder
	for line := range strings.Lines(d.Input) {
		fmt.Fprintf(&b, "> %s\n", strings.TrimSpace(line))
		if said := h.step(t, strings.Fields(line)); said != "" {
			fmt.Fprintf(&b, "    %s\n", said)
		}
	}
	return b.String() + h.state()
}

func (h *subpartitionScript) step(t *testing.T, words []string) string {
	s, number := &h.p.Subpartitions[0], int64(0)
	if len(words) > 1 {
		_, err := fmt.Sscan(words[len(words)-1], &number)
		require.NoError(t, err)
	}
	switch words[0] {
	case "write":
		h.w.Begin([]record.Record{sized(h.next, int32(number))})
		h.next++
		return h.wrote(h.w.Resume())
	case "flush":
		return map[bool]string{true: "the buffer may go", false: "nothing new"}[s.Flush()]
	case "poll":
		return h.poll(s)
	case "let-go":
		s.LetGo(h.held[0])
		h.held = h.held[1:]
		if h.w.Blocked() != nil {
			return h.wrote(h.w.Resume())
		}
	case "resume":
		s.Resume()
	case "size":
		s.SetSize(int32(number))
	case "append":
		return h.append(s, words[1], protocol.CheckpointID(number))
	case "convert":
		b := protocol.Barrier{ID: protocol.CheckpointID(number), Alignment: protocol.AlignmentUnaligned}
		return "overtakes " + piecesText(s.Convert(b, nil))
	default:
		t.Fatalf("unknown step %s", words[0])
	}
	return ""
}

func (h *subpartitionScript) wrote(done bool) string {
	if done {
		return "written"
	}
	return "blocked in the middle"
}

func (h *subpartitionScript) append(s *Subpartition, kind string, id protocol.CheckpointID) string {
	switch kind {
	case "aligned":
		s.Append(event(s.arena, BarrierEvent, id, protocol.AlignmentAligned))
	case "unaligned":
		overtaken := piecesText(s.Overtaken(nil))
		s.AppendPriority(event(s.arena, BarrierEvent, id, protocol.AlignmentUnaligned))
		return "overtakes " + overtaken
	default:
		s.Append(event(s.arena, CancelEvent, id, 0))
	}
	return ""
}

func (h *subpartitionScript) poll(s *Subpartition) string {
	b := s.Poll()
	if b == nil {
		return "nothing"
	}
	text := fmt.Sprintf("#%d %s, backlog %d", b.Sequence, bufferText(b), b.Backlog)
	if b.IsData() {
		h.held = append(h.held, b)
		text += fmt.Sprintf(", first %d", b.First)
	}
	return text
}

// state is the queue, and what it holds of the pool.
func (h *subpartitionScript) state() string {
	s := &h.p.Subpartitions[0]
	var b strings.Builder
	s.Queued(func(buffer *Buffer) {
		text := bufferText(buffer)
		if buffer == s.open {
			text = strings.TrimSuffix(text, "]") + "+]"
		}
		if buffer.Priority {
			text = "!" + text
		}
		b.WriteString(text + " ")
	})
	fmt.Fprintf(&b, "backlog %d, segments %d of %d, available %t", s.Backlog(), h.p.Pool.InUse(),
		h.p.Pool.Target(), h.p.Pool.Available())
	if s.Blocked() {
		b.WriteString(", blocked")
	}
	return b.String() + "\n"
}

func piecesText(pieces []record.Piece) string {
	if len(pieces) == 0 {
		return "nothing"
	}
	texts := make([]string, 0, len(pieces))
	for _, p := range pieces {
		texts = append(texts, bufferText(&Buffer{Piece: p}))
	}
	return strings.Join(texts, " ")
}

// bufferText shows data as [size elements head tail], zeros left out.
func bufferText(b *Buffer) string {
	if !b.IsData() {
		return map[Kind]string{BarrierEvent: "barrier-", CancelEvent: "cancel-"}[b.Kind] + fmt.Sprint(b.Barrier.ID)
	}
	text := fmt.Sprintf("[%d", b.Piece.SizeBytes)
	for i := range b.Piece.Elements {
		text += fmt.Sprintf(" e%d", b.Piece.Elements[i].Lineage)
	}
	if b.Piece.HeadBytes > 0 {
		text += fmt.Sprintf(" head %d", b.Piece.HeadBytes)
	}
	if b.Piece.TailBytes > 0 {
		text += fmt.Sprintf(" tail %d", b.Piece.TailBytes)
	}
	return text + "]"
}
