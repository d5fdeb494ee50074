package folder_test

import (
	"fmt"
	"os"
	"path/filepath"

	"simrun/report/folder"
)

func Example() {
	parent, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	out := filepath.Join(parent, "out")
	err = folder.Replace(out, func(temporary string) error {
		return os.WriteFile(filepath.Join(temporary, "cells.csv"), []byte("a,b\n"), 0o644)
	})
	files, _ := os.ReadDir(out)
	fmt.Println(err, len(files), "files with the marker")
	// Output: <nil> 2 files with the marker
}
