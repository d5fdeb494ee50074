package protocol

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseAlignment is the reverse of Alignment.String.
func ParseAlignment(text string) (Alignment, error) {
	for i, name := range alignmentNames {
		if name == text {
			return Alignment(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not an alignment", text)
}

// ParseFailureReason is the reverse of FailureReason.String.
func ParseFailureReason(text string) (FailureReason, error) {
	for i, name := range reasonNames {
		if name == text {
			return FailureReason(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a failure reason", text)
}

// ParseBarrier is the reverse of Barrier.String.
func ParseBarrier(text string) (Barrier, error) {
	p := newTextParser(text)
	b := p.barrier()
	return b, p.end()
}

// ParseInput is the reverse of Input.String.
func ParseInput(text string) (Input, error) {
	word, rest, _ := strings.Cut(text, " ")
	for kind, spec := range inputSpecs {
		if spec.word == word {
			return parseInput(InputKind(kind), spec, rest)
		}
	}
	return Input{}, fmt.Errorf("%q is not an input", word)
}

func parseInput(kind InputKind, spec textSpec, rest string) (Input, error) {
	in := Input{Kind: kind}
	p := newTextParser(rest)
	for _, field := range spec.fields {
		switch field {
		case fieldChannel:
			in.Channel = ChannelIndex(p.int("channel", 32))
		case fieldCheckpoint:
			in.Checkpoint = CheckpointID(p.int("checkpoint", 64))
		case fieldSequence:
			in.Sequence = p.int("sequence", 64)
		case fieldBarrier:
			in.Barrier = p.barrier()
		}
	}
	in.NowNanos = p.intOr("now-nanos", 0)
	return in, p.end()
}

// ParseEffect is the reverse of Effect.String.
func ParseEffect(text string) (Effect, error) {
	word, rest, _ := strings.Cut(text, " ")
	for kind, spec := range effectSpecs {
		if spec.word == word {
			return parseEffect(EffectKind(kind), spec, rest)
		}
	}
	return Effect{}, fmt.Errorf("%q is not an effect", word)
}

func parseEffect(kind EffectKind, spec textSpec, rest string) (Effect, error) {
	e := Effect{Kind: kind}
	p := newTextParser(rest)
	for _, field := range spec.fields {
		switch field {
		case fieldChannel:
			e.Channel = ChannelIndex(p.int("channel", 32))
		case fieldCheckpoint:
			e.Checkpoint = CheckpointID(p.int("checkpoint", 64))
		case fieldSequence:
			e.Sequence = p.int("sequence", 64)
		case fieldReason:
			e.Reason = p.reason()
		case fieldAtNanos:
			e.AtNanos = p.int("at-nanos", 64)
		case fieldBarrier:
			e.Barrier = p.barrier()
			e.Checkpoint = e.Barrier.ID
		}
	}
	return e, p.end()
}

// ParseEffects is the reverse of Effects.String.
func ParseEffects(text string) (Effects, error) {
	var effects Effects
	for number, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			continue
		}
		effect, err := ParseEffect(line)
		if err != nil {
			return Effects{}, fmt.Errorf("line %d: %w", number+1, err)
		}
		effects.Add(effect)
	}
	return effects, nil
}

// textParser takes key=value pairs from the front of a text, in order, and keeps the
// first error.
type textParser struct {
	pairs []string
	err   error
}

func newTextParser(text string) *textParser { return &textParser{pairs: strings.Fields(text)} }

// optional takes the value of key if it comes next.
func (p *textParser) optional(key string) (string, bool) {
	if p.err != nil || len(p.pairs) == 0 {
		return "", false
	}
	got, value, found := strings.Cut(p.pairs[0], "=")
	if !found || got != key {
		return "", false
	}
	p.pairs = p.pairs[1:]
	return value, true
}

func (p *textParser) value(key string) string {
	value, found := p.optional(key)
	if !found && p.err == nil {
		p.err = fmt.Errorf("expected %s= before %q", key, strings.Join(p.pairs, " "))
	}
	return value
}

func (p *textParser) int(key string, bits int) int64 {
	return p.number(key, p.value(key), bits)
}

func (p *textParser) intOr(key string, usual int64) int64 {
	value, found := p.optional(key)
	if !found {
		return usual
	}
	return p.number(key, value, 64)
}

func (p *textParser) number(key, value string, bits int) int64 {
	if p.err != nil {
		return 0
	}
	n, err := strconv.ParseInt(value, 10, bits)
	if err != nil {
		p.err = fmt.Errorf("%s=%s is not a number of %d bits", key, value, bits)
	}
	return n
}

func (p *textParser) reason() FailureReason {
	reason, err := ParseFailureReason(p.value("reason"))
	if p.err == nil {
		p.err = err
	}
	return reason
}

func (p *textParser) barrier() Barrier {
	b := Barrier{ID: CheckpointID(p.int("id", 64))}
	alignment, err := ParseAlignment(p.value("alignment"))
	if p.err == nil {
		p.err = err
	}
	b.Alignment = alignment
	b.TriggerNanos = p.intOr("trigger-nanos", 0)
	b.TimeoutNanos = p.intOr("timeout-nanos", NoTimeout)
	b.Savepoint = p.intOr("savepoint", 0) == 1
	return b
}

// end is the first error, which may be that something is left over.
func (p *textParser) end() error {
	if p.err == nil && len(p.pairs) > 0 {
		return fmt.Errorf("did not expect %q", strings.Join(p.pairs, " "))
	}
	return p.err
}
