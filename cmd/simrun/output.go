package main

import (
	"errors"
	"os"
	"path/filepath"

	"simrun/report/folder"
	"simrun/report/outcome"
	"simrun/scenarios"
	"simrun/scenarios/result"
)

// caseFile is the name of the case file in the folder of a run.
const caseFile = "case.yaml"

// writeCase writes the case file of a run, and its JSON object, into a result folder.
func writeCase(dir string, s *scenarios.Scenario, o *result.Outcome) error {
	return folder.Replace(dir, func(temporary string) error {
		if err := os.WriteFile(filepath.Join(temporary, caseFile), s.Case(o).YAML(), 0o644); err != nil {
			return err
		}
		return atomically(filepath.Join(temporary, "run.json"), func(file *os.File) error {
			return outcome.JSON(file, o)
		})
	})
}

// atomically writes a file under a temporary name and renames it when all went well, so
// that nothing half-written is ever seen under its name.
func atomically(path string, write func(*os.File) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
