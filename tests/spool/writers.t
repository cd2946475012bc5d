#!/bin/sh
# A writer that is killed, at each place that has a name and before each of its
# system calls: what others have put is kept, and the next one goes on.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

CUT='removed [0-9]+ bytes of an unfinished line'

serve db 204
echo "$url" >"$WORK/db/url"
TO=influxdb=$url

# --- one that is stopped, with the lock ---
# Nobody waits for it for ever. It takes its time, so it is looked at in the end.
SPOOL=$WORK/stopped
object >"$WORK/object"
FAULT=locked=stop FAULT_LOG="$WORK/stopped-hits" "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" \
    -l id=stopped <"$WORK/object" >"$WORK/stopped-err" 2>&1 &
stopped=$!
wait_for grep -q locked "$WORK/stopped-hits"
ok $? 'one is stopped while it has the lock'
"$BIN" --spool "$SPOOL" --fields time_total -o "$TO" -l id=waits <"$WORK/object" 2>"$WORK/waits-err" &
waits=$!

# --- at each place that has a name ---
# In one queue, one behind the other, and each time in a new one.
for place in destinations=kill replace=kill directory=kill open=kill lock=kill locked=kill head-read=kill \
    segment=kill cut=kill head-write=kill timed=kill write=kill written=kill drainer-lock=kill \
    fork=kill; do
    for SPOOL in "$WORK/spool" "$WORK/new-$place"; do
        case $place-${SPOOL#"$WORK/"} in
        destinations=kill-spool | replace=kill-spool) continue ;; # only when a queue is made
        esac
        id=${place%=*}-$(basename "${SPOOL%%-*}")
        with "$place" put "$id"
        is "$status" 137 "$place: killed"
        case $id in written-* | drainer-lock-* | fork-*) echo "$id" >>"$WORK/promises" ;; esac
        put "after-$id"
        is "$status" 0 "$place: the next one is taken"
        unlike "$err" "$CUT" "$place: nothing was torn"
    done
    drain
    is "$status $err" '0 ' "$place: what is there is delivered"
done
SPOOL=$WORK/spool
drain
is "$status $err" '0 ' 'the queue that they all had: delivered'
promised db 'killed'

# --- in the middle of a line ---
for SPOOL in "$WORK/spool" "$WORK/torn"; do
    id=$(basename "$SPOOL")
    put "whole-$id"
    with write-half=short,write-rest=kill put broken
    is "$status" 137 'killed within a line'
    drain
    is "$status $err" '0 ' 'a torn line at the end: what is before it is delivered, and that is all'
    spool_run --spool-status </dev/null
    is "$status" 0 'a torn line is not waited for'
    put "behind-$id"
    is "$status" 0 'a torn line: the next one is taken'
    like "$err" "$SPOOL: $CUT: the process that wrote it was killed or the disk was full\$" 'a torn line: said'
    put "then-$id"
    unlike "$err" "$CUT" 'a torn line: said once'
    drain
    is "$status $err" '0 ' 'a torn line: the rest is delivered'
done
promised db 'a torn line'
is "$(grep -c broken "$WORK/lines")" 0 'a torn line: nothing of it is stored'

# What a drainer has read of a torn line while it was there must not become the
# beginning of the line that another one writes in its place.
transfers 10 >"$WORK/in"
serve slow 204 '204 slow=2' 204
TO=influxdb=$url
put_bulk -q
with write-half=short,write-rest=kill put broken -l place=a-long-one
drain -b 5 &
draining=$!
wait_for requests_at_least slow 2
put beside
like "$err" "$CUT" 'a torn line while a drainer is at work: cut off'
wait "$draining"
promised slow 'a torn line while a drainer is at work'
is "$(stored slow)" 11 'a torn line while a drainer is at work: and nothing else'

# --- where a new file begins ---
TO=influxdb=$(cat "$WORK/db/url")
for place in rotated=kill segment@2=kill; do
    SPOOL=$WORK/rotate-${place%=*}
    transfers 13000 >"$WORK/in"
    put_bulk -q
    is "$status $(find "$SPOOL" -name "*.lp" | wc -l)" '0 1' 'a file that is as long as it gets'
    with "$place" put "${place%%[@=]*}"
    is "$status" 137 "$place: killed"
    put "after-${place%%[@=]*}"
    is "$status" 0 "$place: the next one is taken"
    drain
    is "$status $err" '0 ' "$place: delivered"
done

# --- before each system call ---
SPOOL=$WORK/sweep
step=1
if ldd "$BIN_FAULTS" | grep -q libasan; then
    step=7 # it makes many more of them, and its search for leaks cannot be traced
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
fi
sweep() {
    at=$1 last=
    while [ "${last:-137}" = 137 ]; do
        [ "$2" = one ] || SPOOL=$WORK/sweep-$at
        object >"$WORK/object"
        FAULT=fork=EIO python3 -ES "$ROOT/tests/lib/kill_at.py" "$at" "$BIN_FAULTS" --spool "$SPOOL" \
            --fields time_total -o "$TO" -l "id=$2-$at" <"$WORK/object" 2>/dev/null
        last=$?
        put "behind-$2-$at"
        [ "$status" -eq 0 ] || echo "# $2, call $at: the next one ended with $status: $err"
        [ "$status" -eq 0 ] || return 1
        at=$((at + step))
    done
    echo "# up to system call $at"
    [ "$last" -eq 0 ] && echo "$2-$((at - step))" >>"$WORK/promises"
}

first=$(FAULT=fork=EIO python3 -ES "$ROOT/tests/lib/kill_at.py" "first=$WORK/first" "$BIN_FAULTS" \
    --spool "$WORK/first" -o "$TO" </dev/null 2>/dev/null)
at_least "$first" 10 'the call that makes the spool is known'
sweep "$((first - 1))" new
ok $? 'killed before each system call, the first in its queue: the next one is taken'
for SPOOL in "$WORK"/sweep-*; do
    drain
    [ "$status" -eq 0 ] || ok 1 "what is in $SPOOL is delivered"
done
SPOOL=$WORK/sweep
sweep "$((first - 1))" one
ok $? 'killed before each system call, one behind the other: the next one is taken'
drain
is "$status $err" '0 ' 'killed before each system call: delivered'
promised db 'killed before each system call'

SPOOL=$WORK/stopped
status=0
wait "$waits" || status=$?
is "$status" 73 'one is stopped while it has the lock: the next one gives up'
like "$(cat "$WORK/waits-err")" 'another process has held its lock for 10 s' 'and says why'
kill -KILL "$stopped"
wait "$stopped" 2>/dev/null
put freed
is "$status" 0 'it is gone: the next one is taken'
drain
promised db 'stopped'
tap_done
