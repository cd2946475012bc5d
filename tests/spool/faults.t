#!/bin/sh
# Each fault that has a name in the source is used by a test here (and `with` sees to
# it that it is reached), and none is used that is not there.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$ROOT" || exit 1
# fault("one"), fault(which ? "one" : "other"), fault_length("one", n)
grep -oh '\<fault[_a-z]*([^)]*' src/*/*.c | grep -o '"[^"]*"' | tr -d '"' | sort -u >"$WORK/there"
grep -oh '[a-z-]*\(@[0-9]*\)\{0,1\}=\(kill\|stop\|short\|E[A-Z]*\)\>' tests/spool/*.t |
    sed 's/[@=].*//' | sort -u >"$WORK/used"
at_hand=$(wc -l <"$WORK/there")
[ "$at_hand" -ge 20 ]
ok $? "$at_hand places have a name"
is "$(comm -23 "$WORK/there" "$WORK/used")" '' 'each is used by a test'
is "$(comm -13 "$WORK/there" "$WORK/used")" '' 'none is used that is not there'
is "$(grep -c 'FAULT_LOG' "$BIN")" 0 'the program that is installed has none of them'
tap_done
