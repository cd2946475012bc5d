#!/bin/sh
# Drainers killed at random, in the background while 20 processes at a time put
# into the spool, and in the foreground while they empty it: all 2,000 transfers
# are there, once where a database takes a point that is sent again as the same.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/spool_database.sh
. "$ROOT/tests/lib/spool_database.sh"

# Small requests, so that there are many to be killed in.
export TSDB_EXPORTER_BATCH=10 TSDB_EXPORTER_INTERVAL=20ms

# kill_drainers FILE: kills all that there are, again and again, at random
# intervals below 0.2 s, until FILE is gone; a line in $WORK/kills for each.
kill_drainers() {
    while [ -e "$1" ]; do
        sleep "0.$(od -An -N2 -tu2 /dev/urandom | awk '{ printf "%03d", $1 % 200 }')"
        for victim in $(drainers); do
            kill -KILL "$victim" && echo "$victim"
        done >>"$WORK/kills" 2>/dev/null
    done
}

killed() {
    spool_begin "killed$SERVERS_SUITE"
    : >"$WORK/kills"
    : >"$WORK/go"
    kill_drainers "$WORK/go" &
    killer=$!
    for from in 1 201 401 601 801; do
        writers "$from" $((from + 199))
        sleep 0.5
    done
    # those that are killed in the foreground have a thousand to send
    background=$(wc -l <"$WORK/kills")
    writers 1001 2000
    until [ "$(wc -l <"$WORK/kills")" -ge $((background + 20)) ]; do
        # shellcheck disable=SC2119
        drain
        [ "$status" -ne 0 ] || break
    done
    rm "$WORK/go"
    wait "$killer"
    kills=$(wc -l <"$WORK/kills")
    [ "$kills" -ge 20 ]
    ok $? "$suite: at least 20 drainers were killed ($kills)"
    is "$(cat "$WORK/failed" "$WORK/said")" '' "$suite: all of 2,000 have ended with 0, silently"
    # shellcheck disable=SC2119
    drain
    # What was under way when its drainer was killed is sent again, and Prometheus then
    # says "out of order" of what it has: 65, "possibly incomplete".
    case $status in 0) ;; 65) grep -q 'possibly incomplete' "$WORK/err" ;; *) false ;; esac
    ok $? "$suite: what is left is drained"
    unlike "$err" 'refused|lost|broken|not delivered yet' "$suite: and nothing is lost"
    for destination in influxdb victoria prometheus; do
        has_each "$destination" 2000
        ok $? "$suite: $destination has each of 2,000"
    done
    for destination in influxdb prometheus; do
        is "$(numbers "$destination" | wc -l)" 2000 "$suite: $destination has them once"
    done
    # nothing but the same point again: two times for one number would be two lines
    is "$(victoria_export '{__name__="time_total_value"}' '__value__,__timestamp__:unix_ms' |
        grep '^[0-9]' | sort -u | wc -l)" 2000 "$suite: victoria has them at one time each"
    "$BIN" --spool "$SPOOL" --spool-status >"$WORK/status"
    is $? 0 "$suite: the spool is empty"
}

each_suite killed
tap_done
