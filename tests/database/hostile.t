#!/bin/sh
# Labels from strange shells, headers and URLs from malicious servers, keys from
# nowhere: one point stays one point, and nothing else comes into being.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
start_victoria_metrics -influx.maxLineSize=1048576 || exit 1

# into OPTION...: pushes to a new database, and the same to VictoriaMetrics, where
# its name is a label
databases=0
into() {
    databases=$((databases + 1))
    db=hostile$databases
    influx_create $db
    push "$@" -o "influxdb=$INFLUXDB_URL/$db" -o "influxdb=$VICTORIA_URL/$db"
}

# influx_points DB NAME, victoria_points DB NAME: "POINTS in SERIES"
influx_points() {
    influx_query "$1" "SELECT count(value) FROM \"$2\" GROUP BY *" |
        sed 1d | awk -F , '{ points += $NF; series++ } END { print points + 0, "in", series + 0 }'
}
victoria_points() {
    local_curl "$VICTORIA_URL/internal/force_flush"
    # the end is now if nothing else is said, to the second
    local_curl "$VICTORIA_URL/api/v1/export" --data "end=$(($(date +%s) + 60))" \
        --data-urlencode "match[]={__name__=\"$2\",db=\"$1\"}" | python3 -c '
import json, sys
series = [json.loads(line) for line in sys.stdin]
print(sum(len(one["values"]) for one in series), "in", len(series))'
}

# names DB: what InfluxDB calls measurements, tags and fields
names() {
    for what in MEASUREMENTS 'TAG KEYS' 'FIELD KEYS'; do
        influx_query "$1" "SHOW $what" | sed 1d
    done | tr ',' '\n' | sort -u
}

# strange_names DB: those that are none of curl's
strange_names() {
    names "$1" | grep -vE '^([a-z0-9_]+|urle?\.[a-z]+)$'
}

# --- labels ---
cat >"$WORK/labels.py" <<'END'
import subprocess, sys
labels = [
    b"a b", b"a,b", b"a=b", b'a"b', b"a'b", b"a\\b", b"a\\", b"a\\\\", b"\\", b'"', b"=", b",", b" ",
    b"a ", b" a", b"a\nfake value=1", b"a\r\nfake value=1", b"a\n", b"\n", b"a\tb", b"\x01", b"\x7f",
    b"a\\\nfake value=1", b"a,label=fake value=2 1\nfake value=1", b"a\\,fake=1", b"a\\ b", b"a\\=b",
    b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\x80", "\u00e9\u4e16\U0001f600".encode(),
    "\u2028".encode(), "\u0085".encode(), b"#a", b"a#b", b"{}", b"$(id)", b"`id`", b"%n%s", b"null",
    b"t", b"1", b"1i", b"true", b"a;b", b"a'; DROP DATABASE x", b"x" * 4096, b"y" * 5000,
    b"\xff" * 3000, b"\\" * 4096, b"," * 4096, b"\n" * 4097, b"z" * 120000,
]
assert len(labels) == len(set(labels))
objects = open(sys.argv[1], "rb").read()
for label in labels:
    # with its key, so that what stands before a "=" in it is none; some become
    # alike when they are cleaned, and the number keeps them apart
    subprocess.run(sys.argv[2:] + [b"--label=label=" + label,
                                   "--label=number=%d" % labels.index(label)],
                   input=objects, check=True)
print(len(labels))
END
transfers 1 >"$WORK/in"
influx_create plain
push --label plain --label number=1 -o "influxdb=$INFLUXDB_URL/plain"
is "$status" 0 'a plain one for comparison'
influx_create labels
labels=$(python3 "$WORK/labels.py" "$WORK/in" "$BIN" -q \
    -o "influxdb=$INFLUXDB_URL/labels" -o "influxdb=$VICTORIA_URL/labels" 2>"$WORK/err")
is "$(cat "$WORK/err")" '' 'hostile labels: all are delivered'
is "$(influx_points labels time_total)" "$labels in $labels" 'InfluxDB: hostile labels'
is "$(victoria_points labels time_total_value)" "$labels in $labels" 'VictoriaMetrics: hostile labels'
is "$(names labels)" "$(names plain)" 'hostile labels: no other names'
for key in time _field 'a b' 'a,b' '' 'a"' '#a' 'a
b'; do
    push --label "$key=x" -o "influxdb=$INFLUXDB_URL/labels"
    is "$status" 64 "a label's key $(printf "'%s'" "$key" | tr '\n' ' '): refused"
done

# --- a server, and a real curl that believes it ---
# answer HEADERS: with printf's escapes
count=0
answer() {
    count=$((count + 1))
    # shellcheck disable=SC2059 # that is what it is
    printf "HTTP/1.1 302 x\r\n$1\r\nContent-Length: 0\r\n\r\n" >"$WORK/answer$count"
}
# shellcheck disable=SC1003 # these are backslashes at the end
{
    answer 'Content-Type: a,b=c d\\'
    answer 'Content-Type: "quoted\\" value=1'
    answer 'Content-Type: a\\nfake value=1'
    answer 'Content-Type: \\"\\\\'
    answer 'Content-Type: \377\376\303'
    answer 'Content-Type: tab\there\001\033[31m'
    answer 'Content-Type: ,,,==='
    answer 'Content-Type: \342\200\250line'
    answer 'Location: http://u:s3cret@evil/\\\nX: y'
    answer 'Location: http://evil/a b,c=d"e\\'
    answer 'Location: //evil/\377\r\nContent-Type: x'
    answer 'Location: http://evil/%%0afake%%20value=1'
    answer "Location: http://evil/$(printf '%09000d' 0 | tr 0 ,)"
    answer "Content-Type: $(printf '%09000d' 0 | tr 0 '\\')\\\\\\\\"
}
steps=''
for number in $(seq $count); do steps="$steps raw=$WORK/answer$number"; done
# shellcheck disable=SC2086 # a list
serve evil $steps
for number in $(seq $count); do
    curl -q -s --noproxy '*' -o /dev/null -w '%{json}\n' "${url%/db}/$number\\,=%20%0a%22?q=s3cret"
done >"$WORK/in"
is "$(wc -l <"$WORK/in")" "$count" 'curl has asked a malicious server'

for layout in metric wide; do
    into --label server --layout $layout --text
    is "$status" 0 "server's texts, $layout: delivered"
    if [ $layout = metric ]; then
        is "$(influx_points $db time_total)" "$count in 1" "InfluxDB: server's texts"
        is "$(victoria_points $db time_total_value)" "$count in 1" "VictoriaMetrics: server's texts"
    else
        is "$(influx_query $db 'SELECT count(time_total) FROM curl' | sed -n '2s/.*,//p')" $count \
            "InfluxDB: server's texts, wide"
        victoria_points $db curl_time_total >"$WORK/points"
        is "$(cut -d ' ' -f 1 "$WORK/points")" "$count" "VictoriaMetrics: server's texts, wide"
    fi
    is "$(strange_names $db)" '' "server's texts, $layout: no strange names"
    unlike "$(names $db)" '^fake$' "server's texts, $layout: nothing injected"
    unlike "$(influx_query $db 'SELECT * FROM /.*/')" 's3cret' "server's texts, $layout: no secret"
done

into --label server --tag-field content_type,redirect_url,url,url_effective,url.path,host
is "$status" 0 "server's texts as tags: delivered"
is "$(influx_points $db time_total)" "$count in $count" "InfluxDB: server's texts as tags"
is "$(victoria_points $db time_total_value)" "$count in $count" "VictoriaMetrics: server's texts as tags"
is "$(strange_names $db)" '' "server's texts as tags: no strange names"

into --label server --layout k6 --text --tag-field name=url
is "$status" 0 "server's texts, k6: delivered"
is "$(influx_query $db 'SELECT count(value) FROM http_reqs' | sed -n '2s/.*,//p')" "$count" \
    "InfluxDB: server's texts, k6"
is "$(strange_names $db)" '' "server's texts, k6: no strange names"
unlike "$(names $db)" '^fake$' "server's texts, k6: nothing injected"
unlike "$(influx_query $db 'SELECT * FROM /.*/')" 's3cret' "server's texts, k6: no secret"

# --- keys that no curl writes ---
cat >"$WORK/in" <<'END'
{"ts":1600000000,"curl":{"time_total":1,"#x":1,"curl_version":"x"}}
{"ts":1600000001,"curl":{"time_total":2,"nl\nfake value":6,"curl_version":"x"}}
{"ts":1600000002,"curl":{"time_total":3,"q\"uo":3,"curl_version":"x"}}
{"ts":1600000003,"curl":{"time_total":4,"c,d=e":4,"curl_version":"x"}}
{"ts":1600000004,"curl":{"time_total":5,"bs\\":5,"curl_version":"x"}}
{"ts":1600000005,"curl":{"time_total":6,"time":8,"curl_version":"x"}}
{"ts":1600000006,"curl":{"time_total":7,"_new-key.2":1,"curl_version":"x"}}
END
for layout in metric wide; do
    into --label keys --layout $layout
    is "$status" 65 "strange keys, $layout: refused"
    like "$err" '6 refused .5 a name that databases cannot store, 1 two times' "strange keys, $layout: and counted"
    unlike "$(names $db)" '^fake' "strange keys, $layout: nothing injected"
    [ $layout = metric ] || continue
    is "$(influx_points $db time_total)" '1 in 1' 'strange keys: what is none is stored'
    is "$(influx_points $db '_new-key.2')" '1 in 1' 'strange keys: under its own name'
done
tap_done
