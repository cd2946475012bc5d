#!/bin/sh
# Runs each script of examples/ as a user would, with a real web server, a real
# curl and a real database, and asks the database what arrived.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
# shellcheck source=tests/lib/servers.sh
. tests/lib/servers.sh
servers_begin
trap 'servers_end; rm -rf "$WORK"' EXIT
# shellcheck disable=SC2119 # start_caddy takes a snippet, if one is wanted
start_influxdb && start_caddy || exit 1

mkdir "$WORK/bin"
ln -s "$BIN" "$WORK/bin/tsdb-exporter"
PATH=$WORK/bin:$PATH
export TSDB_EXPORTER_OUTPUT="influxdb=$INFLUXDB_URL/metrics"
local_curl "$INFLUXDB_URL/query" --data-urlencode 'q=CREATE DATABASE metrics' >/dev/null
url=$CADDY_HTTP_URL/ok

# How many transfers with this label and HTTP code (or that value of another key) are stored.
stored() {
    influx_query metrics "SELECT count(value) FROM ${3-http_code} WHERE label = '$1' AND value = $2" |
        sed -n '2s/.*,//p'
}

TSDB_EXPORTER_LABEL=loop examples/loop.sh "$url" 3 0.1
is "$(stored loop 200)" 3 'loop.sh: a transfer each time round'

export TSDB_EXPORTER_SPOOL="$WORK/spool"
out=$(TSDB_EXPORTER_LABEL=vusers examples/vusers.sh "$url" 8 40 -H 'X-Test: a b' 2>&1)
is "$?:$out" 0: 'vusers.sh: silent when all is well, and no terminal is there'
is "$(stored vusers 200)" 40 'vusers.sh: every transfer of eight users at a time'
TSDB_EXPORTER_LABEL=minutes examples/vusers.sh "$url" 2 1s
is $? 0 'vusers.sh: for a time'
[ "$(stored minutes 200)" -ge 2 ]
ok $? 'vusers.sh: at least one transfer of each user'
TSDB_EXPORTER_LABEL=refused examples/vusers.sh http://127.0.0.1:9/ 2 4
is $? 1 'vusers.sh: a curl that failed'
is "$(stored refused 0)" 4 'vusers.sh: is stored, too'
out=$(TSDB_EXPORTER_OUTPUT=influxdb=http://127.0.0.1:9/x TSDB_EXPORTER_RETRY_MAX_TIME=0 \
    examples/vusers.sh "$url" 2 4 2>&1)
is $? 75 'vusers.sh: a database out of reach'
like "$out" '4 not delivered yet' 'vusers.sh: and how many are kept'
unset TSDB_EXPORTER_SPOOL

for i in 1 2 3 4 5; do echo "$url?$i\"\\"; done >"$WORK/urls"
TSDB_EXPORTER_LABEL=stream examples/stream.sh "$WORK/urls"
is "$(stored stream 200)" 5 'stream.sh: every URL of the list'

# Over HTTP/3, with curl's options and a curl that has it.
mkdir "$WORK/http3"
ln -s "$(tests/lib/fetch.sh curl)" "$WORK/http3/curl"
for i in 1 2 3 4 5; do echo "$CADDY_HTTPS_URL/ok?$i"; done >"$WORK/urls"
TSDB_EXPORTER_LABEL=stream3 PATH=$WORK/http3:$PATH \
    examples/stream.sh "$WORK/urls" --http3-only --cacert "$CADDY_CA"
is "$(stored stream3 200):$(stored stream3 3 http_version)" 5:5 'stream.sh: over HTTP/3'
TSDB_EXPORTER_LABEL=vusers3 TSDB_EXPORTER_SPOOL=$WORK/spool3 PATH=$WORK/http3:$PATH \
    examples/vusers.sh "$CADDY_HTTPS_URL/ok" 4 20 --http3-only --cacert "$CADDY_CA"
is "$?:$(stored vusers3 200):$(stored vusers3 3 http_version)" 0:20:20 'vusers.sh: over HTTP/3'

out=$(examples/smoke-check.sh "$url" "$url?2" 2>&1)
is "$?:$out" '0:' 'smoke-check.sh: silent when all is well'
is "$(stored smoke 200)" 2 'smoke-check.sh: and it is stored'
out=$(examples/smoke-check.sh "$CADDY_HTTP_URL/404" 2>&1)
is $? 99 'smoke-check.sh: an HTTP error is a failure'
like "$out" 'http_code:max<400 *404' 'smoke-check.sh: and which'
like "$out" '^http.*/404$' 'smoke-check.sh: and where'
out=$(SLOWEST=1us examples/smoke-check.sh "$url" "$url?2" 2>&1)
is "$?:$(printf '%s\n' "$out" | grep -Ec '(FAIL|✗) time_total:max<1us')" 99:2 'smoke-check.sh: each that is too slow'
is "$(stored smoke 404)" 1 'smoke-check.sh: the failure is stored as well'
out=$(TSDB_EXPORTER_OUTPUT=influxdb=http://127.0.0.1:9/x TSDB_EXPORTER_RETRY_MAX_TIME=0 \
    examples/smoke-check.sh "$url" 2>&1)
is $? 69 'smoke-check.sh: a database out of reach is told apart'
like "$out" '1 lost' 'smoke-check.sh: and said'

out=$(CURL_CA_BUNDLE=$CADDY_CA CERT_DAYS=10000 examples/smoke-check.sh "$CADDY_HTTPS_URL/ok" 2>&1)
is $? 99 'smoke-check.sh: a certificate that ends too soon'
like "$out" 'cert_expiry:min>10000d' 'smoke-check.sh: is said'
out=$(CURL_CA_BUNDLE=$CADDY_CA CERT_DAYS=0 examples/smoke-check.sh "$CADDY_HTTPS_URL/ok" 2>&1)
is "$?:$out" 0: 'smoke-check.sh: one that does not is not'

examples/replay.sh record "$WORK/saved" "$url" "$url?2"
TSDB_EXPORTER_LABEL=replay examples/replay.sh send "$WORK/saved"
TSDB_EXPORTER_LABEL=replay examples/replay.sh send "$WORK/saved"
is "$(stored replay 200)" 2 'replay.sh: sent twice, stored once'
examples/replay.sh repeat "$WORK/saved" 2>/dev/null
is $? 64 'replay.sh: a wrong word is wrong usage'

# The service as systemd would run it: its command and its variables, with the user's
# own directory and environment file.
unit=examples/tsdb-exporter-drain.service
printf 'TSDB_EXPORTER_OUTPUT=%s\n' "$TSDB_EXPORTER_OUTPUT" >"$WORK/environment"
sed "s#/usr/local/bin/tsdb-exporter#$WORK/bin/tsdb-exporter#
    s#/var/lib/tsdb-exporter#$WORK/drained#
    s#/etc/tsdb-exporter.env#$WORK/environment#
    s#^User=.*#User=$(id -un)#" "$unit" >"$WORK/tsdb-exporter-drain.service"
setting() {
    sed -n "s/^$1=//p" "$WORK/tsdb-exporter-drain.service"
}
# shellcheck disable=SC2046 # words
exec_start() {
    exec env -i $(setting Environment) $(cat "$(setting EnvironmentFile)") $(setting ExecStart)
}
exec_start 2>"$WORK/drain.err" &
drainer=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do # or the one that puts would start another one
    [ -z "$(find "/proc/$drainer/fd" -lname '*.drainer')" ] || break
    sleep 0.2
done
curl -s -o /dev/null -w '%{json}' "$url" | tsdb-exporter --spool "$WORK/drained" --label drained --wait
is $? 0 'the service: what is put into its spool is delivered'
is "$(stored drained 200)" 1 'the service: and stored'
kill -TERM "$drainer"
wait "$drainer"
is $? 0 'the service: ends when it is told to'
is "$(cat "$WORK/drain.err")" '' 'the service: silently'
if command -v systemd-analyze >/dev/null; then
    is "$(systemd-analyze verify "$WORK/tsdb-exporter-drain.service" 2>&1 | grep tsdb-exporter)" '' \
        'the service: systemd finds nothing wrong'
else
    ok 0 'the service: systemd finds nothing wrong # SKIP no systemd-analyze here'
fi

tap_done
