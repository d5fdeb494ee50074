package coordinator_test

import "fmt"

// A task manager dies; the job is restored from its newest checkpoint on the others.
func Example() {
	w := newWorld(exampleTester{}, setup{taskManagers: 3})
	w.runTo(45)
	fmt.Println("completed:", w.history.Completed)
	w.kernel.Crash(w.managers[0])
	w.runTo(120)
	start := w.history.Starts[1]
	fmt.Printf("attempt %d from checkpoint %d, status %s\n",
		start.Attempt, start.Checkpoint, w.history.Status)
	// Output:
	// completed: 4
	// attempt 1 from checkpoint 4, status RUNNING
}

// exampleTester is a tester that panics.
type exampleTester struct{}

func (exampleTester) Helper()                           {}
func (exampleTester) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (exampleTester) FailNow()                          { panic("failed") }
