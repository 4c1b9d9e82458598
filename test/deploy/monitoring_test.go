package deploy

import (
	"encoding/json"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	core "k8s.io/api/core/v1"
)

const (
	alertsFile    = "../../deploy/prometheus/alerts.yaml"
	dashboardFile = "../../deploy/grafana/meet.json"
)

// exported is what the server and the libraries in it tell, without the
// suffixes of histograms.
var exported = map[string][]string{
	"meet_build_info": {"version", "commit"}, "meet_http_requests_total": {"method", "route", "status"},
	"meet_http_request_duration_seconds": {"method", "route"}, "meet_http_requests_in_flight": nil,
	"meet_sign_ins_total": {"outcome"}, "meet_tokens_minted_total": nil, "meet_lobby_knocks_total": {"status"},
	"meet_lobby_decisions_total": {"status"}, "meet_lobby_wait_seconds": nil, "meet_webhook_events_total": {"outcome"},
	"meet_webhook_lag_seconds": nil, "meet_livekit_call_duration_seconds": {"call", "outcome"},
	"meet_analytics_dropped_total": nil, "meet_outbox_letters": nil, "meet_inbox_events": nil,
	"go_sql_open_connections": {"db_name"}, "go_sql_in_use_connections": {"db_name"}, "go_sql_max_open_connections": {"db_name"},
	"go_sql_wait_duration_seconds_total": {"db_name"}, "go_sql_wait_count_total": {"db_name"},
	"process_start_time_seconds": nil, "process_cpu_seconds_total": nil, "process_resident_memory_bytes": nil, "process_open_fds": nil,
	"go_memstats_heap_inuse_bytes": nil, "go_goroutines": nil, "go_gc_duration_seconds": nil, "up": nil,
}

// check parses an expression and looks up its metrics and labels.
func check(t *testing.T, where, expression string) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expression)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	suffix := regexp.MustCompile(`_seconds_(bucket|sum|count)$`)
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if selector, ok := node.(*parser.VectorSelector); ok {
			name := suffix.ReplaceAllString(selector.Name, "_seconds")
			labels, known := exported[name]
			if !known {
				t.Errorf("%s asks for %s, which nothing exports", where, selector.Name)
			}
			for _, matcher := range selector.LabelMatchers {
				if !slices.Contains(append(labels, "__name__", "job", "instance"), matcher.Name) {
					t.Errorf("%s: %s has no label %s", where, selector.Name, matcher.Name)
				}
			}
		}
		return nil
	})
	for _, name := range regexp.MustCompile(`\b(?:meet|go_sql|process|go)_[a-z_]+`).FindAllString(expression, -1) {
		if _, known := exported[suffix.ReplaceAllString(name, "_seconds")]; !known {
			t.Errorf("%s: %s looks like a metric", where, name)
		}
	}
}

func TestAlertsAskForWhatIsExportedAndSayWhatToDo(t *testing.T) {
	groups, problems := rulefmt.Parse([]byte(read(t, alertsFile)), false, model.LegacyValidation, parser.NewParser(parser.Options{}), slog.Default())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	seen := map[string]bool{}
	for _, rule := range groups.Groups[0].Rules {
		check(t, rule.Alert, rule.Expr)
		if seen[rule.Alert] || !slices.Contains([]string{"critical", "warning", "info"}, rule.Labels["severity"]) {
			t.Errorf("%s: twice, or severity %q", rule.Alert, rule.Labels["severity"])
		}
		if rule.Annotations["summary"] == "" || len(rule.Annotations["description"]) < 60 {
			t.Errorf("%s does not say what to do", rule.Alert)
		}
		seen[rule.Alert] = true
	}
	if len(seen) < 11 {
		t.Errorf("%d alerts", len(seen))
	}
}

func TestTheDashboardAsksForWhatIsExported(t *testing.T) {
	text := read(t, dashboardFile)
	var dashboard struct {
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
		Annotations struct{ List []struct{ Expr string } }
	}
	if err := json.Unmarshal([]byte(text), &dashboard); err != nil {
		t.Fatal(err)
	}
	grafana := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*")
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] || panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("%s: its number is taken, or it is empty", panel.Title)
		}
		ids[panel.ID] = true
		for x := range panel.GridPos.W {
			for y := range panel.GridPos.H {
				at := [2]int{panel.GridPos.X + x, panel.GridPos.Y + y}
				if other, is := taken[at]; is || at[0] >= 24 {
					t.Fatalf("%s lies on %q at %v", panel.Title, other, at)
				}
				taken[at] = panel.Title
			}
		}
		for _, target := range panel.Targets {
			check(t, panel.Title, grafana.Replace(target.Expr))
		}
	}
	for _, annotation := range dashboard.Annotations.List {
		check(t, "annotation", grafana.Replace(annotation.Expr))
	}
	for name := range exported {
		if strings.HasPrefix(name, "meet_") && !strings.Contains(text, name) {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func TestTheChartBringsAlertsAndDashboardUnchanged(t *testing.T) {
	objects, _ := render(t, full(t))
	rule := find[*monitoring.PrometheusRule](t, objects, "meet")
	groups, _ := rulefmt.Parse([]byte(read(t, alertsFile)), false, model.LegacyValidation, parser.NewParser(parser.Options{}), slog.Default())
	for i, want := range groups.Groups[0].Rules {
		got := rule.Spec.Groups[0].Rules[i]
		if got.Alert != want.Alert || got.Expr.String() != want.Expr || got.Annotations["summary"] != want.Annotations["summary"] {
			t.Errorf("%s differs", want.Alert)
		}
	}
	if got := find[*core.ConfigMap](t, objects, "meet-dashboard").Data["meet.json"]; got != read(t, dashboardFile) {
		t.Error("the dashboard differs")
	}
}
