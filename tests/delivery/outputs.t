#!/bin/sh
# Several outputs at once, files, and which exit code comes first.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# lines_of FILE: how many different ones
lines_of() {
    sort -u "$1" | wc -l
}

# --- a slow one does not hold up a fast one ---
serve fast 204
fast=$url
serve slow hang
transfers 2000 >"$WORK/in"
push_begin -b 100 --timeout 30s --retry-max-time 0 -o "influxdb=$url" -o "influxdb=$fast" \
    -o "file=$WORK/file"
cat "$WORK/in" >&9
wait_for stored_at_least fast 2000
ok $? 'one hangs: the other has everything'
is "$(lines_of "$WORK/file")" 2000 'one hangs: and so has the file'
is "$(requests slow)" 1 'one hangs: it still does, with its first request'
kill -0 "$pid"
ok $? 'one hangs: the program waits for it'
serve_stop slow # its connection ends
push_end
is "$status" 69 'one hangs, and goes away: exit 69'
like "$err" '^tsdb-exporter: 2000 read$' 'counts: what was read'
like "$err" '^tsdb-exporter: influxdb http://127.*: 2000 delivered$' 'counts: of the fast one'
like "$err" '^tsdb-exporter: influxdb http://127.*: 0 delivered, 2000 lost( \(|$)' 'counts: of the slow one'
like "$err" '^tsdb-exporter: file .*/file: 2000 delivered$' 'counts: of the file'
adds_up 'counts: each adds up'

# --- one is full for good: the others go on with the whole stream ---
serve gone hang
gone=$url
serve stays 204
transfers 150000 >"$WORK/in" # twice of what a queue holds
push --timeout 1 --retry-max-time 1 -o "influxdb=$gone" -o "influxdb=$url"
is "$status" 69 'one gone, a long stream: exit 69'
is "$(stored stays)" 150000 'one gone, a long stream: the other has everything'
like "$err" '0 delivered, 150000 lost' 'one gone, a long stream: the loss is counted'
adds_up 'one gone, a long stream: the counts add up'

# --- exit codes: 77 before 69 before 65 ---
transfers 10 >"$WORK/in"
serve good 204
good=$url
serve denied 401
denied=$url
serve missing 404
missing=$url
serve partly partial
push -o "influxdb=$good" -o "influxdb=$url"
is "$status" 65 'good and partly refused: exit 65'
push -o "influxdb=$url" -o "influxdb=$missing"
is "$status" 69 'partly refused and not found: exit 69'
push -o "influxdb=$missing" -o "influxdb=$denied" -o "influxdb=$url" -o "influxdb=$good"
is "$status" 77 'all of them: exit 77'
adds_up 'all of them: the counts add up'
echo rubbish >>"$WORK/in"
push -o "influxdb=$good"
is "$status" 65 'good, with rubbish in the input: exit 65'
like "$err" '11 read, 1 refused \(.*\), 10 delivered$' 'rubbish in the input: counts'
push -o "influxdb=$missing"
is "$status" 69 'not found, with rubbish in the input: exit 69'
like "$err" '11 read, 1 refused \(.*\), 0 delivered, 10 lost' 'both counted'

# --- files ---
transfers 20000 >"$WORK/in"
push -o "file=$WORK/copy"
is "$status" 0 'file: exit 0'
is "$(lines_of "$WORK/copy")" 20000 'file: has everything'
push -o file=-
cmp -s "$WORK/out" "$WORK/copy"
ok $? 'standard output: the same'
push -o "file=$WORK/copy"
is "$(wc -l <"$WORK/copy")" 40000 'file: a second run adds to it'

# much comes out of little: a queue that was filled and emptied in one go
long=$(head -c 4000 /dev/zero | tr '\0' x)
transfers 500 >"$WORK/in"
serve much 204
for output in "file=$WORK/long" "influxdb=$url"; do
    timeout -s KILL 20 "$BIN" --fields time_total -l "a=$long" -l "b=$long" -l "c=$long" -l "d=$long" \
        -o "$output" <"$WORK/in" >"$WORK/out" 2>"$WORK/err"
    is "$? $(cat "$WORK/err")" '0 ' "long lines, ${output%%=*}: exit 0"
done
is "$(lines_of "$WORK/long")" 500 'long lines: the file has everything'
is "$(stored much)" 500 'long lines: the database has everything'

transfers 20000 >"$WORK/in"
push -o file=/dev/full
is "$status" 69 'a full disk: exit 69'
like "$err" '20000 read, 0 delivered, 20000 lost$' 'a full disk: counts'
once 'No space left' 'a full disk: why, once'
adds_up 'a full disk: the counts add up'
push -o file=/dev/full -o "influxdb=$good"
is "$(stored good)" 20000 'a full disk: another output has everything'
(trap '' PIPE && "$BIN" -o file=- <"$WORK/in" 2>"$WORK/err"; echo $? >"$WORK/status") | :
is "$(cat "$WORK/status")" 69 'a reader that goes away: exit 69'
err=$(cat "$WORK/err")
once ': cannot write: Broken pipe; nothing more is sent there' 'a reader that goes away: said, once'
adds_up 'a reader that goes away: the counts add up'
push -o "file=$WORK/no/such/directory"
is "$status" 64 'a file that cannot be opened: exit 64'

# --- standard descriptors that are not there ---
transfers 5 >"$WORK/in"
rm -f "$WORK/copy"
"$BIN" -v --fields time_total -o "file=$WORK/copy" <"$WORK/in" 2>&-
is $? 0 'no stderr: exit 0'
is "$(grep -cv '^time_total value=0.25 [0-9]*$' "$WORK/copy")" 0 'no stderr: no words in the file'
is "$(lines_of "$WORK/copy")" 5 'no stderr: the file has everything'
"$BIN" --fields time_total -o "file=$WORK/copy2" <"$WORK/in" >&- 2>"$WORK/err"
is $? 0 'no stdout: exit 0'
is "$(lines_of "$WORK/copy2")" 5 'no stdout: the file has everything'
"$BIN" -o file=- <"$WORK/in" >&- 2>"$WORK/err"
is $? 69 'no stdout, but it is the output: exit 69'
"$BIN" --tee --fields time_total -o "file=$WORK/copy3" <"$WORK/in" >&- 2>"$WORK/err"
is "$(grep -cv '^time_total value=0.25 [0-9]*$' "$WORK/copy3")" 0 'no stdout, and --tee: no input in the file'
timeout 10 "$BIN" -o "file=$WORK/copy4" <&- >"$WORK/out" 2>"$WORK/err"
is $? 69 'no stdin: exit 69'
tap_done
