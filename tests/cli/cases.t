#!/bin/sh
# Runs tests/cli/cases/*: in each directory stands a script, `cmd`, and beside it
# what it prints and how it exits: `stdout`, `stderr` (no file: nothing) and
# `exit` (no file: 0).
#
# cmd runs under sh in an empty directory, with $BIN (the program) and $DATA
# (tests/data). What differs from run to run is put in one form first: a time at
# the end of a line that lies between the case's begin and end, which is a time
# of arrival, becomes NOW. Fixed times ({"ts":...}) stay as they are.
#
# UPDATE=1 tests/cli/cases.t writes what it sees as what is expected, to be read
# before it is committed. CASE=NAME runs that case alone.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

CASES=$ROOT/tests/cli/cases
DATA=$ROOT/tests/data
export BIN DATA

arrivals_to_now() {
    awk -v begin="$1" -v end="$2" '
        match($0, / [0-9]+$/) && RLENGTH == 20 {
            second = substr($0, RSTART + 1, 10)
            if (second >= begin && second <= end)
                $0 = substr($0, 1, RSTART) "NOW"
        }
        { print }'
}

# expected CASE NAME DEFAULT: what should be there
expected() {
    if [ -e "$1/$2" ]; then
        cat "$1/$2"
    else
        printf '%s' "$3"
    fi
}

# update CASE NAME DEFAULT: $WORK/NAME is what should be there from now on
update() {
    if [ "$(cat "$WORK/$2")" = "$3" ]; then
        rm -f "$1/$2"
    else
        cp "$WORK/$2" "$1/$2"
    fi
}

for case in "$CASES"/${CASE:-*}/; do
    case=${case%/}
    mkdir "$WORK/in"
    begin=$(date +%s)
    (cd "$WORK/in" && exec sh "$case/cmd") > "$WORK/raw" 2> "$WORK/stderr" < /dev/null
    echo "$?" > "$WORK/exit"
    arrivals_to_now "$begin" "$(date +%s)" < "$WORK/raw" > "$WORK/stdout"
    rm -rf "$WORK/in"
    if [ -n "${UPDATE:-}" ]; then
        update "$case" stdout ''
        update "$case" stderr ''
        update "$case" exit 0
    fi
    good=0
    for name in stdout stderr exit; do
        default=
        [ "$name" = exit ] && default=0
        expected "$case" "$name" "$default" > "$WORK/want"
        diff "$WORK/want" "$WORK/$name" > "$WORK/diff.$name" || [ "$(cat "$WORK/want")" = "$(cat "$WORK/$name")" ] ||
            good=1
    done
    ok "$good" "$(basename "$case" | tr _ ' ')"
    [ "$good" -eq 0 ] || for name in stdout stderr exit; do
        sed "s/^/# $name: /" "$WORK/diff.$name"
    done
done
tap_done
