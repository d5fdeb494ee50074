package sim

// fluid is a resource that n jobs share evenly: each is served at the rate limit, or at
// total/n where that is less (processor sharing). Instead of what is left of each job it
// keeps the service that every job present has attained; a job ends when that reaches the
// job's finish, so a change of n touches no job. Rates are units per den nanoseconds;
// service is a fixed-point number with fractionBits bits, rounded only where a period of
// constant n ends.
type fluid struct {
	limit, total, den uint64

	origin   int64 // start of the period
	attained int64 // service at origin
	period   int   // number of jobs of the period
	changed  int64 // latest time at which the number of jobs changed

	heap     []fluidJob // by finish
	position []int32    // of a job in heap, by id
}

// fluidJob is a job in service. Ties are broken by address and then by order of arrival
// from that address, which is what makes arrivals of one instant commute.
type fluidJob struct {
	finish   int64
	address  uint64
	sequence uint64
	id       int32
}

const (
	fractionBits = 16
	maxService   = 1<<46 - 1 // of one job, in units
	rebaseAt     = 1 << 61
)

func (a *fluidJob) before(b *fluidJob) bool {
	if a.finish != b.finish {
		return a.finish < b.finish
	}
	if a.address != b.address {
		return a.address < b.address
	}
	return a.sequence < b.sequence
}

// init makes the resource as new, without jobs.
func (f *fluid) init(limit, total, den uint64) {
	*f = fluid{limit: limit, total: total, den: den, heap: f.heap[:0], position: f.position[:0]}
}

// rate is the service of one of n jobs: num units per den nanoseconds. Without jobs
// service stands still.
func (f *fluid) rate(n int) (num, den uint64) {
	if n == 0 {
		return 0, 1
	}
	if uint64(n)*f.limit <= f.total {
		return f.limit, f.den
	}
	return f.total, f.den * uint64(n)
}

// served is the service that a job attains in a time, under n jobs.
func (f *fluid) served(nanos int64, n int) int64 {
	num, den := f.rate(n)
	return scale(uint64(nanos), num<<fractionBits, den)
}

// sync ends the period if the number of jobs is another since an earlier instant. A
// number that changed and changed back within an instant goes on with its period.
func (f *fluid) sync(now int64) {
	if now <= f.changed || len(f.heap) == f.period {
		return
	}
	f.attained += f.served(f.changed-f.origin, f.period)
	f.origin, f.period = f.changed, len(f.heap)
	if len(f.heap) == 0 {
		f.attained = 0
	}
	if f.attained > rebaseAt {
		for i := range f.heap {
			f.heap[i].finish -= f.attained
		}
		f.attained = 0
	}
}

// base is the start of the present number of jobs and the service attained then.
func (f *fluid) base() (origin, attained int64) {
	if len(f.heap) == f.period {
		return f.origin, f.attained
	}
	return f.changed, f.attained + f.served(f.changed-f.origin, f.period)
}

// service is what every job present has attained by now.
func (f *fluid) service(now int64) int64 {
	origin, attained := f.base()
	return attained + f.served(now-origin, len(f.heap))
}

// timeOf is the first instant at which service reaches finish if nothing changes.
func (f *fluid) timeOf(finish int64) int64 {
	origin, attained := f.base()
	num, den := f.rate(len(f.heap))
	if num == 0 {
		return maxNanos
	}
	if finish <= attained {
		return origin
	}
	return origin + scaleUp(uint64(finish-attained), den, num<<fractionBits)
}

// touch notes that the number of jobs changes now.
func (f *fluid) touch(now int64) {
	f.sync(now)
	f.changed = now
}

// setRates changes what the resource can do, from now on.
func (f *fluid) setRates(now int64, limit, total uint64) {
	f.sync(now)
	f.attained, f.origin, f.period, f.changed = f.service(now), now, len(f.heap), now
	f.limit, f.total = limit, total
}

// add puts a job into service.
func (f *fluid) add(now int64, job fluidJob) {
	f.touch(now)
	for int(job.id) >= len(f.position) {
		f.position = append(f.position, -1)
	}
	f.heap = append(f.heap, job)
	f.up(len(f.heap) - 1)
}

// remove takes a job out of service and returns it.
func (f *fluid) remove(now int64, id int32) fluidJob {
	f.touch(now)
	i := int(f.position[id])
	job := f.heap[i]
	last := len(f.heap) - 1
	f.place(i, f.heap[last])
	f.heap = f.heap[:last]
	if i < last {
		f.down(i)
		f.up(i)
	}
	f.position[id] = -1
	return job
}

// job is a job in service.
func (f *fluid) job(id int32) *fluidJob { return &f.heap[f.position[id]] }

// serving is whether the job is in service.
func (f *fluid) serving(id int32) bool {
	return int(id) < len(f.position) && f.position[id] >= 0
}

func (f *fluid) place(i int, job fluidJob) {
	f.heap[i] = job
	f.position[job.id] = int32(i)
}

func (f *fluid) up(i int) {
	job := f.heap[i]
	for i > 0 {
		parent := (i - 1) / 2
		if !job.before(&f.heap[parent]) {
			break
		}
		f.place(i, f.heap[parent])
		i = parent
	}
	f.place(i, job)
}

func (f *fluid) down(i int) {
	job := f.heap[i]
	for {
		child := 2*i + 1
		if child >= len(f.heap) {
			break
		}
		if child+1 < len(f.heap) && f.heap[child+1].before(&f.heap[child]) {
			child++
		}
		if !f.heap[child].before(&job) {
			break
		}
		f.place(i, f.heap[child])
		i = child
	}
	f.place(i, job)
}
