package explain

import (
	"fmt"
	"io"
	"strings"

	"simrun/scenarios/result"
)

// DefaultWidth is how many columns a page has.
const DefaultWidth = 100

// Text writes the whole explanation, in lines of at most width columns (names and numbers
// are never cut): what was violated, how it came about, a picture, and what would have
// made it pass.
func Text(w io.Writer, s *result.Story, width int) error {
	_, err := io.WriteString(w, render(s, width))
	return err
}

// Short is the explanation as it lies beside a case file: Text of DefaultWidth.
func Short(s *result.Story) string { return render(s, DefaultWidth) }

func render(s *result.Story, width int) string {
	p := &page{story: s, names: newNames(s), width: width}
	p.head()
	p.evidence()
	p.moments()
	p.diagram()
	p.whatIf()
	return p.text.String()
}

// page is an explanation being written.
type page struct {
	story *result.Story
	names *names
	width int
	text  strings.Builder
	times int // how wide times are
}

func (p *page) line(format string, arguments ...any) {
	p.text.WriteString(strings.TrimRight(fmt.Sprintf(format, arguments...), " "))
	p.text.WriteByte('\n')
}

// wrapped writes a text in lines, each after the same indent; the first after its own.
func (p *page) wrapped(first, indent, text string) {
	at, used := first, 0
	for _, word := range strings.Fields(text) {
		if used > 0 && len([]rune(at))+1+len([]rune(word)) > p.width {
			p.line("%s", at)
			at, used = indent, 0
		}
		if used > 0 {
			at += " "
		}
		at += word
		used++
	}
	p.line("%s", at)
}

// head is the run and the violation in a sentence for people.
func (p *page) head() {
	s := p.story
	p.wrapped("", "", fmt.Sprintf("%s, protocol %s, seed %d", s.Scenario, s.Protocol, s.Seed))
	p.wrapped("", "", p.verdict())
	if s.Finding.Class == "" {
		return
	}
	p.wrapped("", "", p.sentence())
}

func (p *page) verdict() string {
	f := &p.story.Finding
	if f.Class == "" {
		return fmt.Sprintf("%s: there is nothing to explain", p.story.Verdict)
	}
	return fmt.Sprintf("%s, found by %s at %s s", strings.ToUpper(f.Class), f.Checker, clock(f.AtNanos))
}

// evidence is the checker's own sentence, with its numbers, and what else was found.
func (p *page) evidence() {
	s := p.story
	if s.Finding.Class == "" {
		return
	}
	if s.Cut == nil {
		p.wrapped("  ", "  ", p.detail())
		p.holdings()
	}
	p.waits()
	if n := len(s.Others); n > 0 {
		p.wrapped("  ", "  ", fmt.Sprintf("(later in the run: %s)", list(s.Others, 2)))
	}
}

// holdings say what the checkpoint of the violation would restore, where that can matter.
func (p *page) holdings() {
	rows := p.story.Snapshots
	switch p.story.Finding.Checker {
	case "cut", "frontier", "effects", "re-execution":
	default:
		return
	}
	if len(rows) == 0 {
		return
	}
	parts := make([]string, len(rows))
	for i := range rows {
		parts[i] = rows[i].Operator + ": " + strings.ReplaceAll(orNothing(rows[i].Content), " | ", " + ")
	}
	p.wrapped("  ", "  ", fmt.Sprintf("Checkpoint %d holds %s.", rows[0].Checkpoint, strings.Join(parts, "; ")))
}

func orNothing(content string) string {
	if content == "" {
		return "nothing"
	}
	return content
}

// waits say who waits for whom, at the end of a stuck run.
func (p *page) waits() {
	const told = 6
	var parts []string
	for _, w := range p.story.Waits {
		parts = append(parts, p.names.task(int64(w.Who))+" for "+p.names.task(int64(w.Whom)))
	}
	if len(parts) > 0 {
		p.wrapped("  ", "  ", "Waiting at the end: "+list(parts, told)+".")
	}
}

// moments are the causal slice, numbered.
func (p *page) moments() {
	if len(p.story.Moments) == 0 {
		return
	}
	p.clockWidth()
	p.line("")
	p.line("What happened (* proves it; < n: because of n)")
	last := int64(0)
	for i := range p.story.Moments {
		m := &p.story.Moments[i]
		mark := " "
		if m.Witness {
			mark = "*"
		}
		e := &p.story.Recording.Events[m.Events[0]]
		first := fmt.Sprintf("%2d %s %*s  ", i+1, mark, p.times, clock(e.TimeNanos))
		p.wrapped(first, strings.Repeat(" ", len(first)), p.names.moment(m)+p.note(m)+because(m, i))
		last = e.TimeNanos
	}
	if noticed := p.story.Finding.AtNanos; noticed > last+lateNanos {
		p.wrapped(fmt.Sprintf("     %*s  ", p.times, clock(noticed)), "", "(noticed here)")
	}
}

// lateNanos is how long after the last told moment a violation is noticed late.
const lateNanos = 100e6

// clockWidth finds how wide times are.
func (p *page) clockWidth() {
	p.times = len(clock(p.story.Finding.AtNanos))
	for i := range p.story.Moments {
		e := &p.story.Recording.Events[p.story.Moments[i].Events[0]]
		p.times = max(p.times, len(clock(e.TimeNanos)))
	}
}

// because names the moments that brought one about; the one just before goes without
// saying.
func because(m *result.Moment, at int) string {
	var numbers []string
	for _, cause := range m.Because {
		if cause != at-1 {
			numbers = append(numbers, fmt.Sprint(cause+1))
		}
	}
	if len(numbers) == 0 {
		return ""
	}
	return "  < " + strings.Join(numbers, ", ")
}

// list joins words, at most so many of them.
func list(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", len(words)-most)
}

// clock is virtual time in seconds, to the microsecond.
func clock(nanos int64) string { return fmt.Sprintf("%d.%06d", nanos/1e9, nanos%1e9/1e3) }
