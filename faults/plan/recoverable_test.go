package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/plan"
	"simrun/protocol"
)

func cluster() plan.Cluster {
	return plan.Cluster{
		TaskManagers: 3, JobManagers: 2, SlotsEach: 2, SlotsNeeded: 4, Restarts: 10,
		TransactionTimeoutNanos: 900 * second, HeartbeatTimeoutNanos: 50 * second,
		RecordSurvives: true, StateSurvives: true,
	}
}

func TestPlansThatLeaveWhatIsNeededAreRecoverable(t *testing.T) {
	for _, text := range []string{
		"",
		"crash task-manager-1 at 1 s restart-after never",
		"crash job-manager-0 at 1 s restart-after never\ncrash job-manager-1 at 3 s restart-after 5 s",
		"crash storage at 4 s restart-after 2 s\ncrash db at 5 s restart-after 1 s",
		"isolate node-1 from 1 s to 6 s\npause node-0 from 2 s to 3 s",
		"delay node-0 node-1 by 50 ms from 1 s\nduplicate any by 1 s from 0 s\nslow db factor 5 from 2 s",
		"lose any every 3 from 1 s to 4 s\nlose trigger count 2 from 1 s",
		"unsync storage by 2 s from 1 s to 9 s",
		"crash storage at 500 ms restart-after 1 s\nunsync storage by 2 s from 1 s to 3 s\n" +
			"crash storage at 5001 ms restart-after 1 s",
		"throw counts in timer\nexpire db at 4 s\nfence db[1] at 5 s",
		"clock node-1 by -30 s from 1 s\nburst events factor 10 from 2 s to 3 s",
	} {
		p, err := plan.ParsePlan(text)
		require.NoError(t, err)
		require.NoError(t, plan.Recoverable(p, cluster()), text)
	}
}

func TestWhatTakesAwayTheNeededIsRefusedWithItsReason(t *testing.T) {
	for text, reason := range map[string]string{
		"crash db at 1 s restart-after never":                                                                                 "fault 0: db does not come back",
		"pause a from 1 s to 2 s\ncrash storage at 1 s restart-after never":                                                   "fault 1: storage does not come back",
		"crash task-manager-0 at 1 s restart-after never\ncrash task-manager-1 at 2 s restart-after never":                    "2 slots are left of 4",
		"crash job-manager-0 at 1 s restart-after never\ncrash job-manager-1 at 2 s restart-after never":                      "no job manager is left",
		"crash here-process step snapshot-done ordinal 1 restart-after never\ncrash job-manager-1 at 2 s restart-after never": "no job manager is left",
		"stall db from 1 s":                                              "fault 0: db stands still for ever",
		"partition a b from 1 s":                                         "the way is never back",
		"isolate node-1 from 1 s":                                        "the way is never back",
		"slow storage factor 11 from 1 s":                                "so slow for ever",
		"throttle a b bandwidth 1000 kb/s from 1 s":                      "so narrow for ever",
		"lose acknowledge from 1 s":                                      "all of it fails for ever",
		"fail storage from 1 s":                                          "all of it fails for ever",
		"corrupt storage from 1 s":                                       "all of it fails for ever",
		"throw counts in open times always":                              "throws in every attempt",
		"poison counts source events offset 3":                           "throws in every attempt",
		"corrupt storage count 11 from 1 s":                              "11 attempts may fail, and the job gives up after 10",
		"partition a b from 1 s to 12 s":                                 "12 attempts may fail",
		"expire db transactions prepared at 4 s":                         "its output is lost",
		"unsync storage by 2 s from 1 s to 3 s\ncrash storage at 5 s":    "may lose a completed checkpoint",
		"unsync storage by 2 s from 1 s\ncrash storage at 20 s":          "may lose a completed checkpoint",
		"unsync storage by 2 s from 1 s to 3 s\ncrash storage step lead": "may lose a completed checkpoint",
		"pause db from 1 s to 900 s":                                     "outages of 899 s may outlast transactions, which external systems give up after 15 min",
		"clock db by 20 min from 1 s":                                    "may outlast transactions",
	} {
		p, err := plan.ParsePlan(text)
		require.NoError(t, err, text)
		c := cluster()
		if p[0].Kind == protocol.FaultPause && p[0].LastsNanos > 100*second {
			c.Restarts = -1
		}
		err = plan.Recoverable(p, c)
		require.ErrorContains(t, err, reason, text)
		var unrecoverable *plan.UnrecoverableError
		require.ErrorAs(t, err, &unrecoverable)
	}
}

func TestUnsafeSettingsMakeACrashOfTheJobManagerUnrecoverable(t *testing.T) {
	p, err := plan.ParsePlan("crash job-manager-0 at 1 s restart-after 1 s")
	require.NoError(t, err)
	c := cluster()
	require.NoError(t, plan.Recoverable(p, c))
	c.StateSurvives = false
	require.ErrorContains(t, plan.Recoverable(p, c), "checkpoints die")
	c.RecordSurvives = false
	require.ErrorContains(t, plan.Recoverable(p, c), "record dies")
}

// Shrinking a plan must not make it unrecoverable.
func TestEveryPartOfARecoverablePlanIsRecoverable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Plan(rapid.SliceOfN(rapid.Custom(anyFault), 0, 4).Draw(t, "plan"))
		c := cluster()
		c.Restarts = -1
		if plan.Recoverable(p, c) != nil || len(p) == 0 {
			return
		}
		without := rapid.IntRange(0, len(p)-1).Draw(t, "without")
		rest := append(append(plan.Plan(nil), p[:without]...), p[without+1:]...)
		require.NoError(t, plan.Recoverable(rest, c), rest.String())
	})
}
