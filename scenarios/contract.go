package scenarios

import (
	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
)

// ContractRow is one operator's line in a job's state contract: what it does, what state
// it holds by which key, whether a source rewinds, what a sink promises.
type ContractRow struct {
	Operator    string
	Parallelism int
	// From are the operators that it reads from, with the exchange in between.
	From []string
	Text string
}

// Contract is the state contract of the scenario's job, in the order of its graph.
func (s *Scenario) Contract() ([]ContractRow, error) {
	b, err := s.config.Build()
	if err != nil {
		return nil, err
	}
	nodes := b.Options.Graph.Nodes
	rows := make([]ContractRow, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		rows[i] = ContractRow{Operator: n.ID, Parallelism: n.Parallelism, Text: contractOf(n)}
		for _, in := range n.Inputs {
			rows[i].From = append(rows[i].From, nodes[in.From].ID+" ("+in.Exchange.String()+")")
		}
	}
	return rows, nil
}

func contractOf(n *job.Node) string {
	switch {
	case n.Source != nil:
		return n.Source.Contract()
	case n.Sink != nil:
		return n.Sink.Contract()
	}
	return n.Operator.Contract()
}

// checkerNames are those of every checker.
func checkerNames() []string { return checkers.New(&checkers.Setup{}).Names() }

// stepNames are the protocol steps at which a fault can strike.
func stepNames() []string { return (&runtime.Target{}).Steps() }

// RoleNames lists what a kind of fault can strike in the scenario.
func (s *Scenario) RoleNames(kind protocol.FaultKind) []string { return s.config.Roles(kind) }
