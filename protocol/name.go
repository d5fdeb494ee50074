package protocol

// Name is a protocol's id, the same in scenarios, on the command line, in reports and
// in file names.
type Name string

// The protocols of this version. Each is a setting of the one barrier engine, except
// None, which takes no checkpoints, and AtLeastOnce, whose tracker only counts.
const (
	None          Name = "none"
	Aligned       Name = "aligned"
	AtLeastOnce   Name = "at-least-once"
	Unaligned     Name = "unaligned"
	HybridOut     Name = "hybrid-out"
	HybridIn      Name = "hybrid-in"
	ChandyLamport Name = "chandy-lamport"
)

// Names lists every protocol in the order in which reports show them.
func Names() []Name {
	return []Name{None, Aligned, AtLeastOnce, ChandyLamport, HybridIn, HybridOut, Unaligned}
}
