package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Progress is shown for work that takes longer than a second: on a terminal as one line
// that is written over, elsewhere as a plain line now and then.
const (
	quiet         = time.Second
	redrawEvery   = 100 * time.Millisecond
	plainEvery    = 5 * time.Second
	clearLine     = "\r\x1b[K"
	terminalWidth = 79
)

type progress struct {
	mutex       sync.Mutex
	out         io.Writer
	terminal    bool
	label       string
	done, total int
	started     time.Time
	// text, if not empty, stands for the count.
	text  string
	drawn bool
	end   chan struct{}
	ended sync.WaitGroup
}

func (c *console) startProgress(label string) *progress {
	p := &progress{out: c.err, terminal: c.terminal, label: label, started: time.Now(), end: make(chan struct{})}
	p.ended.Go(p.watch)
	return p
}

// update says how much of the work is done.
func (p *progress) update(done, total int) {
	p.mutex.Lock()
	p.done, p.total = done, total
	p.mutex.Unlock()
}

// relabel begins another part of the work.
func (p *progress) relabel(label string) {
	p.mutex.Lock()
	p.label, p.text, p.done, p.total = label, "", 0, 0
	p.mutex.Unlock()
}

// describe says how far the work is in words.
func (p *progress) describe(text string) {
	p.mutex.Lock()
	p.text = text
	p.mutex.Unlock()
}

// say writes a line of its own, at once.
func (p *progress) say(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.drawn && p.terminal {
		text = clearLine + text
	}
	fmt.Fprintln(p.out, text)
}

// stop ends the showing and clears the line.
func (p *progress) stop() {
	close(p.end)
	p.ended.Wait()
	if p.drawn && p.terminal {
		fmt.Fprint(p.out, clearLine)
	}
}

func (p *progress) watch() {
	every := plainEvery
	if p.terminal {
		every = redrawEvery
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-p.end:
			return
		case <-ticker.C:
			if time.Since(p.started) >= quiet {
				p.draw()
			}
		}
	}
}

func (p *progress) draw() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	text := fmt.Sprintf("%s, %d s", p.label, int(time.Since(p.started).Seconds()))
	if p.total > 0 {
		text = fmt.Sprintf("%s: %d of %d (%d %%), %d s", p.label, p.done, p.total, 100*p.done/p.total,
			int(time.Since(p.started).Seconds()))
	}
	if p.text != "" {
		text = p.text
	}
	p.drawn = true
	if p.terminal {
		fmt.Fprint(p.out, clearLine+text[:min(len(text), terminalWidth)])
		return
	}
	fmt.Fprintln(p.out, text)
}
