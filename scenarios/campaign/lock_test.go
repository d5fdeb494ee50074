package campaign_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/campaign"
)

func TestAFolderIsLockedForOneAtATime(t *testing.T) {
	f := campaign.Folder(filepath.Join(t.TempDir(), "deep", "out"))
	lock, err := f.Lock()
	require.NoError(t, err)
	_, err = f.Lock()
	require.ErrorContains(t, err, "another campaign writes to "+string(f)+": process ")
	_, err = (f + "/").Lock()
	require.ErrorContains(t, err, "another campaign writes to")
	lock.Release()
	require.NoFileExists(t, f.LockFile())
	lock, err = f.Lock()
	require.NoError(t, err)
	lock.Release()
}

// What a process that was killed has left is no lock.
func TestALockThatNobodyHoldsIsTaken(t *testing.T) {
	f := campaign.Folder(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, os.WriteFile(f.LockFile(), []byte("process 1\n"), 0o644))
	lock, err := f.Lock()
	require.NoError(t, err)
	lock.Release()
}
