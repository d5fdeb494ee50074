// Package faults carries out a plan of faults against a system under test.
//
//	plan.Plan ──Inject──▶ World.At (virtual time)      ─┐
//	                      Target.OnStep (protocol step) ─┴─▶ Target.Apply … Target.Revert
//	                                │                          │
//	                                └── FaultInjected …────────┴── FaultHealed (events)
//
// The system under test is behind Target, a small interface that the runtime satisfies: it
// knows roles and how to hurt them; this package knows when. A fault that never fired (its
// step was never reached, the run was over first) is reported by Injection.NotFired, never
// dropped silently.
//
// What may be injected. The system under test must be able to survive any plan, so that
// any stall is a bug. Durable storage keeps what it acknowledged; storage and external
// systems that crash come back; a link heals or the processes behind it restart. A plan
// that takes away what a job cannot do without (every job manager, for ever) is one whose
// scenario expects a failed job.
//
// Duties of the caller: Inject is called before the run's first event, once per run.
package faults
