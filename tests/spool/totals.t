#!/bin/sh
# Totals that a drainer sent before it was killed: the next one sends the same samples again,
# whatever its options are, and what the database says of those that it has is no failure.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

BIN_FAULTS=${BIN_FAULTS:-$ROOT/build/faults/tsdb-exporter}
export FAULT_LOG="$WORK/hits"

# killed NAME OPTION...: 12 transfers, a second apart, in one batch that was answered, but its
# drainer was killed
killed() {
    killed_name=$1
    shift
    FAULT=fork=EIO "$BIN_FAULTS" --spool "$WORK/$killed_name.spool" -o "prometheus/totals=$url" \
        <"$WORK/in" >/dev/null 2>&1
    { FAULT=answered=kill "$BIN_FAULTS" --spool "$WORK/$killed_name.spool" \
        -o "prometheus/totals=$url" --drain -i 60s "$@" </dev/null; } >/dev/null 2>&1
    is "$?" 137 "$killed_name: killed"
}

# next NAME OPTION...: the next drainer
next() {
    next_name=$1
    shift
    "$BIN" --spool "$WORK/$next_name.spool" -o "prometheus/totals=$url" --drain "$@" \
        </dev/null >"$WORK/err" 2>&1
    is "$?|$(cat "$WORK/err")" '0|' "$next_name: the next drainer delivers all, without a word"
}

transfers 12 >"$WORK/in"
serve interval 204
killed interval
next interval -i 1s
is "$(requests interval)" 4 'with another --interval the batch ends where it ended'
is "$(cmp "$WORK/interval/00002.body" "$WORK/interval/00004.body")" '' 'and is the same'

serve zeros '4*204' '400 body=out of order sample' 204 '400 body=out of order sample' 204
killed zeros --histograms native
next zeros --histograms native
is "$(requests zeros)" 8 'zeros are refused that are older than what is stored: numbers and histograms'

# sent OPTION...: some transfers, sent by a drainer; how many requests there were so far
sent() {
    FAULT=fork=EIO "$BIN_FAULTS" --spool "$WORK/disabled.spool" -o "prometheus/k6=$url" \
        <"$WORK/in" >/dev/null 2>&1
    "$BIN" --spool "$WORK/disabled.spool" -o "prometheus/k6=$url" --drain -i 60s "$@" \
        </dev/null >/dev/null 2>&1
    requests disabled
}

serve disabled '2*204' '500 body=native histograms are disabled' 204
is "$(sent)" 5 'native histograms are refused: classic ones go'
is "$(sent)" 6 'the next drainer knows that'
is "$(sent --histograms native)" 8 'until somebody asks for native ones'
is "$(sent)" 10 'which are taken'
tap_done
