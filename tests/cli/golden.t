#!/bin/sh
# Real objects as line protocol, compared with what was read and found right:
# one of each kind of transfer and curl version, at fixed times. corpus.t checks
# the numbers of all of them; here one can see what they look like.
#
# UPDATE=1 tests/cli/golden.t writes what it sees.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

GOLDEN=$ROOT/tests/cli/golden
CORPUS=$ROOT/tests/data/corpus_public.ndjson

# compare NAME OPTION...
compare() {
    name=$1
    shift
    "$BIN" -o file=- "$@" < "$WORK/in" > "$WORK/$name" 2> "$WORK/stderr"
    is "$?|$(cat "$WORK/stderr")" "0|" "$name: everything is delivered, without a word"
    [ -z "${UPDATE:-}" ] || cp "$WORK/$name" "$GOLDEN/$name"
    diff "$GOLDEN/$name" "$WORK/$name" > "$WORK/diff"
    ok $? "$name is as it was"
    head -n 20 "$WORK/diff" | sed 's/^/# /'
}

# plain HTTP, HTTPS with certificates, HTTP/3, reuse, redirects, failures, secrets
for line in 1 3 4 9 12 18 53 54 57 60 66 75 105 118 121 149 152 155 166 175 198; do
    sed -n "${line}s/^\(.*\)\$/{\"ts\":1700000$((100 + line)).000000001,\"curl\":\1}/p" "$CORPUS"
done > "$WORK/in"

compare metric --text -l golden
compare wide --text -l golden --layout wide -t url
tap_done
