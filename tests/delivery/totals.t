#!/bin/sh
# Totals on their way to Prometheus: how many requests there are, which form histograms take,
# and what becomes of transfers when a request is lost or refused.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

PUSH_OPTIONS=''
BIN_FAULTS=${BIN_FAULTS:-$ROOT/build/faults/tsdb-exporter}

# transfers_at RATE SECONDS: so many a second, by their ts
transfers_at() {
    awk -v rate="$1" -v seconds="$2" 'BEGIN {
        for (i = 0; i < rate * seconds; i++)
            printf "{\"ts\":%.4f,\"curl\":{\"http_code\":200,\"time_total\":0.25,\"curl_version\":\"x\"}}\n",
                   1500000000 + i / rate
    }'
}

# bodies NAME: bytes of all requests together
bodies() {
    awk '{ sum += $5 } END { print sum + 0 }' "$WORK/$1/log"
}

# counts NAME METRIC: what the counter was in each request, in order
counts() {
    for counts_body in "$WORK/$1"/*.body; do
        python3 "$ROOT/tests/lib/remote_write.py" "${VERSION-1}" "$counts_body" |
            awk -v name="__name__=\"$2\"" '/^[{]/ { own = index($0, name) } own && / @ / { print $1 }'
    done | paste -sd ' ' -
}

# --- one round for every 5 s of the transfers' times, whatever their rate ---
for rate in 10 1000 5000; do
    transfers_at $rate 12 >"$WORK/in"
    serve "rate$rate" 204
    push -l a -o "prometheus/totals=$url"
    is "$status|$err" '0|' "$rate a second: delivered, without a word"
    is "$(requests "rate$rate")" 4 "$rate a second: zeros and three rounds"
    is "$(counts "rate$rate" curl_transfers_total)" "0 $((rate * 5)) $((rate * 10)) $((rate * 12))" \
        "$rate a second: each holds all before it"
done
at_least "$(($(bodies rate10) * 11 / 10))" "$(bodies rate5000)" 'and takes the same bytes'

# --- native histograms, and where there are none ---
transfers_at 10 12 >"$WORK/in"
serve native 204
push -l a -o "prometheus/k6=$url"
is "$status|$err|$(requests native)" '0||8' 'k6: native histograms in requests of their own'

serve disabled '2*204' '500 body=native histograms are disabled' 204
push -l a -o "prometheus/k6=$url"
is "$status" 0 'a Prometheus without native histograms: delivered'
is "$err" "tsdb-exporter: prometheus $url/api/v1/write: HTTP 500: native histograms are disabled; classic histograms go from now on; for native ones, start Prometheus with --enable-feature=native-histograms, and use --histograms native" \
    'told once, with the flag that it wants'
is "$(counts disabled k6_http_req_connecting_seconds_count)" '0 50 100 120' 'classic ones go instead, the same data again'

VERSION=2
written=header=X-Prometheus-Remote-Write-Samples-Written
serve dropped "2*204 $written:9999" "204 $written:0" "204 $written:9999"
push -l a --remote-write 2 -o "prometheus/k6=$url"
like "$status|$err" '^0\|.*classic histograms go from now on' 'a 2.0 receiver that has stored no histogram: the same'
is "$(counts dropped k6_http_req_connecting_seconds_count)" '0 50 100 120' 'and the same data again'
VERSION=1

# --- a transfer alone ---
transfers_at 1 1 >"$WORK/in"
serve alone 204
push -o "prometheus/totals=$url" -o "file=$WORK/beside"
is "$status|$(requests alone)" '69|0' 'totals of one transfer: nothing is sent, it is lost'
once 'totals of one transfer say nothing; give --spool DIR' 'and what to do is told'
is "$(wc -l <"$WORK/beside")" 3 'the other output has it'

# --- requests that are lost ---
serve later '2*503' 204
push_begin -l a --retry-max-time 0 -i 100ms -o "prometheus/totals=$url"
transfers_at 1000 0.05 >&9
wait_for requests_at_least later 1
transfers_at 1000 0.05 >&9
wait_for requests_at_least later 2
transfers_at 1000 0.02 >&9
push_end
is "$status" 0 'two rounds are lost: no transfer is'
is "$(counts later curl_transfers_total)" '0 100 120' 'the next one holds them'
unlike "$err" lost 'and nothing is said to be lost'
once 'given up after' 'but that the destination was given up'

transfers_at 10 12 >"$WORK/in"
serve never 503
push -l a --retry-max-time 0 -o "prometheus/totals=$url"
is "$status" 69 'all rounds are lost: so are the transfers'
once '120 read, 0 delivered, 120 lost' 'all of them'

serve denied 401
push -l a -o "prometheus/totals=$url"
is "$status|$(requests denied)" '77|1' '401, with rounds that wait behind it: exit 77'

# --- refused ---
serve small limit=300
push -l a -o "prometheus/totals=$url"
is "$status|$err" '0|' '413: requests are halved until they fit'
at_least "$(awk '$4 == 413' "$WORK/small/log" | wc -l)" 3 'which they had to be'

serve order 204 '400 body=out of order sample' 204
push -l a -o "prometheus/totals=$url"
is "$status" 0 'a request is refused because of a sample: halved, and all is stored'

serve all '400 body=out of order sample'
push -l a -o "prometheus/totals=$url"
is "$status" 65 'all samples are refused: exit 65'
once '120 refused by the database' 'the transfers count as refused'
once "refused 'curl_transfers_total\\{.*label=\"a\".*\\} 0 @ 1500000004899': HTTP 400: out of order sample" \
    'a sample is named'

# --- the end of series ---
serve stale 204
push -l a --stale-after 15s -o "prometheus/totals=$url"
is "$status|$err|$(requests stale)" '0||5' 'stale markers are a last request'
remote_write_text 1 stale 00005 >"$WORK/markers"
is "$(sed -n 's/.* @ //p' "$WORK/markers" | sort -u)" 1500000026900 '15 s behind the last transfer'
is "$(grep -c ' NaN @ ' "$WORK/markers")" "$(grep -c '^{' "$WORK/markers")" 'for every series'

# the drainer of a spool leaves them too, and what comes then stands behind them
serve left 204
for round in 1 2; do
    FAULT=fork=EIO FAULT_LOG=$WORK/hits "$BIN_FAULTS" --spool "$WORK/left-spool" -l a \
        -o "prometheus/totals=$url" <"$WORK/in" >/dev/null 2>&1
    "$BIN_FAULTS" --spool "$WORK/left-spool" -o "prometheus/totals=$url" --stale-after 15s --drain \
        </dev/null 2>"$WORK/err"
    is "$?|$(cat "$WORK/err")" '0|' "drained, round $round"
done
for body in "$WORK/left"/*.body; do
    remote_write_text 1 left "$(basename "$body" .body)" | sed -n '/name__="curl_transfers_total"/{n;p;}'
done >"$WORK/told"
is "$(sort -t @ -k 2n "$WORK/told")" "$(cat "$WORK/told")" 'each sample stands behind those before'
is "$(grep -c 'NaN' "$WORK/told")" 2 'with markers at each end'

# --- too many sets of labels ---
for i in 1 2 3 4; do
    echo "{\"ts\":150000000$i,\"curl\":{\"http_code\":200,\"time_total\":0.25,\"curl_version\":\"x\"},\"page\":\"p$i\"}"
done >"$WORK/in"
serve many 204
push -t page --series-max 2 -v -o "prometheus/totals=$url"
is "$status" 0 'more sets of labels than --series-max: exit 0'
once '4 read, 4 delivered, 2 of them under "other" labels \(there are more sets of labels than --series-max\)$' \
    'the end line tells'
is "$(remote_write_text 1 many 00002 | sed -n '/__name__="curl_transfers_total".*page="other"/{n;p;}')" \
    '  2 @ 1500000004000' 'they are one set'

# --- outputs with layouts of their own, through one spool ---
transfers_at 10 12 >"$WORK/in"
serve wide 204
influx=$url
serve totals 204
push --spool "$WORK/spool" --wait -i 1s -l a -o "influxdb/wide=$influx" -o "prometheus/totals=$url"
is "$status|$err" '0|' 'InfluxDB as wide, Prometheus as totals, one spool: delivered'
is "$(stored wide)" 120 'InfluxDB has each transfer'
is "$(sed -n '$p' "$WORK/wide/stored" | cut -d ' ' -f 1)" 'curl,http_code=200,label=a' 'with the tags of wide'
is "$(counts totals curl_transfers_total | sed 's/.* //')" 120 'Prometheus has them all in its counter'
unlike "$(remote_write_text 1 totals 00002)" http_code 'without tags that only wide has'
"$BIN" --spool "$WORK/spool" --spool-status >"$WORK/out"
is "$(grep -c 'totals: 1 set of labels, since 2017-07-14T02:40:00Z$' "$WORK/out")" 1 '--spool-status tells the totals'
like "$(cat "$WORK/out")" '\(wide; queue ' 'and the layout of each output'
tap_done
