#!/bin/sh
# What --summary shows, on terminals of three widths and in a file; what
# --summary-export writes; how thresholds and it decide the exit code. The numbers
# are tested in tests/unit. UPDATE=1 tests/cli/summary.t writes what it sees.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/golden.sh
. "$ROOT/tests/lib/golden.sh"

GOLDEN=$ROOT/tests/cli/golden
ON_TERMINAL=$ROOT/tests/lib/on_terminal.py
cd "$WORK" || exit 1
unset NO_COLOR COLUMNS LC_CTYPE LANG
LC_ALL=C.UTF-8
TERM=xterm
export LC_ALL TERM

"$ROOT/tests/lib/many_transfers.py" 3000 > many
head -n 1 many > one
: > none
printf '{"broken":\n' > rubbish

# code OPTION...: runs it on ./in
code() {
    "$BIN" -o file=/dev/null "$@" < in > out 2> stderr
    echo $?
}

cp many in
is "$(code --summary)|$(cat out)" "0|" "a summary is no failure, and nothing on standard output"
golden "$GOLDEN/summary_file" stderr "in a file: 80 columns, no colour"
is "$(grep -c "$(printf '\033')" stderr)" 0 "no control sequence"
COLUMNS=120
export COLUMNS
code --summary > /dev/null
unset COLUMNS
golden "$GOLDEN/summary_columns" stderr "COLUMNS says how wide a file is"
LC_ALL=C code --summary > /dev/null
golden "$GOLDEN/summary_ascii" stderr "without UTF-8"
is "$(LC_ALL=C tr -d '\000-\177' < stderr | wc -c)" 0 "nothing but ASCII"
code --summary --summary-by url.host > /dev/null
golden "$GOLDEN/summary_hosts" stderr "130 hosts: a hundred, and the others"
cp one in
code --summary > /dev/null
golden "$GOLDEN/summary_one" stderr "one transfer"
cp none in
code --allow-empty --summary > /dev/null
golden "$GOLDEN/summary_none" stderr "no transfer"
is "$(code -q --allow-empty --summary; cat stderr)" "0
$(cat "$GOLDEN/summary_none")" "--quiet does not silence what was asked for"

if "$ON_TERMINAL" 80 true; then
    for columns in 48 60 80 200; do
        NO_COLOR=1 "$ON_TERMINAL" $columns "$BIN" -o file=/dev/null --summary < many > screen
        golden "$GOLDEN/summary_$columns" screen "a terminal of $columns columns"
        is "$(python3 -c '
import sys
for line in open("screen", encoding="utf-8"):
    if len(line.rstrip("\n")) > int(sys.argv[1]):
        print(line, end="")' $columns)" "" "no line is longer"
    done
    "$ON_TERMINAL" 80 "$BIN" -o file=/dev/null --summary --threshold 'failed:rate<1%' < many > screen
    is "$?" 99 "a crossed threshold, on a terminal"
    golden "$GOLDEN/summary_colour" screen "with colours"
    sed "s/$(printf '\033')\[[0-9]*m//g" screen | sed '/^thresholds/,$d' > bare
    cmp -s bare "$GOLDEN/summary_80"
    ok $? "which change nothing else"
    TERM=dumb "$ON_TERMINAL" 80 "$BIN" -o file=/dev/null --summary < many > screen
    cmp -s screen "$GOLDEN/summary_80"
    ok $? "TERM=dumb: no colours"
else
    ok 0 "terminals # SKIP there are no pseudo-terminals"
fi

# --summary-export
cp many in
is "$(code --summary-export export.json)|$(cat stderr)" "0|" "--summary-export shows nothing by itself"
# nine digits: the last ones are the mathematical library's
python3 -c '
import json, sys
json.dump(json.load(open("export.json"), parse_float=lambda text: float("%.9g" % float(text))), sys.stdout, indent=2)
print()' > rounded.json
ok $? "it writes JSON"
golden "$GOLDEN/summary_export.json" rounded.json "the export"
cp one in
code --summary-export export.json --threshold 'time_queue:max<1s' --threshold 'http_code:max==200' > /dev/null
python3 -c '
import json
e = json.load(open("export.json"))
assert e["transfers"] == 1 and e["rate"] is None and e["by"] is None, e
assert e["thresholds"] == [
    {"expression": "time_queue:max<1s", "value": None, "held": False},
    {"expression": "http_code:max==200", "value": 200, "held": True},
], e'
ok $? "a longer file of before is replaced, and thresholds are in it"
"$BIN" -o file=/dev/null --summary-export - < one > out 2> stderr
is "$?|$(cat stderr)|$(test -e ./- && echo file)" "0||" "- is standard output, and no file"
python3 -c 'import json; assert json.load(open("out"))["transfers"] == 1'
ok $? "where the export is"
{ echo before; "$BIN" -o file=/dev/null --summary-export - < one; echo behind; } > out 2> stderr
is "$(sed -n '1p; $p' out | tr '\n' ' ')" "before behind " "in a file that others write to as well"
"$BIN" -o file=/dev/null --summary-export - < one > /dev/full 2> stderr
is "$?|$(cat stderr)" "69|tsdb-exporter: --summary-export: cannot write '-': No space left on device" "it can fail"
"$BIN" -o file=/dev/null --summary-export - < one >&- 2> stderr
is "$?" 69 "as when it is closed"
"$BIN" -o file=/dev/null --summary-export /dev/stdout < one | python3 -m json.tool > /dev/null
ok $? "a pipe will do"
printf '{"ts":1700000000,"curl":{"http_code":200,"method":"a\\"b\\\\c\\u00e9\\n","time_total":1,"curl_version":"x"}}\n' > in
printf '{"ts":1700000001,"curl":{"http_code":200,"method":"<","time_total":1,"curl_version":"x"}}\n' >> in
code --summary-export export.json --summary-by method > /dev/null
is "$(python3 -c 'import json; print([p["name"] for p in json.load(open("export.json"))["by"]["parts"]])')" \
    "['a\"b/cé ', '<']" "names are escaped"

# what one label's answers over two protocols suggest
for number in 1 2 3 4 5 6; do
    printf '{"ts":170000000%s,"curl":{"curl_version":"libcurl/8.22.0 ngtcp2/1.24.0","http_code":200,"http_version":"%s","num_connects":1,"time_namelookup":0.001,"time_connect":0.02%s,"time_appconnect":0.03,"time_pretransfer":0.031,"time_starttransfer":0.05,"time_total":0.06}}\n' \
        $number "$([ $number -gt 2 ] && echo 3 || echo 2)" $number
done > in
code --summary --summary-export export.json -l quic > /dev/null
golden "$GOLDEN/summary_fallback" stderr "two of six fell back, perhaps; QUIC has no connect, and its tls no verdict"
is "$(python3 -c '
import json
e = json.load(open("export.json"))
print(e["version"], e["fallbacks"], [p["protocols"] for p in e["by"]["parts"]])
print([e["by"]["parts"][1]["times"]["phase_tls"][key] for key in ("ratio", "p", "verdict")])')" \
    "3 [{'tag': 'label', 'name': 'quic', 'answers': 6, 'not_http3': 2}] [{'HTTP/2': 2}, {'HTTP/3': 4}]
[None, None, 'unlike']" "so says the export"
code --summary > /dev/null
is "$(grep -c 'fell back' stderr)" 0 "without a label nothing says that they were asked in one way"

# --summary-percentiles
cp many in
is "$(code --summary --summary-percentiles 99.9,50,90,99 --summary-export export.json)" 0 "percentiles of one's own"
is "$(grep -E '^ +count' stderr | tr -s ' ')" " count avg min med p90 p99 p99.9 max" "are the columns"
is "$(python3 -c '
import json
e = json.load(open("export.json"))
print(*e["times"]["time_total"])')" "count avg min p5 med p90 p95 p99 p99.9 max" "and in the export, beside the usual ones"
is "$(python3 -c '
import json
t = json.load(open("export.json"))["times"]["time_total"]
print(t["p90"] < t["p99"] < t["p99.9"] < t["max"])')" True "each is what it says"
code --summary --summary-percentiles 75 --summary-export export.json > /dev/null
is "$(grep -E '^ +count' stderr | tr -s ' ')" " count avg min p75 max" "no median, if nobody asks for it"
is "$(python3 -c '
import json
print(*json.load(open("export.json"))["times"]["time_total"])')" "count avg min p5 med p75 p95 p99 max" \
    "but in the export, as comparisons are made by it"
code --summary --summary-percentiles 1,5,10,25,50,75,90,95,99,99.9 > /dev/null
is "$(grep -E '^ +count' stderr | tr -s ' ')" " count p25 med p75 p90 p95 p99 p99.9" \
    "without room for all, the lowest are left out"

# exit codes: the first that applies of 64, 77, 69, 65, 99
crossed='transfers:count>1000000'
cp many in
is "$(code --threshold 'transfers:count==3000' --threshold 'http_code{http_version=3}:max<600')" 0 "thresholds that hold"
is "$(cat stderr)" "thresholds
  ✓ transfers:count==3000              3,000
  ✓ http_code{http_version=3}:max<600  503" "each is told with its value"
is "$(code --threshold 'transfers:count==3000' --threshold "$crossed")" 99 "one that is crossed"
like "$(cat stderr)" '✗ transfers:count>1000000 +3,000' "is told as well"
is "$(TSDB_EXPORTER_THRESHOLD=$crossed code)" 99 "from the environment"
is "$(code --summary-export /dev/full --threshold "$crossed")" 69 "69 before 99: an export that cannot be written"
is "$(grep -v -e thresholds -e transfers stderr)" \
    "tsdb-exporter: --summary-export: cannot write '/dev/full': No space left on device" "says so"
is "$("$BIN" -o influxdb=http://127.0.0.1:1/x --retry-max-time 0 --threshold "$crossed" < one 2> stderr; echo $?)" 69 \
    "69 before 99: lost transfers"
like "$(cat stderr)" '✗ transfers:count' "the threshold is told all the same"
cat many rubbish > in
is "$(code --threshold "$crossed")" 65 "65 before 99: refused input"
is "$(code --threshold 'transfers:count==3000')" 65 "what was refused is no transfer"
is "$(code --summary-export /dev/full)" 69 "69 before 65"
is "$(code --summary-export "$WORK/no/such")|$(cat stderr)" \
    "64|tsdb-exporter: --summary-export: cannot open '$WORK/no/such': No such file or directory" "64 before all"
"$BIN" --threshold 'time_totl:max<1' -o file=made < many 2> stderr
is "$?|$(cat stderr)|$(ls made 2> /dev/null)" "64|tsdb-exporter: --threshold 'time_totl:max<1': at 'time_totl': curl has no key 'time_totl'; did you mean 'time_total'?|" \
    "a wrong threshold: nothing is read or made"
"$BIN" --summary-by hots -o file=made < many 2> stderr
is "$?|$(cat stderr)" "64|tsdb-exporter: --summary-by: curl has no key 'hots'; did you mean 'host'?" "a wrong key"
"$BIN" --summary-by url.password -o file=made < many 2> stderr
is "$?|$(cat stderr)" "64|tsdb-exporter: --summary-by: 'url.password' can hold secrets and is never shown" "a secret"
"$BIN" --summary-by place --label place=here --summary -o file=/dev/null < one 2> stderr
is "$?" 0 "a label's key"
# Bounds and averages are the numbers that people mean.
awk 'BEGIN { for (i = 1; i <= 1000; i++)
    printf "{\"curl_version\":\"x\",\"http_code\":%d,\"time_total\":0.009}\n", i <= 7 ? 500 : 200 }' > in
is "$(code --threshold 'failed:rate<=0.7%' --threshold 'failed:rate<0.71%')" 0 "7 of 1,000 are 0.7 %"
is "$(code --threshold 'time_total:avg<=9ms' --threshold 'time_total:max<=9ms')" 0 "the mean of 9 ms is 9 ms"
is "$(code --threshold 'time_total:max<9ms')" 99 "which is not below 9 ms"
# transfers with one time are set apart by a nanosecond each, which is no rate
printf '{"ts":1700000000,"curl":{"curl_version":"x","http_code":200,"time_total":1}}\n%.0s' 1 2 3 > in
is "$(code --summary --summary-export rate.json)" 0 'three transfers with one time'
like "$(cat stderr)" '^transfers   3$' 'they have no rate'
like "$(cat rate.json)" '"rate": null' 'in the export, too'
is "$(code --threshold 'transfers:rate<1')" 0 'and in thresholds'
now=$(date +%s)
python3 -c 'import sys, time
for d in range(5, 206, 2):
    t = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(sys.argv[1]) + d * 86400))
    print("{\"curl_version\":\"x\",\"http_code\":200,\"certs\":\"Expire date:%s GMT\\\\n\"}" % t)' "$now" > in
is "$(code --threshold 'cert_expiry:p(1)>6.9d' --threshold 'cert_expiry:med>104d' --threshold 'cert_expiry:med<106d')" 0 \
    "percentiles of certificates are those of the time that is left"
is "$(code --threshold 'cert_expiry:p(1)>14d')" 99 "and not off by weeks"
printf '{"curl_version":"x","http_code":999,"http_version":"1e300","time_total":1.7e308}\n%.0s' 1 2 > in
is "$(code --summary --summary-export huge.json)" 0 "numbers as large as they come"
like "$(cat stderr)" 'HTTP 999' "and a status that nobody has heard of"
python3 -c 'import json, sys; json.load(sys.stdin, parse_constant=lambda c: sys.exit(1))' < huge.json
ok $? "are no broken JSON"
tap_done
