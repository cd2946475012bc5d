#!/bin/sh
# Little memory, few descriptors: the program says what it could not do, counts
# it, and ends with the code for it; it never crashes, hangs or claims too much.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# honest WHAT: after a push to server db
honest() {
    case $status in
    0 | 64 | 69 | 127) ok 0 "$1: exit code" ;;
    *) is "$status" '0, 64, 69 or 127' "$1: exit code" ;;
    esac
    delivered=$(printf '%s\n' "$err" | sed -n 's/.* read, \([0-9]*\) delivered.*/\1/p')
    is "${delivered:-0}" "$(stored db)" "$1: what it calls delivered is stored (exit $status)"
    if [ "$status" -eq 69 ] && [ -n "$delivered" ]; then
        adds_up "$1: the counts add up"
    fi
}

# limited NAME VALUE: pushes under that limit
limited() {
    rm -f "$WORK/db/stored"
    status=0
    (
        # shellcheck disable=SC3045 # where there is no such limit, the test is skipped
        ulimit "$1" "$2" &&
            exec timeout -s KILL 30 "$BIN" --fields time_total -v --retry-max-time 0 --gzip -o "influxdb=$url"
    ) <"$WORK/in" >"$WORK/out" 2>"$WORK/err" || status=$?
    err=$(cat "$WORK/err")
}

export ASAN_OPTIONS=detect_leaks=0 # that needs descriptors itself
transfers 20000 >"$WORK/in"
serve db 204

# shellcheck disable=SC3045
if (ulimit -n 3) 2>/dev/null; then
    for descriptors in 3 4 5 6 7 8 9 10 12 20; do
        limited -n "$descriptors"
        honest "$descriptors descriptors"
    done
fi
# A sanitized program needs terabytes of addresses.
# shellcheck disable=SC3045
if (ulimit -v 8192) 2>/dev/null && ! grep -q __asan_init "$BIN"; then
    for megabytes in 7 8 9 10 11 12 13 14 15 16 17 18 20 22 24 26 28 30 34 40 50; do
        limited -v $((megabytes * 1024))
        honest "$megabytes MiB of addresses"
    done
    is "$status" 0 'the last of these is enough'
fi
tap_done
