// Command simrun runs checkpoint protocols of stream processors in simulation, under
// faults, and compares them. `simrun --help` says how.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
