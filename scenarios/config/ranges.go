package config

import (
	"strconv"

	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/scenarios/config/units"
	"simrun/sim"
)

// integerRange binds a number, or an even spread over a range [from, to].
func integerRange(d *sim.Distribution) binding.Value {
	parse := func(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }
	format := func(value int64) string { return strconv.FormatInt(value, 10) }
	return spread{d, parse, format, "a whole number, or a range [from, to]", "integer"}
}

// sizeRange binds a size, or an even spread over a range of sizes.
func sizeRange(d *sim.Distribution) binding.Value {
	return spread{d, units.ParseSize, units.FormatSize, "a size like 100 b, or a range [from, to]", "string"}
}

// spread is a constant or uniform distribution of what parse reads.
type spread struct {
	value          *sim.Distribution
	parse          func(string) (int64, error)
	format         func(int64) string
	expected, kind string
}

func (s spread) Read(n *document.Node) error {
	if n.Kind == document.Sequence && len(n.Items) == 2 {
		low, err := s.number(n.Items[0])
		if err != nil {
			return err
		}
		high, err := s.number(n.Items[1])
		if err != nil {
			return err
		}
		if high < low {
			return document.Errorf(n, s.expected, "the range ends before it begins")
		}
		*s.value = sim.Uniform(low, high)
		return nil
	}
	value, err := s.number(n)
	if err != nil {
		return err
	}
	*s.value = sim.Constant(value)
	return nil
}

func (s spread) number(n *document.Node) (int64, error) {
	value, err := s.parse(n.Text)
	if n.Kind != document.Scalar || err != nil {
		return 0, document.Errorf(n, s.expected, "%q is not a number or range here", n.Text)
	}
	return value, nil
}

func (s spread) Write() *document.Node {
	low := document.NewScalar(s.format(s.value.Low))
	if s.value.Kind == sim.DistributionUniform {
		return document.NewSequence(low, document.NewScalar(s.format(s.value.High)))
	}
	return low
}

func (s spread) Schema() *document.Node {
	single := document.NewMapping().Add("type", document.NewText(s.kind))
	pair := document.NewMapping().Add("type", document.NewText("array")).Add("items", single).
		Add("minItems", document.NewScalar("2")).Add("maxItems", document.NewScalar("2"))
	return document.NewMapping().Add("anyOf", document.NewSequence(single, pair))
}
