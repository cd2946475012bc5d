#!/bin/sh
# The databases down for the first half of 2,000 short processes, then started,
# killed and started again: all is there, once.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/spool_database.sh
. "$ROOT/tests/lib/spool_database.sh"

# A drainer gives up after a second, and rests.
export TSDB_EXPORTER_RETRY_MAX_TIME=1

has_some() {
    [ "$(numbers "$1" | wc -l)" -ge 100 ]
}

has_1500() {
    numbers victoria | grep -qx 1500
}

outage() {
    spool_begin "outage$SERVERS_SUITE"
    for server in influxdb victoria_metrics prometheus; do
        stop_server "$server" KILL
    done
    writers 1 1000
    is "$(cat "$WORK/failed" "$WORK/said")" '' "$suite: nobody minds that the databases are down"
    # shellcheck disable=SC2119
    drain
    is "$status" 75 "$suite: nothing can be drained yet"
    like "$err" '1000 not delivered yet' "$suite: all waits"
    "$BIN" --spool "$SPOOL" --spool-status >"$WORK/status"
    is $? 75 "$suite: the status says so"
    is "$(grep -c 'waiting: 1000 transfers' "$WORK/status")" 3 "$suite: for all three"

    # In small requests, so that the kill comes between or amid them.
    spool_servers
    drain -b 10 &
    wait_for has_some influxdb
    ok $? "$suite: the first of it arrives"
    for server in influxdb prometheus; do
        stop_server "$server" KILL
    done
    writers 1001 1500
    wait $!
    # VictoriaMetrics brings to its disk what it has had for 5 s, by its manual; what is
    # younger it loses by itself when it is killed.
    wait_for has_1500
    ok $? "$suite: VictoriaMetrics has the first 1,500"
    sleep 10
    stop_server victoria_metrics KILL
    writers 1501 1750
    spool_servers
    writers 1751 2000
    is "$(cat "$WORK/failed" "$WORK/said")" '' "$suite: all of 2,000 have ended with 0, silently"
    # shellcheck disable=SC2119
    drain
    is "$status $err" '0 ' "$suite: what is left is drained"
    for destination in influxdb victoria prometheus; do
        has_each "$destination" 2000
        ok $? "$suite: $destination has each of 2,000"
    done
    for destination in influxdb prometheus; do
        is "$(numbers "$destination" | wc -l)" 2000 "$suite: $destination has them once"
    done
    "$BIN" --spool "$SPOOL" --spool-status >"$WORK/status"
    is $? 0 "$suite: the spool is empty"
}

each_suite outage
tap_done
