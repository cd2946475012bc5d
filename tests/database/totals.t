#!/bin/sh
# The same transfers as one stream, as one-shots through a spool, 20 at a time, and as
# one-shots whose drainers are killed again and again while the database is restarted: each
# time the database has equal counts and equal buckets, those of a program of its own.
# TSDB_TOTALS_COUNT: how many transfers, 100 if it is not set.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/spool_database.sh
. "$ROOT/tests/lib/spool_database.sh"
# shellcheck source=tests/lib/totals.sh
. "$ROOT/tests/lib/totals.sh"

count=${TSDB_TOTALS_COUNT:-100}
kills_wanted=$((count / 250 + 4))
totals_py make "$count" >"$WORK/in"

# one_shots LABEL FILE: a process for each of its lines
# shellcheck disable=SC2016 # expanded by the inner sh
one_shots() {
    export LABEL="$1"
    xargs -d '\n' -P 20 -I {} sh -c 'printf "%s" "$1" | "$BIN" --spool "$SPOOL" --label "$LABEL" \
        -o "prometheus/totals=$url" --histograms "$FORM" || echo "$?" >>"$WORK/failed"' one {} \
        <"$2" 2>>"$WORK/said"
}

# Kills each process that drains, in the background or not, a moment after it has come, until
# the file is gone.
kill_drainers() {
    while [ -e "$WORK/go" ]; do
        sleep "0.0$(od -An -N2 -tu2 /dev/urandom | awk '{ print $1 % 10 }')"
        for victim in $(drainers); do
            kill -KILL "$victim" && echo "$victim"
        done >>"$WORK/kills" 2>/dev/null
    done
}

# totals WHAT FORM SERVER [FLAG...]
totals() {
    what=$1 form=$2
    shift 2
    fresh "$@"
    rm -rf "$SPOOL"
    : >"$WORK/failed"
    : >"$WORK/said"
    : >"$WORK/kills"
    FORM=$form
    [ "$form" != vmrange ] || FORM=native
    export WORK FORM url

    "$BIN" --label stream -o "prometheus/totals=$url" --histograms "$FORM" <"$WORK/in" 2>"$WORK/err"
    is "$?|$(cat "$WORK/err")" '0|' "$what: a stream is delivered, without a word"
    equal "$what, a stream" "$form" stream "$WORK/in"

    one_shots spool "$WORK/in"
    wait_for is_empty
    equal "$what, one-shots" "$form" spool "$WORK/in"

    : >"$WORK/go"
    export TSDB_EXPORTER_INTERVAL=50ms
    kill_drainers &
    killer=$!
    split -n l/2 "$WORK/in" "$WORK/half."
    one_shots killed "$WORK/half.aa"
    server=$1
    shift
    stop_server "$server"
    one_shots killed "$WORK/half.ab"
    "start_$server" "$@" || exit 1
    until is_empty && [ "$(wc -l <"$WORK/kills")" -ge "$kills_wanted" ]; do
        "$BIN" --spool "$SPOOL" -o "prometheus/totals=$url" --histograms "$FORM" --drain \
            </dev/null >>"$WORK/said" 2>&1
    done 2>/dev/null # the shell's word on who was killed
    rm "$WORK/go"
    wait "$killer"
    unset TSDB_EXPORTER_INTERVAL
    equal "$what, $(wc -l <"$WORK/kills") times killed" "$form" killed "$WORK/in"
    is "$(cat "$WORK/failed")" '' "$what: each writer has ended with 0"
}

versions() {
    totals "$suite Prometheus" classic prometheus
    totals "$suite Prometheus, native" native prometheus --enable-feature=native-histograms
    totals "$suite VictoriaMetrics" classic victoria_metrics
}

each_suite versions
tap_done
