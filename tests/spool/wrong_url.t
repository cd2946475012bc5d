#!/bin/sh
# A destination must have taken something before it may condemn a transfer: what refuses
# everything is a wrong scheme, path, tenant or database, and not a bad point. And yet a bad
# point is found, wherever it stands.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

count=0
# target TYPE: -o for the last server
target() {
    case $1 in
    influxdb) echo "influxdb=$url" ;;
    *) echo "prometheus=${url%/db}/api/v1/write" ;;
    esac
}

# wrong TYPE TRANSFERS STEP WORDS: nothing is removed, nothing blamed, few requests
wrong() {
    count=$((count + 1))
    title="$1, $2 transfers, $3"
    transfers "$2" >"$WORK/in"
    serve "wrong$count" "$3"
    push -o "$(target "$1")"
    is "$status" 69 "$title: exit 69"
    at_least 10 "$(requests "wrong$count")" "$title: few requests"
    like "$err" "$2 read, 0 delivered, $2 lost\$" "$title: all is lost, nothing refused"
    once "$4.*check the URL" "$title: the server's words and what to check, once"
    unlike "$err" "refused '" "$title: no point is blamed"
    serve "kept$count" "$3"
    TO=$(target "$1")
    SPOOL=$WORK/spool$count
    put_bulk
    is "$status" 0 "$title, spool: written"
    drain
    is "$status" 75 "$title, spool: --drain exits 75"
    at_least 10 "$(requests "kept$count")" "$title, spool: few requests"
    like "$err" "$4.*check the URL: scheme, path, database, tenant" "$title, spool: --drain says why"
    said=$("$BIN" --spool "$SPOOL" --spool-status)
    is "$?" 75 "$title, spool: --spool-status exits 75"
    like "$said" "waiting: $2 transfers?," "$title, spool: all are there"
    like "$said" "last error: .*$4" "$title, spool: --spool-status says why"
    unlike "$said" 'refused so far' "$title, spool: none was refused"
    serve_stop "kept$count"
    serve "kept$count" 204
    drain
    is "$status" 0 "$title, spool: delivered when the server is right"
    serve_stop "kept$count"
    serve_stop "wrong$count"
}
wrong influxdb 300 '400 body=Client sent an HTTP request to an HTTPS server.' 'an HTTP request to an HTTPS'
wrong prometheus 300 '400 body=unsupported path requested: "/x"' 'unsupported path requested'
wrong prometheus 300 '400 body=auth error: cannot parse accountID' 'cannot parse accountID'
wrong influxdb 300 '400 header=X-Influxdb-Version:1.8.10 body={"error":"database is required"}' \
    'database is required'
wrong influxdb 300 '422 body={"detail":[{"type":"missing"}]}' 'HTTP 422: .*missing'
wrong prometheus 300 '200 header=Content-Type:text/html body=<html>log in</html>' 'log in'
wrong prometheus 300 '200 body= <!doctype html>' 'doctype'
wrong prometheus 300 '409 body=busy' 'HTTP 409: busy'
wrong influxdb 300 413 'HTTP 413'
wrong prometheus 1 '400 body=no' 'HTTP 400: no'
wrong influxdb 2 '400 body=no' 'HTTP 400: no'
wrong prometheus 12 '405 body=no' 'HTTP 405: no'

# many small batches find out with as many requests as a large one
transfers 300 >"$WORK/in"
serve small '400 body=no'
push -b 1 -o "influxdb=$url"
is "$status $(requests small)" '69 10' 'batches of one transfer: ten requests, lost'
like "$err" '300 read, 0 delivered, 300 lost$' 'batches of one transfer: counts'

# --- what is bad is found all the same ---

# bad NAME N LINE...: N transfers, of which those lines are refused in words that mean nothing
bad() {
    name=$1
    transfers "$2" >"$WORK/in"
    n=$2
    shift 2
    for line in "$@"; do sed -i "${line}s/0\.25/0.666/" "$WORK/in"; done
    SPOOL=$WORK/spool-$name
    serve "$name" 'bad-line=value=0.666 body=no'
    TO=influxdb=$url
}
for lines in 1 300 '1 2' '1 2 3' '1 300' '150' '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'; do
    name=bad$(echo "$lines" | tr ' ' _)
    # shellcheck disable=SC2086 # a list
    bad "$name" 300 $lines
    n=$(echo "$lines" | wc -w)
    put_bulk
    drain
    is "$status" 65 "lines $lines bad: --drain exits 65"
    like "$err" "$((300 - n)) delivered, $n refused by the database" "lines $lines bad: the others are delivered"
    is "$(stored "$name")" $((300 - n)) "lines $lines bad: and stored"
    echo "# lines $lines: $(requests "$name") requests"
done
is "$(requests bad1)" 5 'the first of 300 is bad: 5 requests'

# alone it may be the URL's fault: it is kept, and does not block what comes behind it
bad alone 1 1
put_bulk
drain
is "$status" 75 'a bad transfer alone: kept'
put good
drain
is "$status" 65 'a bad transfer alone, then a good one: settled'
like "$err" '1 delivered, 1 refused by the database' 'a bad transfer alone, then a good one: counts'
is "$(stored alone)" 1 'a bad transfer alone, then a good one: the good one is stored'
bad one-by-one 2 1 2
put_bulk -b 1
put good -b 1
drain -b 1
drain -b 1
like "$err" '1 delivered, 2 refused by the database' '-b 1: two bad ones do not block the third for good'

# words that are about points are believed at once
transfers 1 >"$WORK/in"
for words in 'out of bounds' 'out of order sample' 'err-mimir-sample-timestamp-too-old' 'duplicate sample' \
    'label value too long' 'outside retention'; do
    serve "words" "400 body=$words"
    SPOOL=$WORK/spool-words
    TO=prometheus=${url%/db}
    put_bulk
    drain
    is "$status" 65 "'$words': believed at once"
    rm -rf "$SPOOL"
    serve_stop words
done
serve thanos '409 body=store locally: out of order sample'
SPOOL=$WORK/spool-thanos
TO=prometheus=${url%/db}
put_bulk
drain
is "$status" 65 "409 'out of order': believed at once"

# a destination that worked may go wrong in a stream, and be right again
serve stream 204 '30*400 body=no' 204
push_begin -b 1 -i 10ms -o "influxdb=$url"
for first in $(seq 0 39); do transfers 1 "$first" >&9; done
push_end
is "$status" 69 'a stream: what was refused is lost'
like "$err" '40 read, 10 delivered, 30 lost' 'a stream: what came before and after is not'
tap_done
