package rpc_test

import (
	"fmt"

	"simrun/runtime/rpc"
)

// The objects of a checkpoint are named by attempt too: a task of an attempt that is over
// writes elsewhere than its successor.
func Example() {
	zombie := rpc.StateKey(7, 2, 0)
	successor := rpc.StateKey(7, 2, 1)
	fmt.Println("the zombie overwrites its successor:", zombie == successor)
	fmt.Println("state and in-flight data are one object:", rpc.StateKey(7, 2, 1) == rpc.ChannelsKey(7, 2, 1))
	// Output:
	// the zombie overwrites its successor: false
	// state and in-flight data are one object: false
}
