package explain

import (
	"fmt"
	"strings"

	"simrun/scenarios/result"
)

// whatIf says what would have made the run pass.
func (p *page) whatIf() {
	if len(p.story.WhatIf) == 0 {
		return
	}
	p.line("")
	p.line("What it hangs on (%d runs)", p.story.Runs)
	p.each(p.bug())
	p.each(p.faults()...)
	p.each(p.deliveries()...)
	p.each(p.protocols())
	p.each(p.futures())
}

// each writes sentences, each as one point.
func (p *page) each(sentences ...string) {
	for _, text := range sentences {
		if text != "" {
			p.wrapped("  - ", "    ", text)
		}
	}
}

// outcomeOf says what came of a run.
func outcomeOf(w *result.WhatIf) string {
	switch {
	case w.Passes():
		return "it passes"
	case w.Same:
		return "it fails in the same way"
	}
	return fmt.Sprintf("it fails in another way (%s)", firstOf(w.Signature, string(w.Verdict)))
}

func firstOf(words ...string) string {
	for _, word := range words {
		if word != "" {
			return word
		}
	}
	return ""
}

func (p *page) bug() string {
	for i := range p.story.WhatIf {
		if w := &p.story.WhatIf[i]; w.Kind == result.WithoutBug {
			return fmt.Sprintf("Without the planted bug (%s) %s.", p.story.Bug, outcomeOf(w))
		}
	}
	return ""
}

// faults tell of each fault what becomes of the run without it, and with it moved.
func (p *page) faults() []string {
	if len(p.story.Faults) == 0 {
		return []string{"No fault is needed: there is none."}
	}
	var sentences []string
	needless := 0
	for i := range p.story.Faults {
		without := p.find(result.WithoutFault, i)
		if without == nil {
			continue
		}
		if without.Same {
			needless++
		}
		text := fmt.Sprintf("Without %q %s.", p.story.Faults[i].Fault.String(), outcomeOf(without))
		sentences = append(sentences, text+p.moves(i))
	}
	if needless == len(p.story.Faults) && needless > 0 {
		sentences = []string{p.needless()}
	}
	return sentences
}

// needless says that the run fails without its faults.
func (p *page) needless() string {
	if len(p.story.Faults) == 1 {
		return "The fault is not needed: without it it fails in the same way."
	}
	text := "No single fault is needed: without any one of them it fails in the same way"
	if w := p.find(result.WithoutFaults, 0); w != nil {
		text += "; without all of them " + outcomeOf(w)
	}
	return text + "."
}

func (p *page) find(kind result.WhatIfKind, fault int) *result.WhatIf {
	for i := range p.story.WhatIf {
		if w := &p.story.WhatIf[i]; w.Kind == kind && w.Fault == fault {
			return w
		}
	}
	return nil
}

// moves say how far a fault must move for the run to pass.
func (p *page) moves(fault int) string {
	text, vain := "", ""
	for i := range p.story.WhatIf {
		w := &p.story.WhatIf[i]
		if w.Kind != result.FaultMoved || w.Fault != fault {
			continue
		}
		if w.Boundary || w.MovedOrdinals != 0 && w.Passes() {
			text += " " + moveOf(w)
		} else {
			vain = " Moved " + either(w.MovedOrdinals != 0, "to the steps beside it", "earlier or later") + ", " +
				strings.Replace(outcomeOf(w), "it fails", "it still fails", 1) + "."
		}
	}
	return firstOf(text, vain)
}

func moveOf(w *result.WhatIf) string {
	if w.MovedOrdinals != 0 {
		return fmt.Sprintf("If its step were counted %d %s, %s.", max(w.MovedOrdinals, -w.MovedOrdinals),
			direction(w.MovedOrdinals), outcomeOf(w))
	}
	still := "at any shorter move it fails"
	if w.FailsNanos != 0 {
		still = fmt.Sprintf("at %s it still fails", nanos(max(w.FailsNanos, -w.FailsNanos)))
	}
	return fmt.Sprintf("If it came %s %s, %s; %s.", nanos(max(w.MovedNanos, -w.MovedNanos)),
		direction(w.MovedNanos), outcomeOf(w), still)
}

func direction(moved int64) string { return either(moved < 0, "earlier", "later") }

// deliveries tell which one, delivered before another, makes the run pass.
func (p *page) deliveries() (sentences []string) {
	tried := 0
	for i := range p.story.WhatIf {
		w := &p.story.WhatIf[i]
		if w.Kind != result.DeliveryExchanged {
			continue
		}
		tried++
		if w.Passes() {
			sentences = append(sentences, fmt.Sprintf("Delivering %s before %s makes it pass.", w.First, w.Second))
		}
	}
	if tried > 0 && len(sentences) == 0 {
		text := fmt.Sprintf("None of %d single deliveries that waited, delivered earlier, makes it pass.", tried)
		sentences = []string{text}
	}
	return sentences
}

// protocols say under which protocols and settings the run passes, and under which not.
func (p *page) protocols() string {
	var outcomes []string
	where := map[string][]string{}
	for i := range p.story.WhatIf {
		w := &p.story.WhatIf[i]
		place := ""
		switch w.Kind {
		case result.WithProtocol:
			place = "under " + w.Setting
		case result.WithSetting:
			place = fmt.Sprintf("with %s: %s", w.Setting, nanos(w.ValueNanos))
		default:
			continue
		}
		outcome := outcomeOf(w)
		if len(where[outcome]) == 0 {
			outcomes = append(outcomes, outcome)
		}
		where[outcome] = append(where[outcome], place)
	}
	text := ""
	for _, outcome := range outcomes {
		text += "; " + strings.Join(where[outcome], ", ") + " " + outcome
	}
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[2:3]) + text[3:] + "."
}
