package plan

import (
	"strconv"
	"strings"
)

// poison reads which record user code throws at.
func (r *reader) poison() {
	f := &r.fault
	if f.Source = r.name(keySource); f.Source == "" {
		r.missing(keySource, "the source of the record")
	}
	if r.find(keySplit) >= 0 {
		f.Split = r.position(keySplit, "")
	}
	f.FirstOffset = r.position(keyRecordOffset, "the record's offset in its split, from 0")
}

// skew reads which records share a key.
func (r *reader) skew() {
	f := &r.fault
	r.ratio(keyShare, "the share of the records that get the key")
	if at := r.find(keyShare); at >= 0 && f.FactorNumerator > f.FactorDenominator {
		r.failValue(at, "is no share", "at most 1", "")
	}
	f.FirstOffset = r.position(keyFirstOffset, "the first offset of every split at which it strikes")
	f.LastOffset = r.position(keyLastOffset, "the last offset of every split at which it strikes")
	if at := r.find(keyLastOffset); at >= 0 && f.LastOffset < f.FirstOffset {
		r.failValue(at, "is before the first offset", keyFirstOffset+" or more", "")
	}
}

// clock reads how far a clock jumps, which may be back, and what it gains from then on.
func (r *reader) clock() {
	f := &r.fault
	if at := r.find(keyBy); at >= 0 {
		f.ByNanos = r.signedDuration(at)
	}
	if at := r.find(keyDrift); at >= 0 {
		ppm, err := strconv.ParseInt(value(&r.fields[at]), 10, 64)
		if err != nil || ppm < -maxDriftPPM || ppm > maxDriftPPM {
			r.failValue(at, "is no drift", "a whole number from -100000 to 100000", "")
		}
		f.DriftPPM = ppm
	}
	if r.err == nil && f.ByNanos == 0 && f.DriftPPM == 0 {
		r.missing(keyBy, "how far the clock jumps, or "+keyDrift)
	}
}

// maxDriftPPM bounds the drift of a clock, in parts per million.
const maxDriftPPM = 100_000

// rateUnits are units of bandwidth, powers of two as in Flink, the largest first.
var rateUnits = [...]struct {
	word  string
	bytes int64
}{{"gb/s", 1 << 30}, {"mb/s", 1 << 20}, {"kb/s", 1 << 10}, {"b/s", 1}}

// bandwidth reads what is left of a link: a whole number of a unit.
func (r *reader) bandwidth() {
	at := r.find(keyBandwidth)
	if at < 0 {
		r.missing(keyBandwidth, "what is left of it, such as 10 mb/s")
		return
	}
	text := value(&r.fields[at])
	for _, unit := range rateUnits {
		number, ok := strings.CutSuffix(text, unit.word)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err == nil && n > 0 && n <= maxTimeNanos/unit.bytes {
			r.fault.BytesPerSecond = n * unit.bytes
			return
		}
		break
	}
	r.failValue(at, "is no bandwidth", "such as 10 mb/s or 500 kb/s", "")
}

func formatRate(bytesPerSecond int64) string {
	for _, unit := range rateUnits {
		if bytesPerSecond%unit.bytes == 0 {
			return strconv.FormatInt(bytesPerSecond/unit.bytes, 10) + " " + unit.word
		}
	}
	return ""
}
