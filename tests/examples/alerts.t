#!/bin/sh
# examples/prometheus-alerts.yml: promtool finds nothing wrong with it, and each alert comes
# when it should, and only then. TSDB_NEWEST=1: also with Debian's newest promtool.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1

# alerts WHOSE OPTION...: with that promtool; the options are fetch.sh's
alerts() {
    whose=$1
    shift
    promtool=$(tests/lib/fetch.sh "$@" promtool) || exit 1
    out=$("$promtool" check rules examples/prometheus-alerts.yml 2>&1)
    is "$?|$(echo "$out" | tail -n 1 | tr -d ' ')" '0|SUCCESS:3rulesfound' "$whose: the rules can be read"
    out=$("$promtool" test rules tests/examples/prometheus-alerts.yml 2>&1)
    ok $? "$whose: each alert comes when it should"
    echo "$out" | sed 's/^/# /'
}

alerts "this machine's"
[ "${TSDB_NEWEST-}" != 1 ] || alerts "Debian's newest" --suite newest
tap_done
