package story

import (
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// take puts the state into names and words.
func (s *stillLife) take(e *sim.Event) *result.Still {
	still := &result.Still{
		Position: s.position, TimeNanos: e.TimeNanos, Actor: s.trial.ActorName(e.Actor), Event: eventText(e),
		JobStatus: s.status, Attempt: s.attempt, Transactions: s.transactions,
	}
	for _, fault := range s.faults {
		if fault >= 0 && fault < int64(len(s.c.Scenario.Faults)) {
			still.Faults = append(still.Faults, s.c.Scenario.Faults[fault].String())
		}
	}
	doing := s.trial.Doing()
	for task := range s.subtasks {
		still.Subtasks = append(still.Subtasks, s.subtask(task, doing))
	}
	for i := range s.checkpoints {
		c := &s.checkpoints[i]
		still.Checkpoints = append(still.Checkpoints, result.CheckpointStill{
			ID: c.id, TriggerNanos: c.triggerNanos, Snapshotted: s.named(c.snapshotted), Done: s.named(c.done),
			Acknowledged: s.named(c.acknowledged),
		})
	}
	return still
}

func (s *stillLife) subtask(task int, doing []string) result.SubtaskStill {
	t := &s.subtasks[task]
	still := result.SubtaskStill{
		Name: s.trial.TaskName(protocol.TaskID(task)), QueuedBuffers: t.queued, SegmentsInUse: t.segments,
	}
	for _, line := range doing {
		if words, its := strings.CutPrefix(line, still.Name+"#"); its {
			_, still.Does, _ = strings.Cut(words, " ")
		}
	}
	if t.last.Kind != 0 {
		still.Last, still.LastNanos = eventText(&t.last), t.last.TimeNanos
	}
	for _, channel := range t.blocked {
		for _, l := range s.trial.Setup().Links {
			if int(l.Receiver) == task && int64(l.ReceiverChannel) == channel {
				still.Blocked = append(still.Blocked, s.trial.TaskName(l.Sender))
			}
		}
	}
	return still
}

func (s *stillLife) named(tasks []int64) []string {
	names := make([]string, len(tasks))
	for i, task := range tasks {
		names[i] = s.trial.TaskName(protocol.TaskID(task))
	}
	return names
}

func eventText(e *sim.Event) string { return protocol.EventText(protocol.EventKind(e.Kind), e.Args) }
