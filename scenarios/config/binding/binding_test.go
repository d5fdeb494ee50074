package binding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

// everything has one field of each kind of value.
type everything struct {
	text      string
	word      string
	choice    uint8
	flag      bool
	count     int
	countOr   int
	duration  int64
	atLeast   int64
	or        int64
	size      int32
	bandwidth int64
	decimal   [2]int64
	rate      [2]int64
	list      []retry
	optional  *retry
	given     []string
	hidden    int
}

func (e *everything) object() binding.Object {
	return binding.Object{
		What:  "thing",
		Given: func(name string, _ *document.Node) { e.given = append(e.given, name) },
		Fields: []binding.Field{
			{Name: "text", Value: binding.Text(&e.text)},
			{Name: "word", Value: binding.Word(&e.word, "word", []string{"one", "two"})},
			{Name: "choice", Value: binding.Choice(&e.choice, "choice", "left", "right")},
			{Name: "flag", Value: binding.Flag(&e.flag)},
			{Name: "count", Value: binding.Count(&e.count, 1, 9)},
			{Name: "count-or", Value: binding.CountOr(&e.countOr, "endless", 0)},
			{Name: "duration", Value: binding.Duration(&e.duration)},
			{Name: "at-least", Value: binding.DurationAtLeast(&e.atLeast, 1e6)},
			{Name: "or", Value: binding.DurationOr(&e.or, "none", 0)},
			{Name: "size", Value: binding.Size(&e.size)},
			{Name: "bandwidth", Value: binding.Bandwidth(&e.bandwidth)},
			{Name: "decimal", Value: binding.Decimal(&e.decimal[0], &e.decimal[1])},
			{Name: "rate", Value: binding.Rate(&e.rate[0], &e.rate[1])},
			{Name: "list", Value: binding.List(&e.list, newRetry, retryValue)},
			{Name: "optional", Value: binding.Optional(&e.optional, newRetry, retryValue)},
			{Name: "hidden", Value: binding.Object{What: "hidden", Hidden: true, Fields: []binding.Field{
				{Name: "count", Value: binding.Count(&e.hidden, 0, binding.Unbounded)},
			}}},
		},
	}
}

func newRetry() retry                    { return retry{DelayNanos: 1e9, Attempts: 3} }
func retryValue(r *retry) binding.Value  { return r.object() }
func read(e *everything, t string) error { return readInto(e.object(), t) }
func blank() *everything                 { return &everything{decimal: [2]int64{1, 1}, rate: [2]int64{0, 1}, count: 1} }
func readInto(o binding.Object, text string) error {
	root, err := document.Parse("t", []byte(text))
	if err != nil {
		return err
	}
	return o.Read(root)
}

const full = `text: hello
word: two
choice: right
flag: true
count: 7
count-or: 12
duration: 2 s
at-least: 1 ms
or: 3 s
size: 4 kb
bandwidth: 1 mb/s
decimal: 0.25
rate: 2.5/s
list:
  - {delay: 5 s, attempts: 3}
optional:
  delay: 1 s
  attempts: 9
`

func TestEveryKindOfValueIsReadAndWrittenBack(t *testing.T) {
	e := blank()
	require.NoError(t, read(e, full+"hidden: {count: 4}\n"))
	require.Equal(t, []int64{1, 4, 5, 2}, []int64{e.decimal[0], e.decimal[1], e.rate[0], e.rate[1]})
	require.Equal(t, []retry{{5e9, 3}}, e.list)
	require.Equal(t, &retry{1e9, 9}, e.optional)
	require.Equal(t, 4, e.hidden)
	require.Equal(t, []string{"text", "word", "choice"}, e.given[:3])
	require.Equal(t, full, string(e.object().Write().YAML()))
}

func TestDefaultsStayWhereNothingIsGiven(t *testing.T) {
	e := blank()
	e.duration, e.countOr = 9e9, 5
	require.NoError(t, read(e, "count: 2\nor: none\ncount-or: endless\n"))
	require.Equal(t, int64(9e9), e.duration)
	require.Zero(t, e.countOr)
	require.Nil(t, e.optional)
}

func TestBadValuesAreRefused(t *testing.T) {
	for text, message := range map[string]string{
		"text: \"\"":            "the text is empty",
		"word: three":           `unknown word "three"`,
		"choice: up":            `unknown choice "up"`,
		"flag: yes":             `unknown value "yes"`,
		"count: 10":             `"10" is not a valid number here`,
		"count: 1.5":            `"1.5" is not a valid number here`,
		"count-or: never":       `"never" is not a valid number here`,
		"at-least: 10 us":       `"10 us" is too short`,
		"size: 3 gb":            `"3 gb" is too large`,
		"decimal: half":         `"half" is not a decimal number`,
		"rate: 5":               `"5" is not a rate`,
		"bandwidth: fast":       `"fast" is not a bandwidth`,
		"list: {delay: 1 s}":    "there is a mapping where a list belongs",
		"list: [3]":             `retry is "3"`,
		"optional: {dely: 1 s}": `unknown key "dely"`,
		"count:":                "count has no value",
		"counts: 3":             `unknown key "counts"`,
		"- 1":                   "thing is a list",
		"duration: [1 s]":       "there is a list where a single value belongs",
	} {
		require.ErrorContains(t, read(blank(), text), message, text)
	}
}

func TestExactlyOneOfTheChoicesMustBeGiven(t *testing.T) {
	var a, b int
	object := binding.Object{What: "either", OneOf: []string{"a", "b"}, Fields: []binding.Field{
		{Name: "a", Value: binding.Count(&a, 0, 9)}, {Name: "b", Value: binding.Count(&b, 0, 9)},
	}}
	require.NoError(t, readInto(object, "b: 3"))
	require.Equal(t, 3, b)
	require.ErrorContains(t, readInto(object, "{a: 1, b: 2}"), `either has both "a" and "b"`)
	require.ErrorContains(t, readInto(object, "{}"), "either does not say what it is")
}

func TestShortFormSetsItsField(t *testing.T) {
	var id string
	object := binding.Object{What: "input", Short: "id", Fields: []binding.Field{
		{Name: "id", Value: binding.Text(&id), Required: true},
	}}
	require.NoError(t, readInto(object, "flights"))
	require.Equal(t, "flights", id)
	require.ErrorContains(t, readInto(object, "{}"), `input has no "id"`)
}
