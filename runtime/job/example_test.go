package job_test

import (
	"fmt"

	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/source"
)

// A graph of four operators becomes three vertices: the filter is chained to its source.
func Example() {
	graph := &job.Graph{Name: "delays", Nodes: []job.Node{
		{ID: "flights", Parallelism: 2, Source: &source.Spec{}},
		{ID: "late", Parallelism: 2, Operator: &operator.Spec{}, Inputs: []job.Input{{From: 0, Exchange: job.Forward}}},
		{ID: "delays", Parallelism: 2, Operator: &operator.Spec{}, Inputs: []job.Input{{From: 1, Exchange: job.Keyed}}},
		{ID: "db", Parallelism: 1, Sink: &sink.Spec{}, Inputs: []job.Input{{From: 2, Exchange: job.Rebalance}}},
	}}
	plan, err := job.Compile(graph, &job.Config{Chaining: true})
	if err != nil {
		panic(err)
	}
	for i := range plan.Vertices {
		v := &plan.Vertices[i]
		fmt.Printf("%s: tasks %d..%d\n", v.Name, v.FirstTask, int(v.FirstTask)+v.Parallelism-1)
	}
	fmt.Println(len(plan.Links), "channels,", plan.MaxParallelism, "key groups")

	graph.Nodes[3].Inputs[0].Exchange = job.Forward
	_, err = job.Compile(graph, &job.Config{})
	fmt.Println(err)
	// Output:
	// flights -> late: tasks 0..1
	// delays: tasks 2..3
	// db: tasks 4..4
	// 6 channels, 128 key groups
	// operator "db": a forward exchange needs equal parallelism: "delays" has 2, "db" has 1
}
