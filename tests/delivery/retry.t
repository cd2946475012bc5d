#!/bin/sh
# Trying again: when, how often, for how long.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

transfers 3 >"$WORK/in"

# --- Retry-After: never sooner ---
serve seconds '429 retry-after=1' '503 retry-after=1' 204
push -o "influxdb=$url"
is "$status" 0 'Retry-After in seconds: delivered'
is "$(stored seconds)" 3 'Retry-After in seconds: stored'
at_least "$(seconds_between seconds 00001 00002)" 1 '429: not sooner than it says'
at_least "$(seconds_between seconds 00002 00003)" 1 '503: not sooner than it says'
cmp -s "$WORK/seconds/00001.body" "$WORK/seconds/00003.body"
ok $? 'Retry-After in seconds: the same bytes'

# the server rounds its date up, the client's clock may round down: N - 1 is sure
serve date '503 retry-after-date=2' 204
push -o "influxdb=$url"
is "$status" 0 'Retry-After as a date: delivered'
at_least "$(seconds_between date 00001 00002)" 1 'Retry-After as a date: not sooner'

serve long '429 retry-after=3600' 204
push --retry-max-time 2 -o "influxdb=$url"
is "$status" 69 'Retry-After longer than --retry-max-time: exit 69'
is "$(requests long)" 1 'Retry-After longer than --retry-max-time: given up at once'
like "$err" 'Retry-After is longer than --retry-max-time' '... and said why'
adds_up '... with the right counts'

# what no Retry-After should be: it must not turn into a flood of requests
for odd in 0 -5 soon 99999999999999999 9223372036854775807 'Mon,01Jan199000:00:00GMT'; do
    name=odd$odd
    serve "$name" "503 retry-after=$odd"
    push --retry-max-time 1 -o "influxdb=$url"
    is "$status" 69 "Retry-After: $odd: exit 69"
    like "$err" '3 read, 0 delivered, 3 lost' "Retry-After: $odd: counts"
    at_least 100 "$(requests "$name")" "Retry-After: $odd: no flood of requests"
done

# one absurd answer does not silence a stream
for odd in retry-after=31536000 retry-after-date=2333333333; do
    serve "$odd" "503 $odd" 204
    push_begin -b 1 -i 10ms --retry-max-time 1 -o "influxdb=$url"
    transfers 1 >&9
    wait_for requests_at_least "$odd" 1
    transfers 1 1 >&9
    sleep 6
    transfers 1 2 >&9
    push_end
    is "$status $(stored "$odd")" '69 2' "$odd: one transfer is lost, the next two are delivered"
    adds_up "$odd: counts"
done

# --- the limits ---
serve never 503
push --retry-max-time 0 -o "influxdb=$url"
is "$status" 69 '--retry-max-time 0: exit 69'
is "$(requests never)" 1 '--retry-max-time 0: one request'
adds_up '--retry-max-time 0: counts'

transfers 500 >"$WORK/in"
# nothing listens on port 1 of anybody's loopback
push -b 50 --retry-max-time 1 -o influxdb=http://127.0.0.1:1/db
is "$status" 69 'refused connections: exit 69'
like "$err" '500 read, 0 delivered, 500 lost$' 'refused connections: the number lost'
once 'onnect' 'refused connections: why, once'
adds_up 'refused connections: counts'

push --retry-max-time 1 -o influxdb=http://no-such-host.invalid/db
is "$status" 69 'a host that does not exist: exit 69'
like "$err" '500 read, 0 delivered, 500 lost$' 'a host that does not exist: counts'
# a name server that is slow makes libcurl say it otherwise
once ': .*(host.*no-such-host\.invalid|esolv.* timed out)' 'a host that does not exist: said, once'

# a server that has much to do sees the first request late, and counts from then
serve hanging hang 204
push --timeout 2 -o "influxdb=$url"
is "$status" 0 'a server that hangs once: --timeout ends it, then all is delivered'
at_least "$(seconds_between hanging 00001 00002)" 1 'it had its time to answer'
is "$(stored hanging)" 500 'a server that hangs once: stored'

serve mute hang
push --timeout 1 --retry-max-time 1 -o "influxdb=$url"
is "$status" 69 'a server that hangs for good: exit 69'
like "$err" '500 read, 0 delivered, 500 lost$' 'a server that hangs for good: counts'
once 'imed out|imeout' 'a server that hangs for good: said, once'
adds_up 'a server that hangs for good: counts'

# --- an outage in the middle of a stream ---
serve outage 204
push_begin -b 20 -i 100ms -o "influxdb=$url"
transfers 100 >&9
wait_for stored_at_least outage 100
ok $? 'outage: what came before is there'
serve_stop outage
transfers 1000 100 >&9
sleep 1
serve outage 204
transfers 100 1100 >&9
push_end
is "$status" 0 'outage: exit 0'
is "$(stored outage)" 1200 'outage: all is stored'
is "$(wc -l <"$WORK/outage/stored")" 1200 'outage: and nothing twice'

# --- an answer that was lost on the way: the same points again, which are the same ---
serve unsure 'empty' '204'
push -b 100 -o "influxdb=$url"
is "$status" 0 'answers lost: exit 0'
is "$(stored unsure)" 500 'answers lost: all is stored'
cmp -s "$WORK/unsure/00001.body" "$WORK/unsure/00002.body"
ok $? 'answers lost: the same bytes again'

# --- given up, and then the server is there again: later transfers are delivered ---
serve revived 503
push_begin -v -b 10 -i 100ms --retry-max-time 0 -o "influxdb=$url"
transfers 10 >&9
wait_for requests_at_least revived 1
serve_stop revived
serve revived 204
# what comes while it waits for its next try is lost: send until one gets through
first=10
until stored_at_least revived 1 || [ "$first" -gt 2000 ]; do
    transfers 10 "$first" >&9
    first=$((first + 10))
    sleep 0.2
done
push_end
is "$status" 69 'given up for a while: exit 69'
at_least "$(stored revived)" 10 'given up for a while: what came later is delivered'
adds_up 'given up for a while: counts'
is "$(printf '%s\n' "$err" | sed -n 's/.* read, \([0-9]*\) delivered.*/\1/p')" \
    "$(stored revived)" 'given up for a while: the number delivered is the number stored'
tap_done
