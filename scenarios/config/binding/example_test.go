package binding_test

import (
	"fmt"

	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

type retry struct {
	DelayNanos int64
	Attempts   int
}

func (r *retry) object() binding.Object {
	return binding.Object{What: "retry", Fields: []binding.Field{
		{Name: "delay", Value: binding.Duration(&r.DelayNanos), Doc: "Time before it."},
		{Name: "attempts", Value: binding.Count(&r.Attempts, 1, 10), Doc: "How many at most."},
	}}
}

// A struct lists its fields once; they are read, written and described from that.
func Example() {
	r := retry{DelayNanos: 1e9, Attempts: 3}
	root, err := document.Parse("r.yaml", []byte("delay: 500 ms\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.object().Read(root), r)
	fmt.Print(string(r.object().Write().YAML()))
	fmt.Println(string(r.object().Schema().Get("properties").Get("attempts").JSON("")))
	// Output:
	// <nil> {500000000 3}
	// delay: 500 ms
	// attempts: 3
	// {"description":"How many at most.","default":3,"type":"integer","minimum":1}
}
