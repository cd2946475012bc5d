#!/bin/sh
# What goes over the wire: request lines, headers, credentials, compression.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

transfers 3 >"$WORK/in"
serve db 204
host=${url%/db}

# The number of the newest request, and of its header FIELD the values
last() {
    printf %05d "$(requests db)"
}
last_header() {
    header db "$(last)" "$1"
}

basic() {
    printf 'Basic %s' "$(printf %s "$1" | base64)"
}

# sent LINE WHAT: the newest request's line
sent() {
    is "$(request_line db "$(last)")" "POST $1 HTTP/1.1" "$2"
}

# --- the plain request ---
push -o "influxdb=$host/metrics"
is "$status" 0 'a request'
sent '/write?db=metrics&precision=ns' 'a database as path: InfluxDB 1'
is "$(last_header Content-Type)" 'text/plain; charset=utf-8' 'Content-Type'
like "$(last_header User-Agent)" '^tsdb-exporter/[0-9]' 'User-Agent'
is "$(last_header Content-Length)" "$(wc -c <"$WORK/db/$(last).body")" 'Content-Length'
for field in Expect Authorization Content-Encoding Transfer-Encoding Referer Cookie; do
    is "$(last_header $field)" '' "no $field"
done
is "$(cat "$WORK/db/$(last).body")" "time_total value=0.25 1500000000000000000
time_total value=0.25 1500000001000000000
time_total value=0.25 1500000002000000000" 'the body'

# --- endpoints ---
push -o "influxdb=$host/write?db=a&rp=b"
sent '/write?db=a&rp=b&precision=ns' '/write keeps its query'
push -o "influxdb=$host/prefix/write?db=a"
sent '/prefix/write?db=a&precision=ns' 'behind a prefix'
push -o "influxdb=$host/insert/0/influx/write"
sent '/insert/0/influx/write?precision=ns' 'without a database'
push -o "influxdb=$host/api/v2/write?org=o&bucket=b%20c"
sent '/api/v2/write?org=o&bucket=b%20c&precision=ns' 'InfluxDB 2'
push -o "influxdb=$host/api/v3/write_lp?db=d"
sent '/api/v3/write_lp?db=d&precision=nanosecond' 'InfluxDB 3'
push -o "influxdb=$host/insert/0/influx"
sent '/insert/0/influx/write?precision=ns' 'a VictoriaMetrics cluster, without the last step'
push -v -o "influxdb=${host%%127*}me:s3cret@${host#http://}/proxy/?db=a%20b&precision=ns&p=s3cret"
sent '/proxy/write?db=a%20b&p=s3cret&precision=ns' 'a database in the query, behind a prefix'
like "$err" "points go to influxdb $host/proxy/write\?db=a%20b( |$)" '-v says which URL came out'
unlike "$err" 's3cret' 'and no secret'
push -o "prometheus=$host/prometheus/"
sent '/prometheus/api/v1/write' 'remote write, without the last steps'
push -o "prometheus=$host/insert/0/prometheus"
sent '/insert/0/prometheus' 'a path that takes it is kept'
export INFLUX_ORG='my org' INFLUX_BUCKET='b/c&d'
push -o "influxdb=$host"
sent '/api/v2/write?org=my%20org&bucket=b%2Fc%26d&precision=ns' 'org and bucket from the environment'
push -o "influxdb=$host/api/v2/write?org=mine&bucket=own"
sent '/api/v2/write?org=mine&bucket=own&precision=ns' 'those of the URL win'
push -o "influxdb=$host/metrics"
sent '/write?db=metrics&precision=ns' 'and a database needs none'
INFLUX_HOST=$host push
sent '/api/v2/write?org=my%20org&bucket=b%2Fc%26d&precision=ns' 'all from the environment'
unset INFLUX_ORG INFLUX_BUCKET
INFLUX_HOST=$host/ push
sent '/write?db=metrics&precision=ns' 'a host alone: the database that the old script had'

# --- headers ---
push -H 'X-Scope-OrgID: tenant' -H 'X-Empty;' -o "influxdb=$host/db"
is "$(last_header X-Scope-OrgID)" tenant '-H adds a header'
is "$(grep -ci '^x-empty:' "$WORK/db/$(last).head")" 1 '-H "Name;" adds an empty one'
push -H 'Content-Type: text/other' -H 'User-Agent: me' -o "influxdb=$host/db"
is "$(last_header Content-Type)" text/other '-H replaces Content-Type'
is "$(last_header User-Agent)" me '-H replaces User-Agent'
INFLUX_TOKEN=t0ken push -H 'Authorization: Own scheme' -o "influxdb=$host/db"
is "$(last_header Authorization)" 'Own scheme' '-H replaces Authorization'

# --- credentials ---
export INFLUX_TOKEN=t0ken
push -o "influxdb=$host/db"
is "$(last_header Authorization)" 'Token t0ken' 'INFLUX_TOKEN for InfluxDB 1'
push -o "influxdb=$host/api/v2/write?bucket=b"
is "$(last_header Authorization)" 'Token t0ken' 'INFLUX_TOKEN for InfluxDB 2'
push -o "influxdb=$host/api/v3/write_lp?db=b"
is "$(last_header Authorization)" 'Bearer t0ken' 'INFLUX_TOKEN for InfluxDB 3'
unset INFLUX_TOKEN
export INFLUX_USERNAME=me INFLUX_PASSWORD='p@ss:w/rd'
push -o "influxdb=$host/db"
is "$(last_header Authorization)" "$(basic 'me:p@ss:w/rd')" 'INFLUX_USERNAME and INFLUX_PASSWORD'
with_login="http://you:s%40cret@${host#http://}/db"
push -o "influxdb=$with_login"
is "$(last_header Authorization)" "$(basic 'you:s@cret')" 'user and password of the URL win'
unset INFLUX_USERNAME INFLUX_PASSWORD

mkdir "$WORK/home"
printf 'machine 127.0.0.1 login net password rc-secret\n' >"$WORK/home/.netrc"
chmod 600 "$WORK/home/.netrc"
HOME=$WORK/home push -o "influxdb=$host/db"
is "$(last_header Authorization)" '' '.netrc is not read unasked'
HOME=$WORK/home push --netrc -o "influxdb=$host/db"
is "$(last_header Authorization)" "$(basic net:rc-secret)" '--netrc'
HOME=$WORK/home push --netrc -o "influxdb=$with_login"
is "$(last_header Authorization)" "$(basic 'you:s@cret')" '--netrc yields to the URL'

# --- and none of them is told ---
# secretless WHAT: in what the program printed
secretless() {
    unlike "$(cat "$WORK/err" "$WORK/out")" \
        'cret|t0ken|p@ss|p%40ss|rc-secret|q-secret|q%2Dsecret|you:|'"$(
            for login in 'you:s@cret' 'me:p@ss' 'net:rc-secret'; do
                basic "$login" | cut -c 7- | tr '\n' '|'
            done)cret" "$1"
}
serve denied 401
denied=${url%/db}
serve closed empty
closed=${url%/db}
echoes=
for form in plain json percent values; do
    serve "echo-$form" "401 echo=$form"
    echoes="$echoes ${url%/db}"
done
for at in "$denied" "$closed" $echoes http://127.0.0.1:1 http://no-such-host.invalid; do
    export INFLUX_TOKEN=t0ken INFLUX_USERNAME=me INFLUX_PASSWORD='p@ss'
    push -v --retry-max-time 0 -o "influxdb=$at/write?db=x&u=me&p=q-secret"
    secretless "environment and query: not told ($at)"
    unset INFLUX_TOKEN INFLUX_USERNAME INFLUX_PASSWORD
    push -v --retry-max-time 0 -H 'Authorization: Token t0ken' \
        -o "influxdb=http://you:s%40cret@${at#http://}/db"
    secretless "URL and header: not told ($at)"
    HOME=$WORK/home push -v --retry-max-time 0 --netrc -o "influxdb=$at/db"
    secretless "netrc: not told ($at)"
done
serve shown '401 echo=plain'
push --retry-max-time 0 -H 'X-Scope-OrgID: tenant' -o "influxdb=http://you:s%40cret@${url#http://}"
like "$err" 'HTTP 401: POST /write\?db=db&precision=ns HTTP/1.1 .* \*\*\*' 'what a server repeats is shown, masked'
for form in "http://you:s%40cret@127.0.0.1:999999" "http://you:s%40cret@[x" 'http://me:s3cret/' 'me:s3cret' \
    'you:s/cret@h:x' "ftp://you:s%40cret@h"; do
    http_proxy=$form push -v --retry-max-time 0 -o "influxdb=$denied/db"
    secretless "a mistyped proxy: not told ($form)"
done
push -v -o "influxdb=https://you:s%40cret@[broken/db"
is "$status" 64 'a broken URL: exit 64'
secretless 'a broken URL: not told'
push -v -o "http://you:s%40cret@host/write?db=x"
is "$status" 64 'an output without a type: exit 64'
secretless 'an output without a type: not told'

# Everybody may read the command lines of others.
serve hanging hang
push_begin -i 10ms -o "influxdb=http://you:s%40cret@${url#http://}?u=me&p=q-secret"
cat "$WORK/in" >&9
wait_for requests_at_least hanging 1
like "$(tr '\0' ' ' <"/proc/$pid/cmdline")" 'influxdb=' 'the command line can be read'
unlike "$(tr '\0' ' ' <"/proc/$pid/cmdline")" 'cret' 'but not the password in it'
kill -9 "$pid"
push_end 2>/dev/null

# --- compression ---
transfers 1000 >"$WORK/in"
push -o "influxdb=$host/db"
plain=$WORK/db/$(last).body
push --gzip -o "influxdb=$host/db"
is "$(last_header Content-Encoding)" gzip '--gzip: Content-Encoding'
gzip -dc "$WORK/db/$(last).body" 2>/dev/null | cmp -s - "$plain"
ok $? '--gzip: decompressed it is the same'
at_least "$(($(wc -c <"$plain") / 5))" "$(wc -c <"$WORK/db/$(last).body")" '--gzip: a fifth of the bytes'
serve again 503 204
push --gzip -o "influxdb=$url"
cmp -s "$WORK/again/00001.body" "$WORK/again/00002.body"
ok $? '--gzip: a retry is the same bytes'
serve bad 'bad-line=never in there'
push --gzip -b 300 -o "influxdb=$url"
is "$(stored bad)" 1000 '--gzip: several batches'

# --- one connection ---
serve alive 204
push -b 20 -o "influxdb=$url"
is "$(requests alive)" 50 'fifty requests'
is "$(connections alive)" 1 'over one connection'
serve closing '204 close'
push -b 20 -o "influxdb=$url"
is "$status" 0 'a server that closes each connection: exit 0'
is "$(stored closing)" 1000 'a server that closes each connection: everything is stored'
is "$(wc -l <"$WORK/closing/stored")" 1000 'and nothing twice'
tap_done
