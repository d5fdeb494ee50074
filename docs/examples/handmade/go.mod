module handmade

go 1.26.0

require simrun v0.0.0

require (
	github.com/anishathalye/porcupine v1.3.1 // indirect
	github.com/goccy/go-yaml v1.19.2 // indirect
)

replace simrun => ../../..
