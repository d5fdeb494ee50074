package sim

// Pause stops all processes of a node, as a stopped virtual machine does: what arrives,
// timers included, is held and handled in order of arrival when the pause ends; CPU work
// stretches. The network goes on. With nanos <= 0 the pause lasts until Resume.
func (k *Kernel) Pause(n NodeID, nanos int64) {
	for id, p := range k.processes {
		if p.options.Node == n {
			k.PauseProcess(ProcessID(id), nanos)
		}
	}
}

// Resume ends the pause of all processes of a node.
func (k *Kernel) Resume(n NodeID) {
	for id, p := range k.processes {
		if p.options.Node == n {
			k.ResumeProcess(ProcessID(id))
		}
	}
}

// PauseProcess stops one process, as a garbage collection does; see Pause. A pause within
// a pause lasts until the later end.
func (k *Kernel) PauseProcess(id ProcessID, nanos int64) {
	p := k.processes[id]
	if !p.alive {
		return
	}
	if !p.paused {
		p.paused, p.pausedUntil = true, 0
		k.holdActors(id, true)
		k.nodes[p.options.Node].cpu.suspend(id)
	}
	if nanos <= 0 {
		p.pausedUntil = maxNanos
		return
	}
	if p.pausedUntil < k.now+nanos {
		p.pausedUntil = k.now + nanos
		incarnation := p.incarnation
		k.At(p.pausedUntil, func() {
			if p.incarnation == incarnation && p.pausedUntil <= k.now {
				k.ResumeProcess(id)
			}
		})
	}
}

// ResumeProcess ends the pause of one process.
func (k *Kernel) ResumeProcess(id ProcessID) {
	p := k.processes[id]
	if !p.paused {
		return
	}
	p.paused = false
	k.holdActors(id, false)
	k.nodes[p.options.Node].cpu.resume(id)
	for _, index := range p.held {
		s := &k.slots.all[index]
		k.sequence++
		s.class, s.time, s.sequence = classHeld, k.now, k.sequence
		k.queue.push(entry{k.now, index})
	}
	p.held = p.held[:0]
}

// Paused is whether the process is in a pause.
func (k *Kernel) Paused(id ProcessID) bool { return k.processes[id].paused }

func (k *Kernel) holdActors(id ProcessID, held bool) {
	for _, a := range k.actors {
		if a.process == id && a.alive {
			a.held = held
		}
	}
}

// hold keeps an event back until its process runs again. It has arrived: what breaks in
// the network meanwhile does not touch it.
func (k *Kernel) hold(index int32) {
	s := &k.slots.all[index]
	s.medium, s.connection = mediumDirect, NoConnection
	p := k.processes[k.actors[s.receiver].process]
	p.held = append(p.held, index)
}
