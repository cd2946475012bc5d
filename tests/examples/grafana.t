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

# fills FILE OPTION...: with half of the real transfers of the file for each label, the
# second of which a regular expression would misread
fills() {
    fills_from=$1
    shift
    for label in curl-quic 'curl (h2) *'; do
        sed -n "s/^$(echo "$label" | sed 's/[*]/\\*/')	//p" "$fills_from" >"$WORK/in"
        push --label "$label" "$@"
        is "$status $err" '0 ' "$*: $label is stored"
    done
}

stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" |
    awk '{ print (NR % 2 ? "curl (h2) *" : "curl-quic") "\t" $0 }' >"$WORK/labelled"
python3 "$ROOT/tests/lib/grafana.py" cycles <"$WORK/labelled" >"$WORK/cycles"

for dashboard in influxdb prometheus; do
    looks check "$ROOT/examples/grafana/$dashboard.json"
done

start_influxdb || exit 1
influx_create grafana
fills "$WORK/labelled" --layout wide -o "influxdb=$INFLUXDB_URL/grafana"
looks ask "$ROOT/examples/grafana/influxdb.json" "$INFLUXDB_URL" InfluxDB

# totals FORM SERVER [FLAG...]
totals() {
    form=$1
    shift
    fresh "$@"
    fills "$WORK/cycles" --histograms "${form%-*}" -o "prometheus/totals=$url"
    settle
    looks ask "$ROOT/examples/grafana/prometheus.json" "$url" "$1, $form ($suite)" "$form"
}

prometheus_like() {
    totals classic prometheus
    totals native prometheus --enable-feature=native-histograms
    totals classic victoria_metrics
    # Debian's 1.79 drops native histograms
    [ -z "$SERVERS_SUITE" ] || totals native-vmrange victoria_metrics
}
each_suite prometheus_like
tap_done
