package sim

// QueueLength is the number of queued entries, with those of cancelled timers.
func (k *Kernel) QueueLength() int { return k.queue.size }
