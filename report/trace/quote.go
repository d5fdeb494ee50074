package trace

import "encoding/json"

// appendQuoted is for the rare names that plain copying would break.
func appendQuoted(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic("trace: a string that is no JSON: " + err.Error())
	}
	return append(b, quoted...)
}
