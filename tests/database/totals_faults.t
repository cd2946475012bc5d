#!/bin/sh
# Drainers of totals that are killed where it is hardest: before the request, between the
# request and its answer, and between the answer and the cursor, while more transfers come.
# Nothing is counted twice, and nothing is lost.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/totals.sh
. "$ROOT/tests/lib/totals.sh"

BIN_FAULTS=${BIN_FAULTS:-$ROOT/build/faults/tsdb-exporter}
SPOOL=$WORK/spool
export FAULT_LOG="$WORK/hits"

# put: ten more transfers, and no drainer
# shellcheck disable=SC2086 # a list
put() {
    round=$((round + 1))
    totals_py make "$((10 + round))" >"$WORK/in.$round"
    FAULT=fork=EIO "$BIN_FAULTS" --spool "$SPOOL" -l faults -o "$output" $options \
        <"$WORK/in.$round" >/dev/null 2>&1
}

# shellcheck disable=SC2086 # a list
drain() {
    FAULT=$1 "$BIN_FAULTS" --spool "$SPOOL" -o "$output" $options --drain -v </dev/null >"$WORK/err" 2>&1
}

# killed PLACE: a drainer is killed there, and the next one goes on
killed() {
    put
    rm -f "$FAULT_LOG"
    { drain "$1=kill"; } 2>/dev/null
    is "$?|$(cat "$FAULT_LOG")" "137|${1%@*}" "$what: killed at '$1'"
    put
    drain ''
    is "$?|$(grep -v ' sending \| points go to \| delivered$' "$WORK/err")" '0|' \
        "$what: the next one delivers all, without a word"
    equal "$what: killed at '$1'" "$form" faults "$WORK"/in.*
}

is_sending() {
    grep -q ' sending ' "$WORK/killed"
}

# unanswered WHAT: killed when the request is under way
# shellcheck disable=SC2086 # a list
unanswered() {
    put
    kill -STOP "$(cat "$SERVERS_DIR/prometheus/pid")"
    "$BIN_FAULTS" --spool "$SPOOL" -o "$output" $options --drain -v </dev/null >"$WORK/killed" 2>&1 &
    victim=$!
    wait_for is_sending
    kill -KILL "$victim"
    wait "$victim" 2>/dev/null
    kill -CONT "$(cat "$SERVERS_DIR/prometheus/pid")"
    put
    drain ''
    is "$?" 0 "$what: $1: the next one delivers all"
    equal "$what: $1" "$form" faults "$WORK"/in.*
}

# faults WHAT OPTIONS [FLAG...]: a new server and a new spool
faults() {
    what="$suite $1" form=$1 options="--histograms $1 $2"
    shift 2
    fresh prometheus "$@"
    rm -rf "$SPOOL" "$WORK"/in.*
    round=0
    output=prometheus/totals=$url
}

versions() {
    faults classic ''
    unanswered 'the zeros of new series are in doubt'
    unanswered 'samples are in doubt'
    for place in marked answered settled cursor-written@2; do
        killed "$place"
    done
    faults native '--remote-write 2' --enable-feature=native-histograms
    unanswered 'the zeros of new series are in doubt'
    unanswered 'samples are in doubt'
}

each_suite versions
tap_done
