package handmade_test

import (
	"testing"

	"handmade"

	"simrun/protocol"
	"simrun/protocol/protocoltest"
	"simrun/scenarios"
)

func TestHandmadeConforms(t *testing.T) {
	protocoltest.Run(t, handmade.New, protocoltest.Spec{Protocol: protocol.Aligned})
}

func TestHandmadeSurvivesFaults(t *testing.T) {
	orders, err := scenarios.Load("orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	scenarios.Check(t, orders.WithMachine(handmade.New))
}
