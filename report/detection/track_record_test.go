package detection_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	shown "simrun/report/detection"
	"simrun/scenarios/config"
	"simrun/scenarios/result/detection"
)

const (
	stored   = "../../docs/track-record.json"
	document = "../../docs/track-record.md"
	picture  = "../../docs/pictures/" + shown.FigureName
)

func readRecord(t *testing.T) *detection.Record {
	t.Helper()
	text, err := os.ReadFile(stored)
	require.NoError(t, err)
	var r detection.Record
	require.NoError(t, json.Unmarshal(text, &r))
	return &r
}

// TestTrackRecordShowsWhatWasRecorded: page and picture are those of the record that
// simrun bugs left.
func TestTrackRecordShowsWhatWasRecorded(t *testing.T) {
	r := readRecord(t)
	var page bytes.Buffer
	require.NoError(t, shown.Page(&page, r, "pictures/"+shown.FigureName))
	svg, err := shown.Figure(r).SVG()
	require.NoError(t, err)
	for path, want := range map[string][]byte{document: page.Bytes(), picture: svg} {
		if *rewrite {
			require.NoError(t, os.WriteFile(path, want, 0o644))
		}
		is, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(is), "%s: run with -rewrite", path)
	}
}

// TestTrackRecordHasEveryPlantedBugCaughtByTheDefaultProfile, in at most 200 seeds in the
// median, with this model.
func TestTrackRecordHasEveryPlantedBugCaughtByTheDefaultProfile(t *testing.T) {
	r := readRecord(t)
	require.Equal(t, "default", r.Profile)
	require.Equal(t, config.ModelVersion, r.Model, "simrun bugs makes a new record")
	var words []string
	rows := shown.Rows(r)
	for i := range rows {
		row := &rows[i]
		words = append(words, row.Bug.String())
		require.True(t, row.Caught, "%s", row.Bug)
		require.LessOrEqual(t, row.Seeds.Median, 200.0, "%s", row.Bug)
		require.LessOrEqual(t, row.Case.Faults, 3, "%s", row.Bug)
	}
	require.Equal(t, protocol.BugWords(), words, "simrun bugs makes a new record")
	all := shown.OverallOf(rows)
	require.LessOrEqual(t, all.Widest, 2.0)
	require.LessOrEqual(t, all.StoryLines, 15.0)
}

// TestTrackRecordPageHasEveryBugWithItsStoryAndCommand.
func TestTrackRecordPageHasEveryBugWithItsStoryAndCommand(t *testing.T) {
	page, err := os.ReadFile(document)
	require.NoError(t, err)
	for _, bug := range protocol.Bugs() {
		require.Contains(t, string(page), "**"+bug.String()+"** ("+bug.Source()+"): "+bug.Story())
		require.Contains(t, string(page), "`simrun bugs "+bug.String()+"`")
	}
}
