#!/bin/sh
# A stream that does not end: when batches go, what signals do, and what happens
# when the server is slower than the input.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# A shell starts what runs in the background with SIGINT ignored; a terminal
# does not.
program=$BIN
BIN=$WORK/program
# shellcheck disable=SC2016 # that is perl's variable
printf '#!/usr/bin/env perl\n$SIG{INT} = "DEFAULT"; exec "%s", @ARGV;\n' "$program" >"$BIN"
chmod +x "$BIN"

now() {
    date +%s.%N
}

# since NAME NUMBER TIME: seconds from TIME to the arrival of a request
since() {
    awk -v number="$2" -v from="$3" '$1 == number { printf "%.6f", $2 - from }' "$WORK/$1/log"
}

# has_read TEXT: the program has; to be run with --tee
has_read() {
    grep -q "$1" "$WORK/out"
}

# is_taken: no signal waits to be handled
is_taken() {
    grep -q '^ShdPnd:.0*$' "/proc/$pid/status"
}

is_over() {
    ! kill -0 "$pid"
}

# ended WHAT: passes when the program has ended; ends it otherwise
ended() {
    wait_for is_over
    ok $? "$1"
    kill -9 "$pid" 2>/dev/null
    push_wait 2>/dev/null
}

# --- -b and -i ---
serve batch 204
push_begin -b 10 -i 1h -o "influxdb=$url"
transfers 35 >&9
wait_for stored_at_least batch 30
ok $? '-b 10: full batches go at once, with the input still open'
push_end
is "$status" 0 '-b 10: exit 0'
is "$(stored batch)" 35 '-b 10: the rest goes at the end of the input'
is "$(wc -l <"$WORK/batch/00001.body")" 10 '-b 10: 10 a request'
is "$(requests batch)" 4 '-b 10: four requests'
is "$(connections batch)" 1 '-b 10: over one connection'

serve interval 204
push_begin -i 700ms -o "influxdb=$url"
begin=$(now)
transfers 7 >&9
wait_for stored_at_least interval 7
ok $? '-i: a transfer is sent while the input stays open'
# the clocks may be rounded to milliseconds
at_least "$(since interval 00001 "$begin")" 0.698 '-i: not before the interval is over'
begin=$(now)
transfers 1 7 >&9
wait_for stored_at_least interval 8
ok $? '-i: and the next'
at_least "$(since interval 00002 "$begin")" 0.698 '-i: each interval begins with a transfer'
push_end
is "$status" 0 '-i: exit 0'
is "$(requests interval)" 2 '-i: what comes within the interval shares a request'

# --- signals ---
for signal in TERM INT; do
    serve "stop$signal" 204
    push_begin -v --tee -i 1h -o "influxdb=$url"
    transfers 25 >&9
    printf '{"half an object' >&9
    wait_for has_read 'half an object'
    is "$(requests "stop$signal")" 0 "SIG$signal: nothing was sent before"
    kill -s "$signal" "$pid"
    ended "SIG$signal: it ends, though the input is open"
    is "$(stored "stop$signal")" 25 "SIG$signal: what was there is delivered"
    is "$status" 65 "SIG$signal: exit 65, for an object was cut off"
    adds_up "SIG$signal: the counts add up"

    push_begin --tee -i 1h -o "influxdb=$url"
    transfers 5 100 >&9
    wait_for has_read 1500000104
    kill -s "$signal" "$pid"
    ended "SIG$signal between objects: it ends"
    is "$status" 0 "SIG$signal between objects: exit 0"
    is "$(stored "stop$signal")" 30 "SIG$signal between objects: what was there is delivered"
done

transfers 5 >"$WORK/in"
for pair in TERM,TERM INT,INT INT,TERM TERM,INT; do
    serve "mute$pair" hang
    push_begin -i 10ms --timeout 1m -o "influxdb=$url"
    cat "$WORK/in" >&9
    wait_for requests_at_least "mute$pair" 1
    kill -s "${pair%,*}" "$pid"
    wait_for is_taken
    kill -0 "$pid"
    ok $? "$pair: the first signal lets it go on with what is there"
    kill -s "${pair#*,}" "$pid"
    ended "$pair: the second one aborts"
    case $pair in
    *,INT) is "$status" 130 "$pair: by SIGINT" ;;
    *) is "$status" 143 "$pair: by SIGTERM" ;;
    esac
done

# the first signal may also come when the input is at its end already
serve waiting hang
push_begin --timeout 1m -o "influxdb=$url"
cat "$WORK/in" >&9
exec 9>&-
wait_for requests_at_least waiting 1
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
before=$(ticks)
kill "$pid"
wait_for is_taken
sleep 1
at_least $((before + $(getconf CLK_TCK) / 2)) "$(ticks)" \
    'a signal behind the end of the input: no processor time is burnt'
kill "$pid"
ended 'a signal behind the end of the input: the second one aborts'

# a database that is away does not keep a signal from ending the program
push_begin --tee -i 10ms --retry-max-time 1 -o influxdb=http://127.0.0.1:1/db
cat "$WORK/in" >&9
wait_for has_read 1500000004
kill "$pid"
ended 'SIGTERM while the database is away: it ends'
is "$status" 69 'SIGTERM while the database is away: exit 69'
adds_up 'SIGTERM while the database is away: the counts add up'

# in the middle of much: what was read is delivered, and what is called so is stored
serve middle '204 slow=0.02'
push_begin -v -b 500 -o "influxdb=$url"
transfers 100000 >&9 2>/dev/null &
writer=$!
wait_for stored_at_least middle 500
kill "$pid"
ended 'SIGTERM in the middle of much: it ends'
wait "$writer" 2>/dev/null
exec 9>&-
case $status in
0 | 65) ok 0 'SIGTERM in the middle of much: exit 0, or 65 for half an object' ;;
*) is "$status" '0 or 65' 'SIGTERM in the middle of much' ;;
esac
adds_up 'SIGTERM in the middle of much: the counts add up'
is "$(printf '%s\n' "$err" | sed -n 's/.* read,.* \([0-9]*\) delivered.*/\1/p')" "$(stored middle)" \
    'SIGTERM in the middle of much: the number delivered is the number stored'

# --- backpressure ---
# memory: the most that the process had so far, in KiB
memory() {
    awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"
}
export ASAN_OPTIONS="quarantine_size_mb=1:$ASAN_OPTIONS" # or freed memory counts

serve small 204
push_begin --fields '*' -i 10ms -o "influxdb=$url"
head -n 1 "$ROOT/tests/data/corpus_public.ndjson" >&9
wait_for requests_at_least small 1
usual=$(memory)
push_end

# 70,000 batches of one transfer each, none of which can go
serve hanging hang
push_begin -b 1 --timeout 1m -o "influxdb=$url"
transfers 70000 >&9 2>/dev/null &
writer=$!
wait_for requests_at_least hanging 1
sleep 1 # while it takes in what it will
at_least $((usual + 16384)) "$(memory)" 'many small batches: in little memory'
kill -9 "$pid" "$writer" 2>/dev/null
push_end 2>/dev/null
wait "$writer" 2>/dev/null

serve slow '204 slow=0.05'
push_begin --fields '*' -o "influxdb=$url"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$ROOT/tests/data/corpus_public.ndjson"; done
done >&9
most=$(memory)
push_end
is "$status" 0 'a slow server: exit 0'
of_one=$(grep '^time_total ' "$WORK/slow/stored" | sort -u | wc -l)
is "$of_one" 19800 'a slow server: nothing is lost'
at_least "$(wc -c <"$WORK/slow/stored")" 30000000 'a slow server: that was much'
at_least $((usual + 16384)) "$most" 'a slow server: in little memory'
tap_done
