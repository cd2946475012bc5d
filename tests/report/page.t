#!/bin/sh
# The page of --report, as its bytes are: nothing in it can run or be loaded, what is drawn is
# what its data says, and it stays small. How it looks in a browser is chromium.t's.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/report/cases.sh
. "$ROOT/tests/report/cases.sh"

cd "$WORK" || exit 1
# 5 is odd, and half an hour too: a time of day has its offset
export TZ=IST-5:30
make_cases

# The limits: 200 kB up to 6 groups, 400 kB ever.
limit() {
    case $1 in
    none) echo 12000 ;;
    one) echo 20000 ;;
    hundred | hostile_rows) echo 400000 ;;
    *) echo 200000 ;;
    esac
}

# shellcheck disable=SC2046 # words
"$ROOT/tests/report/check_page.py" $(for name in $(case_names); do
    echo "$name.html=$(limit "$name")"
done) >wrong 2>&1
for name in $(case_names); do
    is "$(grep "^$name: " wrong)" "" "$name: safe, small, and what is drawn is what the data says"
done
is "$(grep -vE '^[a-z_]+: ' wrong)" "" "all of them were read to the end"

# text NAME: what a reader sees, but not the data
text() {
    cat "$1.text"
}

# data NAME EXPRESSION: of the data in the page, in Python
data() {
    PYTHONPATH="$ROOT/tests/report" python3 -c '
import sys
from read_page import Page
page = Page(sys.argv[1])
data = page.data
print(eval(sys.argv[2]))' "$1.html" "$2"
}

like "$(text none)" 'No transfer came in' "no transfer: it says so"
is "$(data none 'data["transfers"], data["over_time"], data["by"]')" "(0, None, None)" "and the data is there"
like "$(text one)" 'The one transfer did not fail' "one transfer"
unlike "$(sed '/^All numbers/,$d' one.text)" 'edian|p95|95th' "has no percentile of its own"
like "$(text few)" 'cannot be compared: fewer than 20' "fewer than 20 a side: no verdict"
unlike "$(text group)" 'Shown in the charts|compared with' "one group: nothing is compared"
is "$(data three '[b["id"] for b in page.root.all("input")]')" "['t1', 't2', 't3']" \
    "HTTP/1.1, 2 and 3 have the styles 1, 2 and 3"
like "$(text three)" 'HTTP/3 is faster than HTTP/1.1: median [0-9.]+ ms instead of [0-9.]+ ms, and in [0-9]+ of 100' \
    "three protocols: a sentence says which is faster"
like "$(text three)" '4 of 5 thresholds crossed' "and which thresholds were crossed"
is "$(data three '[g.one("text").text() for g in page.root.all("g", "thr")]')" \
    "['✓ p95 < 400 ms', '✗ p50 < 50 ms']" "those of the drawn times are lines in the curve"
is "$(data turned 'len(page.root.one("fieldset").text().split())')" 7 \
    "a tag that comes late makes groups, all with a name: (none), group-00, group-01"
like "$(text hundred)" 'Of 99 other groups' "a hundred groups are counted in one sentence"
like "$(text failed)" 'All 300 transfers failed, most often: ' "all failed: it says so"
is "$(data failed '[s["aria-labelledby"] for s in page.root.all("section")][1]')" h-failed "and why comes first"
like "$(text some_failed)" 'All 50 transfers of down failed' "one group of which all failed"
is "$(grep -c 'Where all of a group failed' some_failed.text hostile.text)" "some_failed.text:2
hostile.text:0" "whose times are said to be others"
like "$(text some_failed)" 'once and group-00 cannot be compared' "and one with a single transfer"
like "$(text stalled)" 'Over the run' "a run with a stall"
like "$(data stalled '[g["width"] for g in page.root.all("rect", "gap")]')" "^\['[0-9.]+%'\]$" "has one gap"
like "$(text three)" '2026-11-25 23:12:11 to 23:22:0[0-9], UTC\+05:30 \(from 17:42:11 UTC\)' \
    "the time of day stands there once, with its offset and in UTC"

# Half of what goes by "before" fails at once, which makes nobody faster.
awk 'BEGIN {
    for (i = 0; i < 800; i++) {
        fails = i % 4 == 0
        printf "{\"ts\":%.2f,\"http_version\":\"2\",\"http_code\":%d,\"time_total\":%.3f,\"run\":\"%s\"}\n",
            1795628531 + i / 100, fails ? 503 : 200, fails ? 0.001 : 0.1 + int(i / 2) % 7 / 1000,
            i % 2 ? "after" : "before"
    }
}' | draw unlike --summary-by run
"$ROOT/tests/report/check_page.py" unlike.html=200000 >wrong 2>&1
like "$(text unlike)" '^≈ after and before do not differ more than chance explains: median 103 ms and 103 ms' \
    "only transfers that did not fail are compared, also with a group without failures"

awk 'BEGIN {
    for (i = 0; i < 10001; i++)
        printf "{\"ts\":%.2f,\"http_version\":\"2\",\"http_code\":%d,\"time_total\":0.1,\"run\":%d}\n",
            1795628531 + i / 100, i ? 200 : 503, i % 2
}' | draw rare --summary-by run --threshold 'failed:rate<0.001%'
is "$(sed '/<script/,$d' rare.html | grep -c '&lt;0\.01 %')|$(grep -c '<0' rare.html)" "3|0" \
    "less than a hundredth of a percent is no markup"
printf '{"ts":179562853%d,"http_version":"2","http_code":200,"time_total":1e308}\n' 1 2 3 | draw endless
is "$(sed '/<script/,$d' endless.html | grep -c '<td>3<td>–<td>')" 1 "a mean whose sum overflows is a dash"

# names
is "$(data hostile '[p["name"] for p in data["by"]["parts"]][0]')" '</title><script>alert(1)</script>' \
    "a hostile name is in the data as it is"
is "$(data hostile 'len(data["by"]["parts"][4]["name"])')" 300 "and a long one whole"
like "$(text hostile)" '</title><script>alert\(1\)</script>' "it is shown"
like "$(text hostile)" '[^0]0{79}…' "a long one is cut at 80 characters in tables"
is "$(data hostile 'page.root.all("label").__next__().text()')" '</title><scri…' "and at 14 in charts"
like "$(text hostile | head -n 3)" '^0{79}…, </title><script>alert\(1\)</script>, "><svg onload=alert\(1\)>, a.+b c$' \
    "the title is made of all values"
unlike "$(cat hostile.html)" "$(printf '\342\200\256')" "nothing turns the direction of writing"
like "$(text hostile_rows)" '&lt;&#60;' "an entity is shown as it was written"
is "$(data hostile 'page.root.one("h1").one("bdi") is not None')" True "names stand in bdi"

is "$(python3 -c '
import json
with open("three.json") as file:
    exported = json.load(file)
def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float("%.9g" % value) if isinstance(value, float) and abs(value) < 1000 else value
import sys
sys.path.insert(0, sys.argv[1])
from read_page import Page
print(rounded(exported) == rounded(Page("three.html").data))' "$ROOT/tests/report")" True \
    "the data of the page is that of --summary-export"

transfers 50 >in
# shellcheck disable=SC2094 # another file
LC_ALL=de_DE.UTF-8 draw locale -l quic <in && draw plain -l quic <in
is "$(cksum <locale.html)" "$(cksum <plain.html)" "the page is the same whatever the locale"
tap_done
