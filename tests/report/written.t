#!/bin/sh
# How --report's page comes to be: written beside and renamed, whatever else is asked for; what
# happens where it cannot be; and what the page is drawn from, as --summary-export has it.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1
"$ROOT/tests/lib/many_transfers.py" 3000 > many
head -n 1 many > one
mkdir reports
export FAULT_LOG="$WORK/hits"
umask 022

# code OPTION...: runs it on ./in
code() {
    "$BIN" -o file=stored "$@" < in > out 2> stderr
    echo $?
}
# transfers FILE: how many the page says there were
transfers() {
    sed -n 's/.*{"version":3,"transfers":\([0-9]*\),.*/\1/p' "$1"
}
# pages: what is in the directory of pages, also hidden files
pages() {
    ls -A reports
}

cp many in
is "$(code --report reports/run.html)|$(cat out stderr)" "0|" "the page is drawn, and nothing is printed"
is "$(pages)" run.html "nothing is left beside it"
is "$(find reports -name run.html -perm 644 | wc -l)" 1 "others may read it, as umask lets them"
like "$(head -c 15 reports/run.html)" '^<!DOCTYPE html>' "it is HTML"
is "$(wc -l < stored | tr -d ' ')" "$("$BIN" -o file=- < many | wc -l | tr -d ' ')" "all transfers are stored"
exec 3< reports/run.html
cp one in
is "$(code -q --report reports/run.html --summary)" 0 "a second run, with --quiet and a summary"
like "$(cat stderr)" '^transfers   1$' "which is shown"
is "$(transfers reports/run.html)|$(transfers /dev/fd/3)" "1|3000" \
    "who had the old page open reads on in it; the name has the new one"
exec 3<&-
is "$(code --report reports/run.html --threshold 'time_total:max<1us')" 99 "a crossed threshold"
like "$(cat reports/run.html)" 'time_total:max&lt;1us|time_total:max\\u003c1us' "is on the page"
is "$(TSDB_EXPORTER_REPORT=reports/other.html code; pages)" "0
other.html
run.html" "from the environment"
: > in
is "$(code --allow-empty --report reports/none.html; pages | grep none)" "0
none.html" "also of no transfer at all"
cp one in
is "$( (cd reports && "$BIN" -o file=/dev/null --report here.html < ../one && echo drawn); pages | grep here)" "drawn
here.html" "in the working directory"
chmod 600 reports/here.html
is "$(code --report reports/here.html; find reports -name here.html -perm 600)" "0
reports/here.html" "what others could not read stays so"
ln -s run.html reports/link.html
old=$(ls -i reports/run.html)
is "$(code --report reports/link.html; test -L reports/link.html && echo link)" "0
link" "a symbolic link stays one"
is "$(test "$old" != "$(ls -i reports/run.html)" && echo new)" new "the page behind it is the new one"

# standard output, and what is no regular file
is "$(code --report -)|$(head -c 15 out)|$(ls ./- 2> /dev/null)" "0|<!DOCTYPE html>|" "- is standard output"
is "$("$BIN" -o file=/dev/null --report /dev/stdout < one | head -c 15)" "<!DOCTYPE html>" "a pipe will do"
is "$(code --report - --summary-export -)|$(cat stderr)" \
    "64|tsdb-exporter: --summary-export - and --report - both write to standard output; use one" "not for both"
is "$(code --report - --tee)" 64 "nor beside the input"
"$BIN" -o file=- --report - < one > out 2> stderr
is "$?" 64 "nor beside lines"
is "$(code --report /dev/null; test -c /dev/null && echo device)" "0
device" "a device stays one"
is "$("$BIN" --spool "$WORK/spool" --drain --report x.html 2>&1)" \
    "tsdb-exporter: --report needs input, and --drain reads none" "not where no input is read"

# what cannot be written: known beforehand, nothing is read
rm -f stored
is "$(code --report no/such/run.html)|$(cat stderr)" \
    "64|tsdb-exporter: --report: cannot write 'no/such/run.html': No such file or directory" "no directory"
is "$(code --report reports)|$(cat stderr)" "64|tsdb-exporter: --report: cannot open 'reports': Is a directory" \
    "a directory"
is "$(code --report '')|$(cat stderr)" "64|tsdb-exporter: --report: cannot write '': No such file or directory" \
    "no name"
is "$(test -s stored && echo stored)" "" "nothing is stored"
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 555 closed
    is "$(code --report closed/run.html)|$(cat stderr)" \
        "64|tsdb-exporter: --report: cannot write 'closed/run.html': Permission denied" "a directory of others"
fi

# ... or only at the end
cp many in
is "$(code --report /dev/full)|$(cat stderr)" \
    "69|tsdb-exporter: --report: cannot write '/dev/full': No space left on device" "a full disk"
is "$(wc -l < stored | tr -d ' ')" "$("$BIN" -o file=- < many | wc -l | tr -d ' ')" "all transfers are stored all the same"
rm stored
cp reports/run.html before
is "$(BIN=$BIN_FAULTS FAULT=replace=ENOSPC code --report reports/run.html --summary-export export.json)|$(cat stderr)" \
    "69|tsdb-exporter: --report: cannot write 'reports/run.html': No space left on device" "when it is renamed"
cmp -s before reports/run.html
ok $? "the page of before is still there"
is "$(pages | grep -c new)|$(sort -u hits)" "0|replace" "and nothing beside it"
ok "$(test -s export.json && test -s stored; echo $?)" "the export is there, and all transfers are stored"
is "$(code --report reports/run.html --summary-export /dev/full)|$(transfers reports/run.html)" "69|3000" \
    "the page is drawn where the export cannot be written"
BIN=$BIN_FAULTS FAULT=replace=kill code --report reports/run.html > /dev/null 2>&1
is "$(tail -n 1 reports/run.html)" "$(tail -n 1 before)" "killed at that moment: a whole page is there"

# behind a spool, where nobody sends for the moment
"$BIN_FAULTS" -o influxdb=http://127.0.0.1:1/x --spool "$WORK/spool" --report reports/spooled.html < one > out 2> stderr
is "$?|$(transfers reports/spooled.html)" "0|1" "with a spool"

# What it is drawn from: the keys of the export.
cp many in
is "$(TZ=XXX-5:30 code -l site=fra1 -l run=one --summary-export export.json)" 0 "an export"
TZ=XXX3 code -l site=fra1 --summary-by url.host -t url.host --summary-export hosts.json > /dev/null
head -n 60 many > in
code --summary-by url.host --summary-export few.json --threshold 'transfers:count>0' > /dev/null
: > in
code --allow-empty --summary-export none.json > /dev/null
cat > check.py <<'END'
import json, sys

def same(a, b):
    return abs(a - b) < 1e-9

def check_spread(of, stats, count):
    curve, buckets = of["curve"], of["buckets"]
    assert curve["of"] == buckets["of"] == "not failed"
    assert len(curve["shares"]) == len(curve["values"]) and curve["values"] == sorted(curve["values"])
    points = dict(zip(curve["shares"], curve["values"]))
    for share, name in ((0, "min"), (.05, "p5"), (.5, "med"), (.9, "p90"), (.95, "p95"), (.99, "p99"), (1, "max")):
        assert same(points[share], stats[name]), name
    assert sum(buckets["counts"]) == count == stats["count"]
    assert buckets["schema"] == (3 if count >= 1000 else 2 if count >= 100 else 1)

def check_steps(of, slots, transfers, failed):
    for key in ("transfers", "failed", "rate", "med", "p95", "max"):
        assert len(of[key]) == slots, key
    assert sum(of["transfers"]) == transfers and sum(of["failed"]) == failed
    for i in range(slots):
        assert (of["med"][i] is None) == (of["transfers"][i] == of["failed"][i])

def names(failures):
    return {(f["kind"], f["code"]): f["count"] for f in failures}

e = json.load(open("export.json"))
assert e["version"] == 3 and e["zone"] == "+05:30" and e["labels"] == {"run": "one", "site": "fra1"}, e["labels"]
check_spread(e, e["times"]["time_total{failed=0}"], 2940)
o = e["over_time"]
assert o["of"] == "not failed" and o["width"] == 1 and o["start"] == e["first"] and o["slots"] == 30
check_steps(o, 30, 3000, 60)
assert 0 < o["percentile_error"] < 0.03 and same(max(o["max"]), e["curve"]["values"][-1])
parts = e["by"]["parts"]
assert [p["name"] for p in o["parts"]] == [p["name"] for p in parts]
added = [0] * 30
for part, steps in zip(parts, o["parts"]):
    check_spread(part, part["times"]["time_total{failed=0}"], part["transfers"] - part["failed"])
    check_steps(steps, 30, part["transfers"], part["failed"])
    added = [a + b for a, b in zip(added, steps["transfers"])]
assert added == o["transfers"]
kinds = {}
for part in parts:
    for kind, count in names(part["failures"]).items():
        kinds[kind] = kinds.get(kind, 0) + count
assert kinds == names(e["failures"]) == {("curl", 28): 20, ("http", 404): 20, ("http", 503): 20}
assert "slower_in" not in parts[0]["times"]["time_total"]
handshake = parts[2]["times"]["phase_handshake"]
assert handshake["verdict"] == "slower" and 0.7 < handshake["slower_in"] < 0.8
assert parts[2]["times"]["phase_tls"]["slower_in"] is None

e = json.load(open("hosts.json"))
assert e["zone"] == "-03:00" and e["labels"] == {"site": "fra1"} and e["over_time"]["parts"] == []
assert all("curve" not in p and "p5" in p["times"]["time_total"] for p in e["by"]["parts"])
check_spread(e, e["times"]["time_total{failed=0}"], 2940)
check_steps(e["over_time"], e["over_time"]["slots"], 3000, 60)

e = json.load(open("few.json"))
assert e["thresholds"][0]["held"] and e["buckets"]["schema"] == 1

e = json.load(open("none.json"))
assert e["over_time"] is None and "curve" not in e and e["labels"] == {} and e["zone"]
END
is "$(python3 check.py 2>&1)" "" "curves, buckets and steps agree with the rest of the export"

# A difference that thousands make sure, but that nobody would notice.
awk 'BEGIN { srand(1); for (i = 0; i < 20000; i++)
    printf "{\"curl_version\":\"x\",\"http_code\":200,\"http_version\":\"%s\",\"time_total\":%.6f}\n",
        i % 2 ? "2" : "3", 0.1 + rand() * 0.1 + i % 2 * 0.004 }' > in
is "$(LC_ALL=C code --summary --summary-export slightly.json)" 0 "two protocols that hardly differ"
is "$(python3 -c '
import json
cell = json.load(open("slightly.json"))["by"]["parts"][1]["times"]["time_total"]
print(cell["verdict"], cell["p"] < 0.001, 0.44 < cell["slower_in"] < 0.56)')" "slightly True True" "differ slightly"
like "$(cat stderr)" '^total .* x0\.9[0-9]  4[4-9] slightly$' "on the screen, too"
tap_done
