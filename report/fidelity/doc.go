// Package fidelity shows how simulated runs compare with measured ones.
//
//	result.Fidelity ──Text──▶ terminal     every figure, run by run, then the bars
//	                ──JSON──▶ one object a line: figures, then bands
//	                ──Markdown──▶ fidelity.md, with fidelity.svg beside it
//
// A figure is a median over the checkpoints of a run, in the unit that its column's name
// ends in. What is printed depends on the comparison alone, so two machines print the same.
package fidelity
