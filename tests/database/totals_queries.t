#!/bin/sh
# What is asked of totals: rates of the first minute, percentiles over two instances, and the
# same of transfers that are told later than they were (ts).
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/totals.sh
. "$ROOT/tests/lib/totals.sh"

end=$(date +%s)
totals_py make 600 10 $((end - 60)) >"$WORK/one"
totals_py make 900 15 $((end - 60)) >"$WORK/two"

# near QUERY WANT: the answer is within a tenth of it
near() {
    near_got=$(prometheus_values "$1" --url "$query" --data-urlencode "time=$end")
    awk -v got="$near_got" -v want="$2" 'BEGIN { exit !(got > want * 0.9 && got < want * 1.1) }'
    ok $? "$suite $server: $1 is about $2 ($near_got)"
}

is_stored() {
    settle
    [ "$(prometheus_values "sum($1)" --url "$query")" = "$2" ]
}

# quantiles QUERY, in which RATE is the rate of the buckets
quantiles() {
    for share in 0.5 0.95 0.99; do
        totals_py quantile "$url" "histogram_quantile($share, $1)" "$share" "$WORK/one" "$WORK/two" >"$WORK/compared"
        is "$(cut -d '|' -f 1 "$WORK/compared")" 1 "$suite $server: $(cut -d '|' -f 2 "$WORK/compared")"
    done
}

# queries FORM SERVER [FLAG...]
queries() {
    form=$1
    shift
    server=$1
    fresh "$@"
    for instance in one two; do
        "$BIN" --label "instance=$instance" --label queries -o "prometheus/totals=$url" \
            --histograms "$form" <"$WORK/$instance" 2>"$WORK/err"
        is "$?|$(cat "$WORK/err")" '0|' "$suite $server: replayed, without a word"
    done
    wait_for is_stored curl_transfers_total 1500
    near 'increase(curl_transfers_total{instance="one"}[1m])' 600
    near 'sum(increase(curl_transfers_total[1m]))' 1500
    is "$(prometheus_values 'count_over_time(curl_transfers_total{instance="one"}[1h])' --url "$query")" 13 \
        "$suite $server: a zero, and a sample for every 5 s of their times"
}

prometheus_queries() {
    queries native prometheus --enable-feature=native-histograms
    near 'histogram_count(sum(increase(curl_duration_seconds[1m])))' 1500
    quantiles 'sum(rate(curl_duration_seconds[2m]))'
    queries classic prometheus
    near 'sum(increase(curl_duration_seconds_count[1m]))' 1500
}

victoria_queries() {
    queries classic victoria_metrics
    [ -z "$SERVERS_SUITE" ] || {
        queries native victoria_metrics # what Debian's 1.79 drops
        quantiles 'sum(curl_duration_seconds_bucket) by (vmrange)'
    }
}

each_suite prometheus_queries
each_suite victoria_queries
tap_done
