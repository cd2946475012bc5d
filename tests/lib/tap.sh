# shellcheck shell=sh
# The Test Anything Protocol for shell tests, to be sourced. A test calls ok, is
# or like for each thing that it promises, and ends with tap_done.
#
#   $BIN    the program under test (tests/run sets it)
#   $ROOT   the top of the source tree
#   $WORK   an empty directory of this test's own, removed at the end

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
BIN=${BIN:-$ROOT/build/tsdb-exporter}
WORK=$(mktemp -d)
TAP_COUNT=0
TAP_FAILED=0
trap 'rm -rf "$WORK"' EXIT

# Python keeps what it has compiled beside the sources: not in this tree.
export PYTHONDONTWRITEBYTECODE=1

# A user's own settings must not decide what a test shows.
for tap_variable in $(env | sed -n 's/^\(TSDB_EXPORTER_[A-Z_]*\|INFLUX_[A-Z_]*\|[a-zA-Z_]*_proxy\|[A-Z_]*_PROXY\)=.*/\1/p'); do
    unset "$tap_variable"
done

# ok STATUS WHAT: passes if STATUS is 0
ok() {
    TAP_COUNT=$((TAP_COUNT + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $TAP_COUNT - $2"
    else
        echo "not ok $TAP_COUNT - $2"
        TAP_FAILED=$((TAP_FAILED + 1))
    fi
}

# is GOT WANT WHAT: passes if both are the same text
is() {
    [ "$1" = "$2" ]
    ok $? "$3"
    [ "$1" = "$2" ] || printf '%s\n' "got: $1" "want: $2" | sed 's/^/# /'
}

# like GOT PATTERN WHAT: passes if GOT matches the extended regular expression
like() {
    if printf '%s\n' "$1" | grep -Eq -- "$2"; then
        ok 0 "$3"
    else
        ok 1 "$3"
        printf '%s\n' "got: $1" "want a match of: $2" | sed 's/^/# /'
    fi
}

# unlike GOT PATTERN WHAT: passes if GOT does not match
unlike() {
    if printf '%s\n' "$1" | grep -Eq -- "$2"; then
        ok 1 "$3"
        printf '%s\n' "got: $1" "want no match of: $2" | sed 's/^/# /'
    else
        ok 0 "$3"
    fi
}

tap_done() {
    echo "1..$TAP_COUNT"
    [ "$TAP_FAILED" -eq 0 ]
}
