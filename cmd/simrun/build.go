package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
)

// buildName names the program: its version, and the commit that it was built from; where
// there is none, or the tree had changes, a digest of the program itself.
func buildName() (string, error) {
	revision, clean := vcsRevision()
	if revision != "" && clean {
		return version + " " + revision, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	sum, err := digestOfFile(path)
	return version + " " + sum, err
}

// vcsRevision is the commit that the program was built from, and whether as it was.
func vcsRevision() (revision string, clean bool) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", false
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			revision = setting.Value
		case "vcs.modified":
			clean = setting.Value == "false"
		}
	}
	return revision, clean
}

func digestOfFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)[:12]), nil
}
