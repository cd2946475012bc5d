#!/bin/sh
# The same for VictoriaMetrics, through both of its endpoints. It keeps numbers
# only, and milliseconds.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" >"$WORK/in"

# stores LAYOUT PATH LABELS: into an empty database
stores() {
    # shellcheck disable=SC2119 # it takes flags, of which there are none
    start_victoria_metrics || exit 1
    push --label 'real curl' --layout "$1" -o "influxdb=$VICTORIA_URL$2"
    is "$status $err" '0 ' "$2, $1: stored without a word"
    matches "$2, $1: every value, to the last digit" victoria "$VICTORIA_URL" "$3" "$1" 'real curl' \
        <"$WORK/in"
    stop_server victoria_metrics KILL
    rm -rf "$SERVERS_DIR/victoria_metrics/data"
}
stores metric '/write?db=metrics' db=metrics
stores metric /metrics db=metrics
stores wide /metrics db=metrics
stores metric '/api/v2/write?org=o&bucket=b' ''
stores wide '/api/v2/write?org=o&bucket=b' ''
tap_done
