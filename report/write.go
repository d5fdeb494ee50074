package report

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"simrun/report/cells"
	"simrun/report/export"
	"simrun/report/figures"
	"simrun/report/folder"
	"simrun/report/page"
	"simrun/report/table"
	"simrun/scenarios/result"
)

// Write writes the whole report of c into the folder dir: index.html, summary.txt, CSV and
// JSON lines, and every figure as SVG and PNG under figures/. The folder appears whole or
// not at all; an earlier report in it is replaced, any other folder that is not empty is
// refused with *folder.ForeignError.
func Write(dir string, c *result.Comparison) error {
	return WriteWithProgress(dir, c, func(int, int) {})
}

// WriteWithProgress is Write that tells after each file how many of how many are written.
func WriteWithProgress(dir string, c *result.Comparison, progress func(done, total int)) error {
	s := cells.Summarize(c)
	var drawn [][]*figures.Figure
	for workload := range c.Workloads {
		drawn = append(drawn, figures.All(s, workload))
	}
	files := reportFiles(c, s, drawn)
	return folder.Replace(dir, func(temporary string) error {
		if err := os.Mkdir(filepath.Join(temporary, "figures"), 0o755); err != nil {
			return err
		}
		for i, f := range files {
			if err := f.writeTo(temporary); err != nil {
				return err
			}
			progress(i+1, len(files))
		}
		return nil
	})
}

// file is a path within the folder and what is in it.
type file struct {
	path  string
	write func(io.Writer) error
}

func (f file) writeTo(dir string) error {
	var b bytes.Buffer
	if err := f.write(&b); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, f.path), b.Bytes(), 0o644)
}

func reportFiles(c *result.Comparison, s *cells.Summary, drawn [][]*figures.Figure) []file {
	files := []file{
		{"index.html", func(w io.Writer) error { return page.Write(w, s, drawn) }},
		{"summary.txt", func(w io.Writer) error { return table.Comparison(w, s) }},
		{"cells.csv", func(w io.Writer) error { return export.CellsCSV(w, s) }},
		{"cells.jsonl", func(w io.Writer) error { return export.CellsJSON(w, s) }},
		{"checkpoints.csv", func(w io.Writer) error { return export.CheckpointsCSV(w, c) }},
		{"recoveries.csv", func(w io.Writer) error { return export.RecoveriesCSV(w, c) }},
	}
	for _, workload := range drawn {
		for _, f := range workload {
			files = append(files,
				file{filepath.Join("figures", f.Name+".svg"), bytesOf(f.SVG)},
				file{filepath.Join("figures", f.Name+".png"), bytesOf(f.PNG)})
		}
	}
	return files
}

func bytesOf(render func() ([]byte, error)) func(io.Writer) error {
	return func(w io.Writer) error {
		content, err := render()
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	}
}
