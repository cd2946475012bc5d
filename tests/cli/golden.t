#!/bin/sh
# Real objects as line protocol, compared with what was read and found right:
# one of each kind of transfer and curl version, at fixed times. corpus.t checks
# the numbers of all of them; here one can see what they look like.
#
# UPDATE=1 tests/cli/golden.t writes what it sees.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/golden.sh
. "$ROOT/tests/lib/golden.sh"

GOLDEN=$ROOT/tests/cli/golden

# compare NAME OPTION...
compare() {
    name=$1
    shift
    "$BIN" -o file=- "$@" < "$WORK/in" >"$WORK/$name" 2>"$WORK/stderr"
    is "$?|$(cat "$WORK/stderr")" "0|" "$name: everything is delivered, without a word"
    golden "$GOLDEN/$name" "$WORK/$name" "$name is as it was"
}

golden_objects >"$WORK/in"

compare metric --text -l golden
compare wide --text -l golden --layout wide -t url
compare k6 -l golden --layout k6 -t name=url
compare k6_text --text -l name=login -l scenario=golden -l testid=1 --layout k6 --prefix my_
tap_done
