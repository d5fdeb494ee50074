package minimize

import (
	"slices"
	"strconv"

	"simrun/faults/plan"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
)

// shrinkCluster takes machines away: task managers, nodes, slots, standby job managers.
// Where a fault is permanent and the job stands still or gave up, they stay: fewer could
// be too few for anybody, and the job would be right to stop.
func (s *search) shrinkCluster() {
	if s.want.verdict != result.Violation && slices.ContainsFunc(s.best.Faults, permanent) {
		return
	}
	widest := 1
	for i := range s.best.Job.Graph {
		widest = max(widest, s.best.Job.Graph[i].Parallelism)
	}
	s.fewer("task-managers", s.best.Cluster.TaskManagers, func(cluster *document.Node, count int) {
		slots := (widest + count - 1) / count
		set(cluster, "slots", strconv.Itoa(max(slots, s.best.Cluster.Slots)))
		set(cluster, "nodes", strconv.Itoa(min(count, s.best.Cluster.Nodes)))
	})
	s.fewer("nodes", s.best.Cluster.Nodes, func(*document.Node, int) {})
	s.fewer("slots", s.best.Cluster.Slots, func(*document.Node, int) {})
	s.fewer("job-managers", s.best.Cluster.JobManagers, func(*document.Node, int) {})
}

func permanent(f plan.Fault) bool { return f.Permanent() }

// rolesOf are the names that faults strike, by what the cluster has a number of.
var rolesOf = map[string][]string{
	"task-managers": {"task-manager-", "node-"}, "nodes": {"node-"},
	"job-managers": {"job-manager-", "node-job-manager-"},
}

// fewer looks for the smallest number of something in the cluster.
func (s *search) fewer(key string, now int, adjust func(cluster *document.Node, count int)) {
	for count := 1; count < now; count++ {
		what := key + " " + strconv.Itoa(now) + " → " + strconv.Itoa(count)
		if s.edit(what, func(root *document.Node) {
			cluster := section(root, "cluster")
			set(cluster, key, strconv.Itoa(count))
			adjust(cluster, count)
			for _, prefix := range rolesOf[key] {
				renameRoles(root, among(prefix, count))
			}
		}) {
			return
		}
	}
}
