package protocol_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

func TestEveryBugHasAWordASourceAndAStory(t *testing.T) {
	word := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	seen := map[string]bool{}
	for _, b := range protocol.Bugs() {
		require.Regexp(t, word, b.String())
		require.False(t, seen[b.String()], b.String())
		seen[b.String()] = true
		require.NotEmpty(t, b.Source(), b.String())
		require.Greater(t, len(b.Story()), 30, b.String())
		parsed, ok := protocol.ParseBug(b.String())
		require.True(t, ok)
		require.Equal(t, b, parsed)
	}
	require.Len(t, protocol.BugWords(), len(seen))
}

func TestNoBugIsTheEmptyWord(t *testing.T) {
	require.Zero(t, protocol.NoBug)
	require.Empty(t, protocol.NoBug.String())
	bug, ok := protocol.ParseBug("")
	require.True(t, ok)
	require.Equal(t, protocol.NoBug, bug)
	_, ok = protocol.ParseBug("releases-on-first-barrier")
	require.False(t, ok)
	require.Equal(t, "release-on-first-barrier",
		protocol.Nearest("releases-on-first-barrier", protocol.BugWords()))
}
