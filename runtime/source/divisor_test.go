package source

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestARemainderByInverseIsTheRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, 1<<62).Draw(t, "n")
		quotient := rapid.Uint64Range(0, (1<<63-1)/n).Draw(t, "quotient")
		for _, x := range []uint64{rapid.Uint64().Draw(t, "x"), quotient * n, quotient*n + n - 1} {
			require.Equal(t, x%n, newDivisor(n).remainder(x), "%d mod %d", x, n)
		}
	})
}
