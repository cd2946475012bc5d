#!/bin/sh
# shellcheck disable=SC2119 # drain takes options, of which there are mostly none
# A batch of which only a part is stored: the next drainer sends the rest, and only that,
# with the times that follow on those of the part.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

# ten NAME: ten transfers of one millisecond, in a new spool
ten() {
    SPOOL=$WORK/spool-$1
    spool_faults=fork=EIO
    at_once 10 | spool_run -q
    queue
}

at_once() {
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "{\"ts\":1500000000,\"curl\":{\"time_total\":%d,\"curl_version\":\"x\"}}\n", i
    }'
}

# samples NAME: "VALUE @ TIME" of all that was stored, in the order of the requests
samples() {
    awk '$4 == 204 { print $1 }' "$WORK/$1/log" | while read -r number; do
        remote_write_text 1 "$1" "$number"
    done | grep -v '^{'
}
wanted=$(awk 'BEGIN { for (i = 0; i < 10; i++) printf "  %d @ %.0f\n", i, 1500000000000 + i }')

# --- one half is stored, then it fails ---
serve halves 413 204 503 204
TO=prometheus=${url%/db}
ten halves
drain --retry-max-time 0
is "$status" 75 'one half stored, one not: exit 75'
like "$err" '5 delivered, 5 not delivered yet' 'one half stored, one not: counts'
spool_run --spool-status </dev/null
like "$(cat "$WORK/out")" 'waiting: 5 transfers' 'one half stored, one not: the other waits'
cp "$QUEUE/0.cursor" "$WORK/cursor"
drain
is "$status $err" '0 ' 'one half stored, one not: the next one sends the rest'
is "$(requests halves)" 4 'one half stored, one not: in one request'
is "$(samples halves)" "$wanted" 'one half stored, one not: each once, each at its own time'

# what was saved is the state as of that half: the last time given is that of its end
is "$(sed -n 's/^[0-9a-f]\{16\} //p' "$WORK/cursor")" '1500000000004 1500000000000' \
    'one half stored, one not: the state is that of the half'

# --- the same, killed before the rest was tried: all of it is sent again ---
serve killed 413 204 '204 slow=3' 204
TO=prometheus=${url%/db}
ten killed
FAULT='' "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" --drain 2>"$WORK/err" </dev/null &
pid=$!
wait_for requests_at_least killed 3
kill -KILL "$pid"
wait "$pid" 2>/dev/null
pid=
drain
is "$status $err" '0 ' 'killed between two halves: the next one sends it'
is "$(samples killed | sort -u -k 1n)" "$wanted" 'killed between two halves: each has one time'

# --- SIGTERM while the first half is under way ---
serve stopped 413 '204 slow=1' 204
TO=prometheus=${url%/db}
ten stopped
FAULT='' "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" --drain 2>"$WORK/err" </dev/null &
pid=$!
wait_for requests_at_least stopped 2
kill "$pid"
push_wait
is "$status" 75 'SIGTERM between two halves: exit 75'
like "$err" '5 delivered, 5 not delivered yet' 'SIGTERM between two halves: what is stored counts'
drain
is "$status $err" '0 ' 'SIGTERM between two halves: the next one sends the rest'
is "$(requests stopped)" 3 'SIGTERM between two halves: only that'
is "$(samples stopped)" "$wanted" 'SIGTERM between two halves: each once, each at its own time'

# --- broken lines in both halves are counted with the half that they are in ---
serve broken 413 204 503 204
TO=influxdb=$url
ten broken
awk '{ print } NR == 4 || NR == 16 { print "nothing" }' "$QUEUE"/*.lp >"$WORK/lines"
cat "$WORK/lines" >"$QUEUE/0000000001.lp"
drain --retry-max-time 0
like "$err" '5 delivered, 6 not delivered yet, 1 refused' 'a broken line in each half: the first is counted, the second waits'
drain
is "$status" 65 'a broken line in each half: exit 65'
like "$err" '5 delivered, 1 refused' 'a broken line in each half: then the second'
spool_run --spool-status </dev/null
like "$(cat "$WORK/out")" 'refused so far: 2' 'a broken line in each half: both'
is "$(stored broken)" 10 'a broken line in each half: all others are stored'
tap_done
