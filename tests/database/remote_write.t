#!/bin/sh
# Every number of real curls is in Prometheus and in VictoriaMetrics afterwards,
# through remote write, as it was; and dashboards of the old script find it.
# TSDB_NEWEST=1: also with Debian's newest of both.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

# stores WHAT LAYOUT OPTION...: all of it, exactly
stores() {
    what=$1
    layout=$2
    shift 2
    push --label 'real curl' --layout "$layout" "$@" -o "prometheus=$url"
    is "$status $err" '0 ' "$what, $layout $*: stored without a word"
    settle
    matches "$what, $layout $*: every value, to the last digit" prometheus "$url" '' "$layout" \
        'real curl' <"$WORK/in"
}

# What a dashboard for the old script asks.
answers_dashboards() {
    for name in http_code time_total time_connect speed_download; do
        settle
        like "$(prometheus_query "$name" --url "$query" --data "time=$(($(date +%s) + 10))")" \
            "\"metric\":\{\"__name__\":\"$name\",\"label\":\"curl-http\"\}" "$1: $name has its label"
    done
    is "$(prometheus_values "avg_over_time(time_total{label=\"curl-http\"}[5m])" --url "$query" \
        --data "time=$(($(date +%s) + 10))")" 0.25 "$1: a mean over time"
    is "$(counts "http_code{label=~\"^curl-http\$\"}")" 60 "$1: a count"
}

takes_all() {
    server=$1
    title="$server ($suite)"
    stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" >"$WORK/in"
    for layout in metric wide; do
        for version in 1 2; do
            fresh "$server"
            stores "$title" "$layout" --remote-write $version
        done
    done
    # again, as after an answer that was lost: nothing changes in Prometheus, since
    # each of these series has its newest sample last
    fresh "$server"
    stores "$title, batches" metric -b 7

    fresh "$server"
    transfers 60 | sed 's/"ts":[0-9]*,//;s/"time_total"/"time_connect":0.125,"speed_download":5,&/' >"$WORK/in"
    push --label curl-http -o "prometheus=$url"
    is "$status $err" '0 ' "$title: sixty at once"
    answers_dashboards "$title"

    transfers 2000 | sed 's/"ts":[0-9]*,//' >"$WORK/in"
    push --label burst -o "prometheus=$url"
    is "$status $err" '0 ' "$title: 2,000 at once, without a word"
    is "$(counts '{label="burst"}')" 2000 "$title: 2,000 at once, 2,000 in every series"

    printf '{"ts":%d,"curl":{"time_total":1,"curl_version":"x"}}\n' $(($(date +%s) + 31536000)) >"$WORK/in"
    push -v --label future -o "prometheus=$url"
    is "$status" 65 "$title: dated next year, exit 65"
    unlike "$err" sending "$title: dated next year, not sent"
    transfers 1 | sed 's/"ts":[0-9]*,//' >"$WORK/in"
    push --label future -o "prometheus=$url"
    is "$status $err" '0 ' "$title: and what is dated now is taken"

    push -o "prometheus=$url/api/v1/wrong"
    if [ "$server" = prometheus ]; then
        is "$status" 69 "$title: a wrong path, exit 69"
        like "$err" '1 read, 0 delivered, 1 lost$' "$title: a wrong path, counts"
        once 'HTTP 40[45]' "$title: a wrong path, said once"
    else
        unlike "$status" '^0$' "$title: a wrong path is no success"
    fi
}

both() {
    takes_all prometheus
    takes_all victoria_metrics
}
each_suite both
tap_done
