#!/bin/sh
# 2,000 short processes with one label and one spool, twenty at a time: all is in
# three databases, Prometheus among them, which wants every series in order; and
# they have been asked once a second at most, and a few times more.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/spool_database.sh
. "$ROOT/tests/lib/spool_database.sh"

many() {
    spool_begin "many$SERVERS_SUITE"
    influxdb_before=$(requests_at influxdb)
    began=$(date +%s)
    writers 1 2000
    is "$(cat "$WORK/failed" "$WORK/said")" '' "$suite: all of 2,000 end with 0, silently"
    # shellcheck disable=SC2119
    drain
    is "$status $err" '0 ' "$suite: what is left is drained"
    most=$((10 + $(date +%s) - began))
    for destination in influxdb victoria prometheus; do
        has_each "$destination" 2000
        ok $? "$suite: $destination has each of 2,000"
        is "$(numbers "$destination" | wc -l)" 2000 "$suite: $destination has them once"
        pushes=$(requests_at "$destination")
        [ "$destination" = influxdb ] && pushes=$((pushes - influxdb_before))
        [ "$pushes" -ge 1 ] && [ "$pushes" -le "$most" ]
        ok $? "$suite: $destination was sent at most $most requests ($pushes)"
    done
    is "$(counts_at "$PROMETHEUS_URL")" 2000 "$suite: every metric has 2,000 samples"
    "$BIN" --spool "$SPOOL" --spool-status >"$WORK/status"
    is $? 0 "$suite: the spool is empty"
}

counts_at() {
    url=$1
    counts '{label="writers"}'
}

each_suite many
tap_done
