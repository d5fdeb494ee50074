package protocol_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

func TestEveryMarkHasAWordOfItsOwnAndAMeaning(t *testing.T) {
	seen := map[string]bool{}
	for m := range protocol.Marks {
		mark := protocol.Mark(m)
		require.NotEmpty(t, mark.String())
		require.NotEmpty(t, mark.Meaning())
		require.False(t, seen[mark.String()], mark.String())
		seen[mark.String()] = true
		back, ok := protocol.ParseMark(mark.String())
		require.True(t, ok)
		require.Equal(t, mark, back)
	}
	require.Len(t, protocol.MarkWords(), protocol.Marks)
	_, ok := protocol.ParseMark("restored-from-checkpont")
	require.False(t, ok)
}

type args = [protocol.MaxEventArgs]int64

// reaching has, for every mark, an event that reaches it and nothing else.
var reaching = map[protocol.Mark]struct {
	kind protocol.EventKind
	args args
}{
	protocol.MarkRestoredFromCheckpoint: {protocol.JobRestored, args{1, 7}},
	protocol.MarkRestartedFromScratch:   {protocol.JobRestored, args{1, 0}},
	protocol.MarkAlignmentBlocked:       {protocol.ChannelBlocked, args{1, 0, 7}},
	protocol.MarkInFlightPersisted:      {protocol.InFlightPersisted, args{1, 7, 0, 0, 100}},
	protocol.MarkSpanningRecordAtCut:    {protocol.SpanningRecordAtCut, args{1, 7, 0, 9}},
	protocol.MarkInputStateRestored:     {protocol.InFlightRestored, args{1, 7, 0, 0, 100}},
	protocol.MarkOutputStateRestored:    {protocol.InFlightRestored, args{1, 7, 1, 0, 100}},
	protocol.MarkSwitchedOnInput:        {protocol.SwitchedToUnaligned, args{1, 7, 0}},
	protocol.MarkSwitchedOnOutput:       {protocol.SwitchedToUnaligned, args{1, 7, 1}},
	protocol.MarkOverdraft:              {protocol.OverdraftTaken, args{1, 0, 1}},
	protocol.MarkHardBackpressure:       {protocol.BackpressureStarted, args{1, 1}},
	protocol.MarkSoftBackpressure:       {protocol.BackpressureStarted, args{1, 0}},
	protocol.MarkCreditGranted:          {protocol.CreditGranted, args{1, 0, 2, 2}},
	protocol.MarkBufferResized:          {protocol.BufferSizeChanged, args{1, 0, 4096}},
	protocol.MarkZombieFenced:           {protocol.ZombieFenced, args{1, 0, 0}},
	protocol.MarkLateAckDiscarded:       {protocol.CheckpointAcknowledged, args{7, 1, 0, 3}},
	protocol.MarkTransactionCommitted:   {protocol.TransactionCommitted, args{2, 1, 10, 0}},
	protocol.MarkTransactionRecovered:   {protocol.TransactionRecovered, args{2, 1, 7}},
	protocol.MarkTransactionAborted:     {protocol.TransactionAborted, args{2, 1}},
	protocol.MarkTransactionTimedOut:    {protocol.TransactionTimedOut, args{2, 1}},
	protocol.MarkCommitFailed:           {protocol.TransactionCommitFailed, args{2, 1}},
	protocol.MarkStandbyTookOver:        {protocol.LeaderElected, args{1, 2}},
	protocol.MarkHeartbeatTimedOut:      {protocol.HeartbeatTimedOut, args{1, 0}},
	protocol.MarkCheckpointCompleted:    {protocol.CheckpointCompleted, args{7}},
	protocol.MarkCheckpointExpired: {protocol.CheckpointAborted, args{7,
		int64(protocol.CheckpointExpired)}},
	protocol.MarkCheckpointDeclined: {protocol.CheckpointAborted, args{7,
		int64(protocol.CheckpointDeclined)}},
	protocol.MarkCheckpointSubsumed: {protocol.CheckpointAborted, args{7,
		int64(protocol.CheckpointSubsumed)}},
	protocol.MarkCheckpointSkipped:    {protocol.CheckpointSkipped, args{1}},
	protocol.MarkSavepointTriggered:   {protocol.CheckpointTriggered, args{7, 0, 1}},
	protocol.MarkJobFailed:            {protocol.JobStatusChanged, args{int64(protocol.JobFailed)}},
	protocol.MarkJobFinished:          {protocol.JobStatusChanged, args{int64(protocol.JobFinished)}},
	protocol.MarkJobRestarted:         {protocol.JobRestarting, args{1, 0}},
	protocol.MarkTaskFailed:           {protocol.TaskFailed, args{1, 0, 0}},
	protocol.MarkTaskFinished:         {protocol.TaskFinished, args{1, 0}},
	protocol.MarkWatermarkAdvanced:    {protocol.WatermarkAdvanced, args{1, 5}},
	protocol.MarkTimerFired:           {protocol.TimerFired, args{1, 9, 0, 5}},
	protocol.MarkProcessingTimerFired: {protocol.TimerFired, args{1, 9, 1, 5}},
	protocol.MarkLateRecordDropped:    {protocol.LateRecordDropped, args{1, 9, 5}},
	protocol.MarkStorageFailed:        {protocol.ObjectFailed, args{1, 7}},
	protocol.MarkMetadataLost:         {protocol.MetadataLost, args{7}},
	protocol.MarkFaultInjected:        {protocol.FaultInjected, args{0, 1, 0}},
	protocol.MarkFaultHealed:          {protocol.FaultHealed, args{0, 1, 0}},
	protocol.MarkFaultBit:             {protocol.FaultBit, args{14, 1}},
}

func TestEveryMarkIsReachedByAnEventOfItsOwn(t *testing.T) {
	for m := range protocol.Marks {
		mark := protocol.Mark(m)
		e, ok := reaching[mark]
		require.True(t, ok, "no event reaches %s", mark)
		require.Equal(t, protocol.MarkSetOf(mark), protocol.MarksOf(e.kind, e.args), mark.String())
	}
}

func TestEventsThatFallShortReachNothing(t *testing.T) {
	for _, e := range []struct {
		kind protocol.EventKind
		args args
	}{
		{protocol.JobRestored, args{0, 0}},                  // the first start
		{protocol.InFlightPersisted, args{1, 7, 0, 0, 0}},   // an empty channel
		{protocol.InFlightRestored, args{1, 7, 1, 0, 0}},    // an empty channel
		{protocol.LeaderElected, args{0, 1}},                // the first leader
		{protocol.CheckpointAcknowledged, args{7, 1, 0, 0}}, // in time
		{protocol.CheckpointTriggered, args{7, 0, 0}},       // no savepoint
		{protocol.CheckpointAborted, args{7, int64(protocol.JobFailoverRegion)}},
		// its own mark is job-restarted
		{protocol.BufferSent, args{}},
	} {
		require.Zero(t, protocol.MarksOf(e.kind, e.args), "%s %v", e.kind, e.args)
	}
}

func TestMarksOfAnyEventAreFoundWithoutAllocation(t *testing.T) {
	var set protocol.MarkSet
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for k := range protocol.EventKinds {
			set = set.Plus(protocol.MarksOf(protocol.EventKind(k), args{1, 1, 1, 1, 1, 1}))
		}
	}))
	require.NotZero(t, set)
}

func TestMarkSetIsASet(t *testing.T) {
	a := protocol.MarkSetOf(protocol.MarkOverdraft, protocol.MarkJobFailed)
	b := protocol.MarkSetOf(protocol.MarkJobFailed, protocol.MarkFaultHealed)
	require.True(t, a.Has(protocol.MarkOverdraft))
	require.False(t, a.Has(protocol.MarkFaultHealed))
	require.Equal(t, []string{"overdraft", "job-failed", "fault-healed"}, a.Plus(b).Words())
	require.Equal(t, []string{"overdraft"}, a.Minus(b).Words())
}

func TestNearestFindsTheWordThatWasMeant(t *testing.T) {
	words := protocol.MarkWords()
	for wrong, right := range map[string]string{
		"restored-from-checkpont": "restored-from-checkpoint",
		"overdarft":               "overdraft",
		"hard-back-pressure":      "hard-backpressure",
		"zombie-fence":            "zombie-fenced",
		"checkpoint-expire":       "checkpoint-expired",
		"switched-on-inputs":      "switched-on-input",
		"quite-something-else":    "",
		"":                        "",
	} {
		require.Equal(t, right, protocol.Nearest(wrong, words), wrong)
	}
	require.Equal(t, "top", protocol.Nearest("tpo", []string{"tap", "top"}),
		"swapped neighbours are one edit")
}

func TestNearestOfAValidWordIsThatWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z-]{1,12}`), 1, 20, rapid.ID).Draw(t,
			"words")
		word := rapid.SampledFrom(words).Draw(t, "word")
		require.Equal(t, word, protocol.Nearest(word, words))
		if len(word) > 4 {
			at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
			require.NotEmpty(t, protocol.Nearest(word[:at]+strings.ToUpper(word[at:at+1])+word[at+1:], words))
		}
	})
}
