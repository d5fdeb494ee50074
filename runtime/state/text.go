package state

import (
	"strconv"
	"strings"
)

// Text shows the keyed entries of an image in the order of their keys, as
// "key=column,column …"; it is empty when there are more than limit, or none.
func (i *Image) Text(limit int) string {
	if i.keyed == nil || i.keyed.count == 0 || i.keyed.count > int64(limit) {
		return ""
	}
	k := NewKeyed(i.keyed.spec, new(Journal))
	k.restore(i.keyed)
	var b strings.Builder
	k.Each(func(e Entry) bool {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatUint(k.Key(e), 10))
		for column := range k.spec.Columns {
			separator := byte(',')
			if column == 0 {
				separator = '='
			}
			b.WriteByte(separator)
			b.WriteString(strconv.FormatInt(k.Get(e, column), 10))
		}
		return true
	})
	return b.String()
}
