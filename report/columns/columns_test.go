package columns_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/columns"
)

func TestColumnsAlignByCharactersNotBytes(t *testing.T) {
	var b strings.Builder
	err := columns.Write(&b, []columns.Column{{Title: "delay", Right: true}, {Title: "protocol"}},
		[][]string{{"12 µs", "aligned"}, {"≥ 60 s", "none"}, {"–"}})
	require.NoError(t, err)
	require.Equal(t, " delay  protocol\n 12 µs  aligned\n≥ 60 s  none\n     –\n", b.String())
}

func TestColumnsWithoutTitlesHaveNoHeading(t *testing.T) {
	var b strings.Builder
	require.NoError(t, columns.Write(&b, make([]columns.Column, 2), [][]string{{"a", "b"}, {"cc", "d"}}))
	require.Equal(t, "a   b\ncc  d\n", b.String())
}
