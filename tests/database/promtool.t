#!/bin/sh
# What Prometheus's own tool thinks of the names. It reads what a server exposes,
# so that is made of what was sent: names, help and a value.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

promtool=$("$ROOT/tests/lib/fetch.sh" promtool) || exit 1

# exposed FILE TYPE: a golden body of remote write 2.0 as text exposition
exposed() {
    awk -v type="$2" '
        /^\{/ { match($0, /__name__="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) }
        /^  gauge/ && !seen[name]++ {
            help = $0
            sub(/^[^:]*: /, "", help)
            printf "# HELP %s %s\n# TYPE %s %s\n%s{label=\"x\"} 1\n", name, help, name, type, name
        }' "$1"
}

for layout in metric wide; do
    exposed "$ROOT/tests/delivery/golden/${layout}_2" untyped >"$WORK/exposed"
    is "$(grep -c '^# HELP' "$WORK/exposed")" "$(grep -o '__name__="[^"]*"' \
        "$ROOT/tests/delivery/golden/${layout}_2" | sort -u | wc -l)" "$layout: every metric has a help text"
    out=$("$promtool" check metrics <"$WORK/exposed" 2>&1)
    is "$? $out" '0 ' "$layout: promtool has nothing to say"
    # As a gauge, time_total has a name that Prometheus keeps for counters. It is
    # curl's name, and the old script's, which dashboards ask for; so it stays.
    exposed "$ROOT/tests/delivery/golden/${layout}_2" gauge >"$WORK/exposed"
    out=$("$promtool" check metrics <"$WORK/exposed" 2>&1)
    is "$(printf '%s\n' "$out" | cut -d ' ' -f 1)" "$(sed -n 's/^\([a-z_]*time_total\){.*/\1/p' "$WORK/exposed")" \
        "$layout: as gauges, of time_total alone"
    printf '%s\n' "$out" | sed 's/^/# /'
done

# Totals have types of their own, and names as promtool wants them.
for layout in totals k6; do
    "$ROOT/${BUILD:-build}/exposition" "$layout" >"$WORK/exposed" || exit 1
    like "$(grep -c '^# TYPE' "$WORK/exposed")" '^[1-9]' "$layout: there are metrics"
    out=$("$promtool" check metrics <"$WORK/exposed" 2>&1)
    is "$? $out" '0 ' "$layout: promtool has nothing to say"
done
tap_done
