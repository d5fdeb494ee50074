// Package document reads and writes the YAML that scenarios and case files are made of,
// as a tree in which every node knows where it came from.
//
//	text ──Parse──▶ Node ──Set("job.protocol=aligned")──▶ Node ──YAML / JSON──▶ text
//	                  │
//	                  └─ Errorf(node, …) ──▶ Error{file, line, column, caret, nearest word}
//
// The language is a strict part of YAML: one document, mappings with unique plain keys,
// sequences and scalars. Anchors, aliases, merge keys and tags are refused, because a
// scenario must read the same to people and programs.
//
// Duties of the caller: a tree is built once and not shared; what a scalar means (a
// number, a duration) is the caller's affair, the tree keeps its exact text.
package document
