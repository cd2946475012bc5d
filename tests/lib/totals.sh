# shellcheck shell=sh disable=SC2154 # url, SPOOL
# What the tests of totals share; to be sourced behind database.sh.
#
#   totals_py             see totals.py
#   equal WHAT FORM LABEL FILE...   what the server at $url has is what is in the files, a
#                         VictoriaMetrics a moment later
#   is_empty              nothing waits in $SPOOL

totals_py() {
    python3 "$ROOT/tests/lib/totals.py" "$@"
}

# Not a line that says otherwise, and no failure.
compare() {
    settle
    totals_py check "$url" "$@" >"$WORK/compared" 2>&1
    [ -s "$WORK/compared" ] && ! grep -qv '^1|' "$WORK/compared"
}

equal() {
    equal_title=$1
    shift
    wait_for compare "$@"
    ok $? "$equal_title: all is equal"
    sed '/^1|/d; s/^/# /' "$WORK/compared" | cut -c 1-300
}

is_empty() {
    "$BIN" --spool "$SPOOL" --spool-status >"$WORK/status" 2>&1
}
