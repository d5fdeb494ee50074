package sim

import "slices"

// StoreDamage is a way in which a store does less than it promises.
type StoreDamage uint8

const (
	// DamageTorn: a put that died half-way, or failed, left a part of its object.
	DamageTorn StoreDamage = iota
	// DamageUnsynced: a crash of the store lost what it had answered.
	DamageUnsynced
	// DamageStale: a list showed what there was some time ago.
	DamageStale
	// DamageCorrupt: a read gave wrong bytes.
	DamageCorrupt
)

// damage is what a store may do to its objects now.
type damage struct {
	torn     int     // faults that leave torn objects
	unsynced []int64 // how long puts are not durable, by fault
	lag      []int64 // how old lists are, by fault
	buried   []grave // deleted while lists were old
	observe  func(StoreDamage)
}

// grave is an object that lists still show.
type grave struct {
	object object
	nanos  int64 // of the delete
}

// OnDamage has f called whenever the store does damage.
func (s *Store) OnDamage(f func(StoreDamage)) { s.damage.observe = f }

func (s *Store) damaged(d StoreDamage) {
	if s.damage.observe != nil {
		s.damage.observe(d)
	}
}

// TearPuts makes a put whose writer crashes, or which fails, leave a torn object; it ends
// as often as it was begun.
func (s *Store) TearPuts(begin bool) {
	if begin {
		s.damage.torn++
	} else {
		s.damage.torn--
	}
}

// DelaySync answers puts before they are durable, which they are so much later. When the
// store crashes in between, the object is lost, and what it overwrote too.
func (s *Store) DelaySync(nanos int64) { s.damage.unsynced = append(s.damage.unsynced, nanos) }

// EndDelaySync ends one DelaySync of that length. What is not durable yet stays so.
func (s *Store) EndDelaySync(nanos int64) { s.damage.unsynced = without(s.damage.unsynced, nanos) }

// LagLists makes lists show the keys that were there so long ago.
func (s *Store) LagLists(nanos int64) { s.damage.lag = append(s.damage.lag, nanos) }

// EndLagLists ends one LagLists of that length.
func (s *Store) EndLagLists(nanos int64) {
	if s.damage.lag = without(s.damage.lag, nanos); len(s.damage.lag) == 0 {
		s.damage.buried = nil
	}
}

func without(list []int64, value int64) []int64 {
	if i := slices.Index(list, value); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}

func (d *damage) unsyncedNanos() int64 { return largest(d.unsynced) }

func largest(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	return slices.Max(list)
}

// bury keeps what was deleted for old lists.
func (d *damage) bury(o *object, now int64) {
	if len(d.lag) > 0 {
		d.buried = append(d.buried, grave{*o, now})
	}
}

// tears reports whether puts are not atomic.
func (s *Store) tears() bool { return s.options.TornPuts || s.damage.torn > 0 }

// tear leaves a torn object, if puts of this store are not atomic now.
func (s *Store) tear(r *request, sizeBytes int64) {
	if s.tears() {
		s.stats.Torn++
		s.write(r.key, sizeBytes, nil, true)
		s.damaged(DamageTorn)
	}
}

// Crash takes the store down: requests under way are lost and time out, as do those that
// come until Restart; so is what was answered and is not durable yet.
func (s *Store) Crash() {
	if s.down {
		return
	}
	s.down = true
	for i := range s.requests {
		r := &s.requests[i]
		if r.kind == requestNone || r.stage == stageAnswered {
			continue
		}
		if p := s.pipeOf(r.kind); p != nil && p.fluid.serving(int32(i)) {
			if moved := min(p.stop(int32(i), r.moveBytes), r.sizeBytes); r.kind == requestPut {
				s.tear(r, moved)
			}
		}
		s.giveUp(int32(i))
	}
	for i := len(s.objects) - 1; i >= 0; i-- {
		if s.objects[i].syncNanos > s.k.now {
			s.drop(i)
			s.damaged(DamageUnsynced)
		}
	}
}

// Restart brings a store back that crashed.
func (s *Store) Restart() { s.down = false }

// Running is whether the store is up.
func (s *Store) Running() bool { return !s.down }

// list is the keys of a kind that agree with prefix in the first fields of A, B and C, in
// order.
func (s *Store) list(prefix ObjectKey, fields int) (keys []ObjectKey, sizes []int64) {
	if lag := largest(s.damage.lag); lag > 0 {
		return s.staleList(prefix, fields, s.k.now-lag)
	}
	for i := range s.objects {
		if o := &s.objects[i]; agrees(o.key, prefix, fields) {
			keys, sizes = append(keys, o.key), append(sizes, o.sizeBytes)
		}
	}
	return keys, sizes
}

// staleList is the list as it was at a time.
func (s *Store) staleList(prefix ObjectKey, fields int, nanos int64) (keys []ObjectKey, sizes []int64) {
	var seen []*object
	stale := false
	for i := range s.objects {
		if o := &s.objects[i]; agrees(o.key, prefix, fields) {
			if o.sinceNanos > nanos {
				stale = true
				continue
			}
			seen = append(seen, o)
		}
	}
	for i := range s.damage.buried {
		dead := &s.damage.buried[i]
		if dead.nanos > nanos && dead.object.sinceNanos <= nanos && agrees(dead.object.key, prefix, fields) {
			seen, stale = append(seen, &dead.object), true
		}
	}
	if stale {
		slices.SortFunc(seen, func(a, b *object) int { return a.key.Compare(b.key) })
		s.damaged(DamageStale)
	}
	for _, o := range seen {
		keys, sizes = append(keys, o.key), append(sizes, o.sizeBytes)
	}
	return keys, sizes
}

func agrees(key, prefix ObjectKey, fields int) bool {
	return key.Kind == prefix.Kind && (fields < 1 || key.A == prefix.A) &&
		(fields < 2 || key.B == prefix.B) && (fields < 3 || key.C == prefix.C)
}
