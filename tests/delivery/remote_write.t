#!/bin/sh
# Remote write: what goes over the wire, what the answers mean that a real
# receiver does not give on demand, and times.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

WRITTEN=header=X-Prometheus-Remote-Write-Samples-Written
V1='application/x-protobuf 0.1.0'
V2='application/x-protobuf;proto=io.prometheus.write.v2.Request 2.0.0'

# versions NAME: what each request says that it is, a line each
versions() {
    for head in "$WORK/$1"/*.head; do
        number=$(basename "$head" .head)
        echo "$(header "$1" "$number" Content-Type) $(header "$1" "$number" X-Prometheus-Remote-Write-Version)"
    done
}

# holds VERSION NAME NUMBER WANT WHAT: so much is in the request's body
holds() {
    is "$(python3 "$ROOT/tests/lib/remote_write.py" "$1" "$WORK/$2/$3.body" count 2>&1)" "$4" "$5"
}

# lines TEXT...: each on its own
lines() {
    printf '%s\n' "$@"
}

# --- the plain request ---
transfers 3 >"$WORK/in"
serve plain 204
host=${url%/db}
push -o "prometheus=$host"
is "$status $err" '0 ' 'a request'
is "$(request_line plain 00001)" 'POST /api/v1/write HTTP/1.1' 'the path that Prometheus has'
is "$(versions plain)" "$V1" 'as 1.0'
is "$(header plain 00001 Content-Encoding)" snappy 'Content-Encoding'
is "$(header plain 00001 Content-Length)" "$(wc -c <"$WORK/plain/00001.body")" 'Content-Length'
like "$(header plain 00001 User-Agent)" '^tsdb-exporter/[0-9]' 'User-Agent'
is "$(remote_write_text 1 plain 00001)" "$(lines '{__name__="time_total"}' '  0.25 @ 1500000000000' \
    '  0.25 @ 1500000001000' '  0.25 @ 1500000002000')" 'the body'
push --gzip -H 'X-Scope-OrgID: t' -H 'User-Agent: me' -o "prometheus=$host/api/v1/push?x=y"
is "$(request_line plain 00002)" 'POST /api/v1/push?x=y HTTP/1.1' 'another path, with a query'
is "$(header plain 00002 X-Scope-OrgID)" t 'a tenant'
is "$(header plain 00002 User-Agent)" me '-H replaces User-Agent'
is "$(header plain 00002 Content-Encoding)" snappy '--gzip changes nothing'
push -o "prometheus=http://me:s%40cret@${host#http://}"
is "$(header plain 00003 Authorization)" "Basic $(printf 'me:s@cret' | base64)" 'user and password of the URL'
push --prefix my. -l 'a-b=x y' -l Zone=z -o "prometheus=$host"
is "$(remote_write_text 1 plain 00004 | head -n 1)" \
    '{Zone="z",__name__="my_time_total",a_b="x y"}' 'names that Prometheus takes'

# --- 2.0 ---
serve new "204 $WRITTEN:3" 204
push --remote-write 2 -o "prometheus=${url%/db}"
is "$status $err" '0 ' '2.0: delivered'
is "$(versions new)" "$V2" '2.0: as 2.0, once'
is "$(remote_write_text 2 new 00001)" "$(lines '{__name__="time_total"}' \
    '  gauge, seconds: Duration of the whole transfer' '  0.25 @ 1500000000000' \
    '  0.25 @ 1500000001000' '  0.25 @ 1500000002000')" '2.0: the body'

# an older receiver answers 415, or takes it and stores nothing
count=0
for step in 415 '415 body=unsupported media type' 204 200 '400 body=cannot unmarshal'; do
    count=$((count + 1))
    serve "old$count" "$step" 204
    push -v -b 1 --remote-write 2 -H 'X-Scope-OrgID: t' -o "prometheus=${url%/db}"
    is "$status" 0 "2.0, but $step: exit 0"
    is "$(versions "old$count")" "$(lines "$V2" "$V1" "$V1" "$V1")" \
        "2.0, but $step: again as 1.0, and 1.0 from then on, a request a batch"
    for number in 1 2 3; do
        is "$(remote_write_text 1 "old$count" 0000$((number + 1)))" \
            "$(lines '{__name__="time_total"}' "  0.25 @ 150000000$((number - 1))000")" \
            "2.0, but $step: each once"
    done
    is "$(header "old$count" 00004 X-Scope-OrgID)" t "2.0, but $step: with the user's headers"
    like "$err" 'older form' "2.0, but $step: -v says so"
    like "$err" '3 read, 3 delivered$' "2.0, but $step: counts"
done
serve never 415
push --remote-write 2 -o "prometheus=${url%/db}"
is "$status" 69 '415 for 1.0 too: exit 69'
is "$(requests never)" 2 '415 for 1.0 too: one request each'
push -H 'X-Prometheus-Remote-Write-Version: 9' -o "prometheus=$host"
is "$(header plain 00005 X-Prometheus-Remote-Write-Version)" 9 '-H replaces the version'

# what is said to be stored is compared with what was sent
for step in "204 $WRITTEN:2" "200 $WRITTEN:0" "400 $WRITTEN:2 body=out of order sample"; do
    count=$((count + 1))
    serve "fewer$count" "$step"
    push --remote-write 2 -o "prometheus=${url%/db}"
    is "$status" 65 "$step: exit 65"
    is "$(requests "fewer$count")" 1 "$step: not sent again"
    like "$err" '3 read, 0 delivered, 3 possibly incomplete' "$step: counts"
    stored_of=${step#*Written:}
    like "$err" "${stored_of%% *} of 3 samples" "$step: the difference is said"
    adds_up "$step: the counts add up"
done
like "$err" 'out of order.*3 samples|3 samples.*out of order' 'and why, in its words'
like "$err" 'share a --spool' 'and what helps'

# --- again ---
for again in 503 500 429 empty reset; do
    serve "again$again" $again 204
    push -o "prometheus=${url%/db}"
    is "$status" 0 "$again: exit 0"
    cmp -s "$WORK/again$again/00001.body" "$WORK/again$again/00002.body"
    ok $? "$again: the same bytes again"
done
serve unsure reset '400 body=out of order sample'
push -o "prometheus=${url%/db}"
is "$status" 65 'out of order after a reset: exit 65'
is "$(requests unsure)" 2 'out of order after a reset: not halved'
like "$err" '3 read, 0 delivered, 3 possibly incomplete$' 'out of order after a reset: it may be stored'
once ': HTTP 400: out of order' 'out of order after a reset: why, once'
adds_up 'out of order after a reset: the counts add up'
serve sure 503 '400 body=out of order sample'
push -o "prometheus=${url%/db}"
like "$err" '3 read, 0 delivered, 3 refused by the database' 'after a 503 it is not: refused'
is "$(requests sure)" 6 'after a 503: halved until each stands alone'
is "$(printf '%s\n' "$err" | grep -c 'share a --spool')" 1 'what helps is said once'
like "$err" "refused 'time_total\{\} 0.25 @ 1500000000000': HTTP 400: out of order sample" \
    'the first is named, with the reason'
is "$(printf '%s\n' "$err" | grep -c "refused 'time_total{} 0.25 @ 150000000[12]000', for the same reason")" 2 \
    'and so are the others'

# --- too large: halves, which have the same times ---
transfers 5000 >"$WORK/in"
serve limit limit=12000
push -o "prometheus=${url%/db}"
is "$status" 0 '413: exit 0'
awk '$4 == 204 { print $1 }' "$WORK/limit/log" | while read -r body; do
    remote_write_text 1 limit "$body"
done | grep -c ' @ 1500.*000$' >"$WORK/count"
is "$(cat "$WORK/count")" 5000 '413: all of it in the end'

# --- definitive ---
words='body=in its own words'
for code in 401:77 403:77 404:69 405:69; do
    serve "no$code" "${code%:*} $words"
    push -b 1000 -o "prometheus=${url%/db}"
    is "$status" "${code#*:}" "${code%:*}: exit ${code#*:}"
    is "$(requests "no$code")" 1 "${code%:*}: one request"
    like "$err" "0 delivered, 5000 lost\$" "${code%:*}: counts"
    once "HTTP ${code%:*}: in its own words" "${code%:*}: why, once"
done

# --- times ---
# samples: of all requests to burst, "VALUE @ TIME"
samples() {
    for body in "$WORK/$1"/*.body; do
        python3 "$ROOT/tests/lib/remote_write.py" 1 "$body" || echo wrong
    done | grep -v '^{'
}
at_once() {
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "{\"ts\":1500000000,\"curl\":{\"time_total\":%d,\"curl_version\":\"x\"}}\n", i
    }'
}
at_once 2000 >"$WORK/in"
serve burst 204
push -b 300 -o "prometheus=${url%/db}"
is "$status $err" '0 ' '2,000 in one millisecond: delivered without a word'
is "$(samples burst)" "$(awk 'BEGIN { for (i = 0; i < 2000; i++)
    printf "  %d @ %.0f\n", i, 1500000000000 + i }')" \
    '2,000 in one millisecond: each has its own, in order over seven batches'
at_once 6000 >"$WORK/in"
serve flood 204
push -b 10000 -o "prometheus=${url%/db}"
is "$status" 65 '6,000 in one millisecond: exit 65'
is "$(samples flood | wc -l)" 5001 '6,000 in one millisecond: as many as there are in five seconds'
is "$(samples flood | tail -n 1)" '  5999 @ 1500000005000' '6,000 in one millisecond: the newest is the last'
like "$err" '6000 read, 5001 delivered, 999 merged \(one value is kept per series and millisecond; labels that tell them apart, or InfluxDB, keep all\)$' '6,000 in one millisecond: and it is said'
adds_up '6,000 in one millisecond: the counts add up'

# what is far too old, and then one for which there is no place
{
    at_once 5001
    echo '{"ts":1499990000,"curl":{"time_total":-1,"curl_version":"x"}}'
    at_once 1
} >"$WORK/in"
serve old_and_new 204
push -b 5001 -o "prometheus=${url%/db}"
is "$status" 0 'an old one, and one without a place: exit 0'
is "$(remote_write_text 1 old_and_new 00002)" \
    "$(lines '{__name__="time_total"}' '  -1 @ 1499990000000' '  0 @ 1500000005001')" \
    'an old one, and one without a place: both are there'

# dated next year
printf '{"ts":%d,"curl":{"time_total":1,"curl_version":"x"}}\n' $(($(date +%s) + 31536000)) >"$WORK/in"
serve future 204
push -o "prometheus=${url%/db}"
is "$status" 65 'dated next year: exit 65'
is "$(requests future)" 0 'dated next year: nothing is sent'
like "$err" '1 refused \(1 .*(time|ts)' 'dated next year: said'

# --- few transfers, long tags: it is the bytes that count ---
python3 - >"$WORK/in" <<'END'
import json
numbers = {f"time_{i}": i for i in range(50)}
for i in range(30):
    texts = {key: f"{i}" + "x" * 4000 for key in ("content_type", "filename_effective", "remote_ip",
                                                  "local_ip", "ftp_entry_path", "method")}
    curl = {**numbers, **texts, "curl_version": "x"}
    print(json.dumps({"ts": 1500000000 + i, "curl": curl}))
END
for version in 1 2; do
    serve "long$version" "204 $WRITTEN:999999"
    push --fields '*' --remote-write $version -o "prometheus=${url%/db}" \
        --tag-field content_type,filename_effective,remote_ip,local_ip,ftp_entry_path,method
    is "$status $err" '0 ' "long tags, $version.0: delivered without a word"
    for body in "$WORK/long$version"/*.body; do
        remote_write_text $version "long$version" "$(basename "$body" .body)"
    done >"$WORK/text"
    # and with them go failed and http_code, where there are any
    is "$(grep -c '__name__="time_49"' "$WORK/text")" 30 "long tags, $version.0: every series"
    is "$(grep -c ' @ ' "$WORK/text")" "$(grep -c '^{' "$WORK/text")" "long tags, $version.0: a sample each"
done
tap_done
