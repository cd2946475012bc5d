#!/bin/sh
# Thresholds as people write them: times without units, names that are misspelt or that only
# a newer curl knows, and --abort-on-fail. What each means is tested in tests/unit.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1
unset LC_CTYPE LANG
LC_ALL=C.UTF-8 # the marks before a threshold are not ASCII
export LC_ALL

# transfer SECONDS [MORE]: an object of curl's
transfer() {
    printf '{"exitcode":0,"http_code":200,"time_total":%s,%s"curl_version":"libcurl/8.14.1"}\n' "$1" "${2:-}"
}
# code OPTION...: runs it on ./in
code() {
    "$BIN" -o file=out "$@" < in 2> stderr
    echo $?
}

# k6's users mean milliseconds
transfer 0.6 > in
is "$(code --threshold 'time_total:p(95)<500')|$(cat stderr)" \
    "64|tsdb-exporter: --threshold 'time_total:p(95)<500': at '500': a time needs a unit: write 500ms or 500s" \
    "a time without a unit is refused, with both that may be meant"
is "$(code --threshold 'time_total:p(95)<500ms')" 99 "with the one"
is "$(code --threshold 'time_total:p(95)<500s')" 0 "and with the other"
is "$(code --threshold 'time_total:min>0')" 0 "0 needs none"

# names
is "$(code --threshold 'time_total{lable=a}:max<1s')|$(cat stderr)" \
    "64|tsdb-exporter: --threshold 'time_total{lable=a}:max<1s': there is no tag 'lable'; did you mean 'label'?" \
    "a misspelt tag"
is "$(code -l place=here --threshold 'transfers{plcae=here}:count>=0')|$(cat stderr)" \
    "64|tsdb-exporter: --threshold 'transfers{plcae=here}:count>=0': there is no tag 'plcae'; did you mean 'place'?" \
    "a misspelt tag of this run"
is "$(code -t name=host --threshold 'transfers{nmae=here}:count>=0')|$(cat stderr)" \
    "64|tsdb-exporter: --threshold 'transfers{nmae=here}:count>=0': there is no tag 'nmae'; did you mean 'name'?" \
    "a misspelt tag-field"
is "$(code --threshold 'transfers{url.password=x}:count<1')|$(cat stderr)" \
    "64|tsdb-exporter: --threshold 'transfers{url.password=x}:count<1': 'url.password' can hold secrets and is never shown" \
    "a secret"
{ transfer 0.6 '"time_new":0.25,"vu":7,' && transfer 0.7 '"time_new":0.75,"vu":8,'; } > in
is "$(code --threshold 'time_new:max<1s' --threshold 'time_new{vu=7}:max<300ms' --threshold 'time_new{vu=8}:avg==0.75')|$(cat stderr)" "0|thresholds
  ✓ time_new:max<1s           750 ms
  ✓ time_new{vu=7}:max<300ms  250 ms
  ✓ time_new{vu=8}:avg==0.75  0.75" "numbers of a newer curl, as metric and between braces" 
is "$(code --threshold 'time_nwe:max<1s' --threshold 'transfers{step=x}:count==0' --threshold 'time_nwe{step=x}:avg<1s' \
    --threshold 'http{step=x}:avg<1' |
    grep -c .)|$(grep -v '^ \|^thresh' stderr)" \
    "1|tsdb-exporter: no transfer had 'time_nwe'
tsdb-exporter: no transfer had 'step'
tsdb-exporter: no transfer had 'http'; did you mean 'http_code'?" "a name that never came is told, once"
: > in
code -q --threshold 'transfers{step=x}:count==0' > /dev/null
unlike "$(cat stderr)" 'no transfer had' "but not where there were no transfers"
transfer 1 > in
is "$(code --summary-export export --summary-by step)|$(cat stderr)" "0|tsdb-exporter: no transfer had 'step'" \
    "--summary-by too"
is "$(code --summary-export export --summary-by hsot)|$(cat stderr)" \
    "64|tsdb-exporter: --summary-by: curl has no key 'hsot'; did you mean 'host'?" "a slip is refused there as well"
{ transfer 0.6 '"vu":7,' && transfer 0.7 '"vu":8,'; } > in
is "$(code --summary-export export --summary-by vu)|$(cat stderr)" "0|" "a newer curl's name"
is "$(python3 -c 'import json; print([p["name"] for p in json.load(open("export"))["by"]["parts"]])')" "['7', '8']" \
    "makes the parts"

# --abort-on-fail: the writer goes on until nobody reads
# endless: the transfers of a curl that would never end; the fourth comes when the third
# was too much
endless() {
    transfer 0.1
    transfer 0.2
    transfer 2
    i=0
    until grep -q 'stopped reading' stderr || [ $i -ge 300 ]; do
        i=$((i + 1))
        sleep 0.1
    done
    while transfer 2 && [ $i -lt 300 ]; do
        i=$((i + 1))
        sleep 0.1
    done
}
begin=$(date +%s)
endless 2> /dev/null | timeout 25 "$BIN" -o file=out.aborted -v --abort-on-fail --threshold 'time_total:max<1s' \
    --threshold 'failed:rate<1%' --fields time_total 2> stderr
is "$?" 99 "--abort-on-fail: exit code 99"
[ $(($(date +%s) - begin)) -lt 20 ]
ok $? "long before the input ends"
is "$(sed 's/.*value=\([^ ]*\).*/\1/' out.aborted | head -n 3 | tr '\n' ' ')" "0.1 0.2 2 " "what was read is delivered"
is "$(grep -c 'stopped reading: the threshold .time_total:max<1s. cannot hold any more (--abort-on-fail)' stderr)" 1 \
    "which threshold it was is said once"
like "$(cat stderr)" '3 read, 3 delivered' "and the counts"
like "$(cat stderr)" '✗ time_total:max<1s  2.00 s' "and its value"

# what has come only in part is not refused
{ transfer 5 && transfer 5 | head -c 40 && sleep 2; } 2> /dev/null |
    timeout 25 "$BIN" -o file=/dev/null -v --abort-on-fail --threshold 'time_total:max<1s' 2> stderr
is "$?|$(grep -o '[0-9]* read, .*' stderr)" "99|1 read, 1 delivered" "half an object that follows is left unread"

# with a spool
{ transfer 5 && sleep 2; } 2> /dev/null |
    timeout 25 "$BIN" --spool spool -o influxdb=http://127.0.0.1:1/x --retry-max-time 0 --abort-on-fail \
        --threshold 'transfers:count<1' 2> stderr
is "$?|$(grep -c 'stopped reading' stderr)" "99|1" "with a spool"
like "$("$BIN" --spool spool --spool-status)" 'waiting: 1 transfer, ' "what was read is in it, and one is one"

transfer 5 > in
is "$(code --abort-on-fail --threshold 'time_total:avg<1s')|$(grep -c stopped stderr)" "99|0" \
    "an average could have recovered: it is judged at the end"
is "$(code --abort-on-fail --threshold 'time_total:max<6s')" 0 "a threshold that holds stops nothing"
tap_done
