package campaign

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"

	"simrun/scenarios/config"
)

// CompleteOptions say how a campaign that has run is brought to its end.
type CompleteOptions struct {
	// Minimize makes a case smaller, with the same signature; nil: cases stay as they are.
	// Explain words a case that lies in a file; nil: it keeps the description of the run.
	// Both must be pure functions of the case, or shards do not merge alike.
	Minimize func(ctx context.Context, c *config.Case, signature string) (*config.Case, error)
	Explain  func(c *config.Case, signature, file string) ([]byte, error)
	// Summary words the result, for people; may be nil.
	Summary func(r *Result) []byte
	// Workers is the number of cases that are made smaller at a time, at least 1.
	Workers int
	// Progress, if not nil, is told after each case; never by two goroutines at once.
	Progress func(done, total int)
}

// SummaryFile is what people read first.
const SummaryFile = "summary.txt"

// Complete minimises and explains the case files of a campaign, removes those that smaller seeds have
// made obsolete, and writes the result. It may be called again after an interruption.
func Complete(ctx context.Context, f Folder, r *Result, o CompleteOptions) error {
	if err := finishAll(ctx, f, keptCases(&r.Tally, r.Campaign.MaxCases), &o); err != nil {
		return err
	}
	if err := prune(f, r.CaseNames()); err != nil {
		return err
	}
	return writeResult(f, f, r, &o)
}

// writeResult writes the result, and then removes the journal that it replaces.
func writeResult(disk Disk, f Folder, r *Result, o *CompleteOptions) error {
	text, err := r.Bytes()
	if err != nil {
		return err
	}
	if o.Summary != nil {
		if err := disk.Write(SummaryFile, o.Summary(r)); err != nil {
			return err
		}
	}
	if err := disk.Write(TallyFile, text); err != nil {
		return err
	}
	return f.Remove(JournalFile)
}

// prune removes files of seeds that are not among the smallest.
func prune(f Folder, names []string) error {
	wanted := map[string]bool{}
	for _, name := range names {
		for _, suffix := range []string{caseSuffix, originalSuffix, storySuffix} {
			wanted[name+suffix] = true
		}
	}
	files, err := f.files(CasesFolder)
	if err != nil {
		return err
	}
	for _, file := range files {
		if !wanted[file] {
			if err := f.Remove(file); err != nil {
				return err
			}
		}
	}
	if len(names) == 0 {
		return f.Remove(CasesFolder)
	}
	return nil
}

// finishAll minimises and explains all cases, several at a time.
func finishAll(ctx context.Context, f Folder, cases []keptCase, o *CompleteOptions) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan keptCase)
	var group sync.WaitGroup
	var mutex sync.Mutex
	done := 0
	for range o.Workers {
		group.Go(func() {
			for kept := range next {
				if err := finishOne(ctx, f, kept, o); err != nil {
					stop(err)
				}
				mutex.Lock()
				done++
				if o.Progress != nil {
					o.Progress(done, len(cases))
				}
				mutex.Unlock()
			}
		})
	}
	for _, kept := range cases {
		next <- kept
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}

// Keep writes one failing case by a name without suffix, then minimises and explains it as
// Complete does: for those who explore in other ways than by seeds. When ctx has ended, the
// case stays as it was found.
func Keep(ctx context.Context, f Folder, name, signature string, c *config.Case, o *CompleteOptions) error {
	if err := f.Write(name+caseSuffix, c.YAML()); err != nil {
		return err
	}
	return finishOne(ctx, f, keptCase{name, signature}, o)
}

func finishOne(ctx context.Context, f Folder, kept keptCase, o *CompleteOptions) error {
	if ctx.Err() != nil {
		return nil
	}
	name := kept.name
	text, err := os.ReadFile(f.path(name + caseSuffix))
	if err != nil {
		return err
	}
	c, err := config.LoadCase(f.path(name+caseSuffix), text, besideCase(f))
	if err != nil {
		return err
	}
	if o.Minimize != nil && !minimized(f, name, text) {
		if c, err = o.Minimize(ctx, c, kept.signature); err != nil {
			return err
		}
		if err := f.Write(name+originalSuffix, text); err != nil {
			return err
		}
		if err := f.Write(name+caseSuffix, c.YAML()); err != nil {
			return err
		}
	}
	if o.Explain == nil {
		return nil
	}
	story, err := o.Explain(c, kept.signature, name+caseSuffix)
	if err != nil {
		return err
	}
	return f.Write(name+storySuffix, story)
}

// minimized reports whether an earlier part of the campaign has made a case smaller: there
// is an original, and it differs.
func minimized(f Folder, name string, text []byte) bool {
	original, err := os.ReadFile(f.path(name + originalSuffix))
	return err == nil && !bytes.Equal(original, text)
}

// besideCase opens data files relative to the cases.
type besideCase Folder

// ReadFile implements config.Files.
func (b besideCase) ReadFile(path string) ([]byte, error) {
	if !strings.HasPrefix(path, "/") {
		path = Folder(b).path(CasesFolder + "/" + path)
	}
	return os.ReadFile(path)
}
