#!/bin/sh
# The dashboards of examples/grafana: every query of every panel and variable is
# put to a real database with real transfers in it, and what comes back is what
# grafana.py works out from them. TSDB_NEWEST=1: also with Debian's newest.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

# looks WORD...: each thing that grafana.py checks
looks() {
    python3 "$ROOT/tests/lib/grafana.py" "$@" <"$WORK/labelled" >"$WORK/looked" 2>"$WORK/looked.err"
    looks_status=$?
    while IFS='|' read -r good what; do
        ok "$good" "$what"
    done <"$WORK/looked"
    [ "$looks_status" -le 1 ] && [ -s "$WORK/looked" ] && [ ! -s "$WORK/looked.err" ]
    ok $? "grafana.py $1 $(basename "$2"): came to its end"
    sed 's/^/# /' "$WORK/looked.err"
}

# fills OUTPUT: with half of the real transfers for each label, the second of
# which a regular expression would misread
fills() {
    for label in curl-quic 'curl (h2) *'; do
        sed -n "s/^$(echo "$label" | sed 's/[*]/\\*/')	//p" "$WORK/labelled" >"$WORK/in"
        push --layout wide --label "$label" -o "$1"
        is "$status $err" '0 ' "$1: $label is stored"
    done
}

stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" |
    awk '{ print (NR % 2 ? "curl (h2) *" : "curl-quic") "\t" $0 }' >"$WORK/labelled"

for dashboard in influxdb prometheus; do
    looks check "$ROOT/examples/grafana/$dashboard.json"
done

start_influxdb || exit 1
influx_create grafana
fills "influxdb=$INFLUXDB_URL/grafana"
looks ask "$ROOT/examples/grafana/influxdb.json" "$INFLUXDB_URL" InfluxDB

prometheus_like() {
    for server in prometheus victoria_metrics; do
        fresh "$server"
        fills "prometheus=$url"
        settle
        looks ask "$ROOT/examples/grafana/prometheus.json" "$url" "$server ($suite)"
    done
}
each_suite prometheus_like
tap_done
