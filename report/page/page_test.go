package page_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/report/internal/synthetic"
	"simrun/report/page"
	"simrun/scenarios/result"
)

func render(t *testing.T, c *result.Comparison) string {
	t.Helper()
	s := cells.Summarize(c)
	var drawn [][]*figures.Figure
	for w := range c.Workloads {
		drawn = append(drawn, figures.All(s, w))
	}
	var b bytes.Buffer
	require.NoError(t, page.Write(&b, s, drawn))
	return b.String()
}

func TestPageIsSelfContained(t *testing.T) {
	html := render(t, synthetic.Comparison(synthetic.Small()))
	for _, link := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		require.NotRegexp(t, `^(?:[a-z]+:)?//`, link[1])
	}
	require.NotContains(t, html, "<script")
	require.NotContains(t, html, "@import")
	require.NotContains(t, html, "url(")
	require.NotContains(t, html, "<?xml")
	require.NotContains(t, html, "ZgotmplZ", "the template engine refused something")
	require.NotContains(t, html, "<no value>")
}

func TestPageIsTheSameBytesEachTime(t *testing.T) {
	first := render(t, synthetic.Comparison(synthetic.Small()))
	require.Equal(t, first, render(t, synthetic.Comparison(synthetic.Small())))
}

func TestWallTimeDoesNotShow(t *testing.T) {
	slow := synthetic.Comparison(synthetic.Small())
	for i := range slow.Runs {
		slow.Runs[i].Outcome.WallNanos = 123_456_789
	}
	require.Equal(t, render(t, synthetic.Comparison(synthetic.Small())), render(t, slow))
}

func TestPageSaysWhatAReaderMustKnow(t *testing.T) {
	html := render(t, synthetic.Comparison(synthetic.Small()))
	for _, want := range []string{
		"<pre>simrun compare</pre>", "segment size", "≥ 60 s", "a probability of 75.0 %",
		"of them expired", "triggers skipped", `id="flights-duration"`, "checkpoints.csv",
	} {
		require.Contains(t, html, want)
	}
	require.NotContains(t, html, "Cells that prove nothing")
}

func TestEveryColourHasADarkOne(t *testing.T) {
	options := synthetic.Small()
	options.Protocols = append(protocol.Names(), "of-tomorrow")
	html := render(t, synthetic.Comparison(options))
	used := regexp.MustCompile(`var\((--c-[0-9a-f]{6}),`).FindAllStringSubmatch(html, -1)
	require.NotEmpty(t, used)
	for _, name := range used {
		require.True(t, strings.Contains(html, name[1]+":"), "no dark variant of %s", name[1])
	}
}

func TestVacuousCellsStandOnTop(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	c.Runs[4].Outcome.Measures.SourceBackpressuredPermille = 100
	html := render(t, c)
	warning := strings.Index(html, "Cells that prove nothing")
	require.Positive(t, warning)
	require.Less(t, warning, strings.Index(html, "<table>"))
	require.Contains(t, html, "flights, aligned at 2x")
	require.Contains(t, html, "source backpressured less than half of the time (seed 2)")
}

func TestNamesFromScenariosAreEscaped(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	c.Command = "simrun compare '<a&b>'"
	require.Contains(t, render(t, c), "&lt;a&amp;b&gt;")
}

func TestPageWithoutAlignedOrCheckpoints(t *testing.T) {
	c := synthetic.Comparison(synthetic.Options{
		Protocols: []protocol.Name{protocol.None}, Workloads: []string{"w"},
		Slowdowns: []string{"1"}, Seeds: 1,
	})
	c.Runs[0].Outcome.Checkpoints = nil
	html := render(t, c)
	require.NotContains(t, html, "Aligned ÷ own")
	require.Contains(t, html, "With one seed there is no interval.")
}

// TestLook writes the page of a full grid to the folder LOOK, for eyes.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK is not set")
	}
	html := render(t, synthetic.Comparison(synthetic.Full()))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte(html), 0o600))
}
