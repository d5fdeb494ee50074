package explain

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// diagram draws space and time: a column for each lane, time down, a row for each moment of
// the story; messages from lane to lane, and the cut of each told checkpoint as a dotted
// line that crosses the lanes where they took their snapshots.
//
//	     sender        receiver
//	1  snapshot 1......   |        what is above the dotted line is in the checkpoint
//	2     |           :...........
//	3     |---------->barrier 1
func (p *page) diagram() {
	lanes := p.story.Lanes
	if len(lanes) < 2 || len(p.story.Moments) == 0 {
		return
	}
	d := newDiagram(p)
	d.lanes()
	for i := range p.story.Cuts {
		d.cut(&p.story.Cuts[i])
	}
	for i := range p.story.Arrows {
		d.arrow(&p.story.Arrows[i])
	}
	d.labels()
	p.line("")
	p.legend()
	d.heads()
	for row := range d.canvas {
		p.line("%2d %s", row+1, string(d.canvas[row]))
	}
}

// legend explains what the diagram has in it.
func (p *page) legend() {
	text := "Time goes down, as numbered above"
	if len(p.story.Cuts) > 0 {
		text += "; dots are the cut of checkpoint " + cutNumbers(p.story.Cuts) + " (it holds what is above)"
	}
	p.wrapped("", "", text)
}

func cutNumbers(cuts []result.CutLine) string {
	numbers := make([]string, len(cuts))
	for i := range cuts {
		numbers[i] = fmt.Sprint(cuts[i].Checkpoint)
	}
	return strings.Join(numbers, ", of ")
}

// diagram is a canvas with the places of rows and lanes.
type diagram struct {
	page   *page
	canvas [][]rune
	width  int         // of one lane
	row    map[int]int // by event: the row of its moment
	lane   map[string]int
	tracks map[int]int // by event that sends: the column beside its lane where messages run down
}

// marginLeft is what row numbers take; the widest lane is wide enough for every label.
const (
	marginLeft = 3
	widestLane = 22
)

func newDiagram(p *page) *diagram {
	d := &diagram{page: p, row: map[int]int{}, lane: map[string]int{}, tracks: map[int]int{}}
	d.width = min((p.width-marginLeft)/max(len(p.story.Lanes), 1), widestLane)
	for i := range p.story.Lanes {
		d.lane[p.story.Lanes[i].Name] = i
	}
	for m := range p.story.Moments {
		for _, event := range p.story.Moments[m].Events {
			d.row[event] = m
		}
	}
	d.canvas = make([][]rune, len(p.story.Moments))
	for i := range d.canvas {
		d.canvas[i] = []rune(strings.Repeat(" ", d.width*len(p.story.Lanes)))
	}
	return d
}

// center is the column of a lane's line.
func (d *diagram) center(lane int) int { return lane*d.width + d.width/2 }

// laneOf is the lane of an event; -1 when it is not drawn.
func (d *diagram) laneOf(e *sim.Event) int {
	r := &d.page.story.Recording
	name, _, _ := strings.Cut(r.Actors[e.Actor], "#")
	switch protocol.EventKind(e.Kind) {
	case protocol.TaskFailed, protocol.TaskDeployed:
		if task := e.Args[0]; task >= 0 && int(task) < len(r.Tasks) {
			name = r.Tasks[task]
		}
	}
	if lane, drawn := d.lane[name]; drawn {
		return lane
	}
	return -1
}

// heads are the lanes' names: operators of a chain one below the other.
func (d *diagram) heads() {
	var names [][]string
	lines := 0
	for i := range d.page.story.Lanes {
		parts := strings.SplitAfter(d.page.story.Lanes[i].Name, "-> ")
		names = append(names, parts)
		lines = max(lines, len(parts))
	}
	for line := range lines {
		text := ""
		for i := range names {
			word := ""
			if at := line - lines + len(names[i]); at >= 0 {
				word = strings.TrimSpace(names[i][at])
			}
			text += centered(word, d.width)
		}
		d.page.line("%*s%s", marginLeft, "", text)
	}
}

func centered(word string, width int) string {
	word = clipped(word, width-1)
	left := (width - len([]rune(word)) + 1) / 2
	return strings.Repeat(" ", left) + word + strings.Repeat(" ", width-left-len([]rune(word)))
}

func clipped(word string, width int) string {
	if runes := []rune(word); len(runes) > width {
		return string(runes[:max(width-1, 0)]) + "~"
	}
	return word
}

// lanes draws each lane's line, broken while its subtask is down.
func (d *diagram) lanes() {
	for lane := range d.page.story.Lanes {
		down := false
		for row := range d.canvas {
			down = d.downAfter(lane, row, down)
			if !down {
				d.canvas[row][d.center(lane)] = '|'
			}
		}
	}
}

// downAfter reports whether the lane's subtask is down at a row: after it failed, or its
// job was cancelled, until the job starts again.
func (d *diagram) downAfter(lane, row int, down bool) bool {
	for _, event := range d.page.story.Moments[row].Events {
		e := &d.page.story.Recording.Events[event]
		switch protocol.EventKind(e.Kind) {
		case protocol.TaskFailed:
			down = down || d.laneOf(e) == lane
		case protocol.JobRestarting:
			down = down || d.page.story.Lanes[lane].Task != protocol.NoTask
		case protocol.JobRestored:
			down = false
		}
	}
	return down
}

// put writes a character where nothing but a lane's line is in the way.
func (d *diagram) put(row, column int, c rune) {
	if row < 0 || row >= len(d.canvas) || column < 0 || column >= len(d.canvas[row]) {
		return
	}
	if d.canvas[row][column] == ' ' || d.canvas[row][column] == '.' || d.canvas[row][column] == ':' {
		d.canvas[row][column] = c
	}
}

// across draws from one column to another, both excluded.
func (d *diagram) across(row, from, to int, c rune) {
	for column := min(from, to) + 1; column < max(from, to); column++ {
		d.put(row, column, c)
	}
}

// cut draws the line that separates what is in a checkpoint from what is not.
func (d *diagram) cut(c *result.CutLine) {
	before, at := -1, -1
	for lane, event := range c.Events {
		if event < 0 {
			continue
		}
		row := d.rowOf(event)
		if before < 0 {
			d.across(row, d.center(lane)-d.width/2-1, d.center(lane), '.')
		} else {
			middle := (d.center(before) + d.center(lane)) / 2
			d.across(at, d.center(before), middle, '.')
			for between := min(at, row); between <= max(at, row); between++ {
				d.put(between, middle, corner(between, at, row, ':', '.'))
			}
			d.across(row, middle, d.center(lane), '.')
		}
		before, at = lane, row
	}
	if before >= 0 {
		d.across(at, d.center(before), d.center(before)+d.width/2, '.')
	}
}

// corner is c between two rows, and end in either of them.
func corner(row, one, other int, c, end rune) rune {
	if row == one || row == other {
		return end
	}
	return c
}

// rowOf is the row of an event: its moment's, or that of the last moment before it.
func (d *diagram) rowOf(event int) int {
	if row, told := d.row[event]; told {
		return row
	}
	row := 0
	for m := range d.page.story.Moments {
		if d.page.story.Moments[m].Events[0] < event {
			row = m
		}
	}
	return row
}

// arrow draws a message: out of the sender's lane when it was sent, down beside it, and
// into the receiver's when it had its effect.
func (d *diagram) arrow(a *result.Arrow) {
	events := d.page.story.Recording.Events
	from, to := d.laneOf(&events[a.From]), d.laneOf(&events[a.To])
	if from < 0 || to < 0 || from == to {
		return
	}
	start, end := d.center(from), d.center(to)
	sent, arrived := d.rowOf(a.From), d.rowOf(a.To)
	side := 1
	if end < start {
		side = -1
	}
	turn := start
	if sent < arrived {
		known := false
		if turn, known = d.tracks[side*(a.From+1)]; !known {
			turn = d.freeTrack(start, side, sent, arrived)
			d.tracks[side*(a.From+1)] = turn
		}
		d.across(sent, start, turn, '-')
		d.put(sent, turn, '+')
		for row := sent + 1; row < arrived; row++ {
			d.put(row, turn, '!')
		}
		d.put(arrived, turn, '+')
	}
	d.across(arrived, turn, end, '-')
}

// freeTrack is a column beside a lane in which nothing else runs down.
func (d *diagram) freeTrack(start, side, from, to int) int {
	for distance := d.width/2 - 1; distance > d.width/2-5 && distance > 2; distance-- {
		column, free := start+side*distance, true
		for row := from; row <= to; row++ {
			if column < 0 || column >= len(d.canvas[row]) {
				return start + side*(d.width/2-1)
			}
			c := d.canvas[row][column]
			free = free && c != '!' && c != '+' && (c != ':' || distance <= d.width/2-4)
		}
		if free {
			return column
		}
	}
	return start + side*(d.width/2-2)
}

// labels write what happens into the lanes, over everything else.
func (d *diagram) labels() {
	for m := range d.page.story.Moments {
		moment := &d.page.story.Moments[m]
		for _, event := range moment.Events {
			e := &d.page.story.Recording.Events[event]
			kind := protocol.EventKind(e.Kind)
			if kind == protocol.FaultInjected || kind == protocol.FaultHealed {
				d.banner(m, d.page.names.faultBriefly(e.Args[0]), kind == protocol.FaultHealed)
				continue
			}
			if lane := d.laneOf(e); lane >= 0 {
				d.label(m, lane, labelOf(kind, e), moment.Witness)
			}
		}
	}
	d.heads2arrows()
}

// label centers a word on a lane's line.
func (d *diagram) label(row, lane int, word string, witness bool) {
	if witness {
		word = "*" + word + "*"
	}
	word = clipped(word, d.width-2)
	at := d.center(lane) - len([]rune(word))/2
	for i, c := range []rune(word) {
		if at+i >= 0 && at+i < len(d.canvas[row]) {
			d.canvas[row][at+i] = c
		}
	}
}

// heads2arrows gives each arrow its head, where the label that it points at begins.
func (d *diagram) heads2arrows() {
	events := d.page.story.Recording.Events
	for i := range d.page.story.Arrows {
		a := &d.page.story.Arrows[i]
		from, to := d.laneOf(&events[a.From]), d.laneOf(&events[a.To])
		if from < 0 || to < 0 || from == to {
			continue
		}
		row := d.canvas[d.rowOf(a.To)]
		side, head := -1, '>'
		if from > to {
			side, head = 1, '<'
		}
		column := d.center(to)
		for column >= 0 && column < len(row) && row[column] != '-' && row[column] != '>' && row[column] != '<' &&
			row[column] != ' ' || column == d.center(to) {
			column += side
		}
		if column >= 0 && column < len(row) && row[column] == '-' {
			row[column] = head
		}
	}
}

// banner writes a fault across all lanes.
func (d *diagram) banner(row int, text string, healed bool) {
	if healed {
		text = "end of " + text
	}
	line := " " + clipped(text, len(d.canvas[row])-4) + " "
	left := (len(d.canvas[row]) - len([]rune(line))) / 2
	for column := range d.canvas[row] {
		d.canvas[row][column] = '~'
		if i := column - left; i >= 0 && i < len([]rune(line)) {
			d.canvas[row][column] = []rune(line)[i]
		}
	}
}
