package state

import (
	"strconv"
	"strings"
)

// Text is the image's keyed state for people, "key=column,column …" in the order of (key,
// namespace), if it has at most limit entries; else it is empty. A key that was made of
// text (Flink's String keys stand as packed bytes) is shown as text.
func (i *Image) Text(limit int) string {
	if i.keyed == nil || i.keyed.count > int64(limit) {
		return ""
	}
	k := NewKeyed(i.keyed.spec, new(Journal))
	k.restore(i.keyed)
	var entries []string
	k.Each(func(e Entry) bool {
		entries = append(entries, k.entryText(e))
		return true
	})
	return strings.Join(entries, " ")
}

func (k *Keyed) entryText(e Entry) string {
	text := KeyText(k.Key(e))
	if namespace := k.Namespace(e); namespace != 0 {
		text += "@" + strconv.FormatInt(namespace, 10)
	}
	var values []string
	for column := range k.hashed {
		values = append(values, strconv.FormatInt(k.Get(e, column), 10))
	}
	if k.spec.RowColumns > 0 {
		values = append(values, "["+strconv.Itoa(k.Rows(e))+"]")
	}
	if len(values) == 0 {
		return text
	}
	return text + "=" + strings.Join(values, ",")
}

// PackText stands for a text of up to eight bytes as a key that sorts the same way; false
// if the text is longer.
func PackText(text string) (key uint64, ok bool) {
	if len(text) > 8 {
		return 0, false
	}
	for i := range len(text) {
		key |= uint64(text[i]) << (56 - 8*i)
	}
	return key, true
}

// KeyText is the printable text that a key was packed from, else the number that it is.
func KeyText(key uint64) string {
	var text []byte
	for rest := key; rest != 0; rest <<= 8 {
		char := byte(rest >> 56)
		if char < ' ' || char > '~' {
			return strconv.FormatUint(key, 10)
		}
		text = append(text, char)
	}
	if len(text) == 0 {
		return "0"
	}
	return string(text)
}
