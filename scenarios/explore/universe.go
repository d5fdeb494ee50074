package explore

import (
	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/runtime/source"
	"simrun/scenarios/config"
	"simrun/sim"
)

// universe draws a job and a cluster.
func universe(c generate.Choice) (*config.Scenario, generate.Shape, error) {
	s := config.New("universe")
	protocols := []protocol.Name{
		protocol.Aligned, protocol.Unaligned, protocol.HybridOut, protocol.HybridIn, protocol.ChandyLamport,
	}
	s.Job.Config.Protocol = protocols[c.Choose(uint64(len(protocols)))]
	s.Job.Config.Checkpointing.IntervalNanos = 100e6
	s.Job.Config.Checkpointing.TimeoutNanos = 1e9
	quicken(s, &s.Job.Config)
	s.Job.Config.Restart.Kind = protocol.RestartExponentialDelay
	keys := source.KeysUniform
	from := config.NewSource()
	from.Synthetic, from.Keys, from.Records, from.Rate = &keys, 50, 400, sim.Ratio{Num: 1000, Den: 1}
	events := config.NewOperator("source")
	events.Does.Source = &from
	events.Parallelism = 1 + int(c.Choose(2))
	to := config.NewSink()
	to.Transactional = "log"
	sink := config.NewOperator("sink", config.NewInput("source"))
	sink.Does.Sink = &to
	sink.Parallelism = 1 + int(c.Choose(2))
	s.Job.Graph = []config.Operator{events, sink}
	if err := s.Resolve(); err != nil {
		return nil, generate.Shape{}, err
	}
	shape := shapeOf(s)
	shape.FromNanos, shape.ToNanos = 150e6, 350e6
	return s, shape, nil
}
