#!/bin/sh
# k6's own dashboards for Prometheus, as they are, show curl's transfers: all that curl can
# know of what they ask. TSDB_NEWEST=1: also in Debian's newest.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" >"$WORK/wrapped"
python3 "$ROOT/tests/lib/grafana.py" cycles <"$WORK/wrapped" >"$WORK/in"

k6() {
    fresh prometheus --enable-feature=native-histograms
    push --label testid=run -o "prometheus/k6=$url"
    is "$status $err" '0 ' "$suite: stored without a word"
    python3 "$ROOT/tests/lib/k6_prometheus.py" "$url" <"$WORK/wrapped" >"$WORK/answers" 2>"$WORK/answers.err"
    is "$?|$(cat "$WORK/answers.err")" '0|' "$suite: all is right"
    while IFS='|' read -r good what; do
        ok "$good" "$suite: $what"
    done <"$WORK/answers"
    # what the dashboards offer to choose from
    is "$(local_curl "$url/api/v1/label/testid/values")" '{"status":"success","data":["run"]}' "$suite: testid"
    is "$(local_curl -g "$url/api/v1/label/__name__/values" | tr '"' '\n' |
        sed -n -E '/^k6_http_req_duration_(min|max|count|sum|avg|med|p[0-9]+)$/s/.*_//p' | sort | paste -sd ' ' -)" \
        'avg max med min p95 p99' "$suite: quantile_stat"
}

each_suite k6
tap_done
