#!/bin/sh
# The drainer that a writer leaves behind: nobody waits for it, there is one for each
# destination at most, it fails quietly and not too often, and it keeps secrets.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

one() {
    object | background "$@"
}

# --- nobody waits for it ---
serve db 204
TO=influxdb=$url
exec 3>"$WORK/three" 5<"$ROOT/README.md" 9>"$WORK/nine"
x=$(one -l id=one 2>&1; echo "exit $?"; one -l id=two --tee)
exec 3>&- 5<&- 9>&-
is "$x" "exit 0
$(object)" 'in a command substitution: it says nothing, and ends'
pid=$(drainer_pid)
like "$pid" '^[0-9]+$' 'its drainer is still there'
is "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid" 'in a session of its own'
is "$(ps -o ppid= -p "$pid" | tr -d ' ' | grep -cx "$$")" 0 'as nobody of this shell'
is "$(find "/proc/$pid/fd" -type l -printf '%l\n' | grep -v -e "^$SPOOL" -e '^socket:' -e '^pipe:' \
    -e '^anon_inode:' | sort -u)" /dev/null 'it has no file open that was not its own'
find "/proc/$pid/fd" -lname 'pipe:*' -printf '%l\n' | sort -u >"$WORK/own"
find /proc/[0-9]*/fd -lname 'pipe:*' ! -path "/proc/$pid/*" -printf '%l\n' 2>/dev/null | sort -u >"$WORK/others"
is "$(comm -12 "$WORK/own" "$WORK/others")" '' 'and no pipe that anybody else has'
wait_for stored_at_least db 2
ok $? 'it delivers'
wait_for no_drainer
ok $? 'and goes, by itself'
is "$(connections db)" 1 'over one connection'
is "$(find "$SPOOL" -name '*.lp')" '' 'nothing is left'
pid=

# what comes while it lingers is its own to send
one -l id=three
first=$(drainer_pid)
wait_for stored_at_least db 3
one -l id=four
wait_for stored_at_least db 4
is "$(drainer_pid)" "$first" 'it lingers, and sends what comes meanwhile'

# --- one, however many begin at once ---
SPOOL=$WORK/spool-many
serve many 204
TO=influxdb=$url
seq 100 | (
    object >"$WORK/object"
    # shellcheck disable=SC2016 # the inner shell's
    xargs -P 20 -I{} sh -c '"$1" --spool "$2" --fields time_total -o "$3" -l id={} <"$4" || echo {}' - \
        "$BIN_FAULTS" "$SPOOL" "$TO" "$WORK/object"
) >"$WORK/failed" 2>&1
is "$(cat "$WORK/failed")" '' '100 one-shots, 20 at once: all exit 0, without a word'
queue
is "$(find /proc/[0-9]*/fd -lname "$QUEUE/0.drainer" 2>/dev/null | wc -l)" 1 'one drainer'
wait_for stored_at_least many 100
ok $? 'all is delivered'
is "$(connections many)" 1 'by one drainer'
is "$(cut -d' ' -f1 "$WORK/many/stored" | sort | uniq -d)" '' 'each once'
is "$(sed 's/.* //' "$WORK/many/stored" | sort | uniq -d)" '' 'no two have one time'
kill "$(drainer_pid)"
wait_for no_drainer
ok $? 'a drainer ends with SIGTERM'

# --- the server is down ---
SPOOL=$WORK/spool-down
serve down 204
serve_stop down
TO=influxdb=$url
for i in 1 2 3; do
    one --retry-max-time 0 -l "id=down-$i"
    is $? 0 "the server is down: exit 0, $i"
    wait_for no_drainer
done
queue
like "$(cat "$QUEUE/0.log")" '^[^ ]+ .*[Cc]onnect' 'the server is down: the log says so'
like "$(sed -n 's/^failures \([0-9]*\) .*/\1/p' "$QUEUE/0.cursor")" '^[1-3]$' \
    'the server is down: failures are counted'
# a pause that is long enough for a test, as after many failures; in a cursor of a version
# that knew no checksums
pause() {
    awk -v ms="$1" '$1 == "sum" { next } $1 == "failures" { $(NF - 1) = ms } { print }' "$QUEUE/0.cursor" >"$WORK/cursor" &&
        cat "$WORK/cursor" >"$QUEUE/0.cursor"
}
pause "$(($(date +%s) + 50))000"
before=$(cat "$QUEUE/0.log")
for i in 4 5 6; do
    one -v --retry-max-time 0 -l "id=down-$i" 2>"$WORK/err"
    like "$(cat "$WORK/err")" 'waits in the spool: .*[Cc]onnect' "while it rests: kept, and -v says why, $i"
    no_drainer
    ok $? "while it rests: no drainer is started, $i"
done
is "$(cat "$QUEUE/0.log")" "$before" 'while it rests: nothing happens'
object | background --wait -l id=down-wait 2>"$WORK/err"
is $? 75 'while it rests: --wait exits 75'
like "$(cat "$WORK/err")" '1 read, 1 in the spool, 1 not delivered yet \(.*onnect' 'while it rests: --wait says why'
"$BIN_FAULTS" --spool "$SPOOL" --spool-status >"$WORK/out"
is $? 75 'while it rests: --spool-status exits 75'
like "$(cat "$WORK/out")" '^  waiting: 7 transfers, [0-9]+ bytes; oldest: [0-9]+ s$' 'what waits'
like "$(cat "$WORK/out")" '^  background sender: none$' 'who drains'
like "$(cat "$WORK/out")" '^  last error: [0-9]+ s ago(, [0-9]+ in a row)?: .*onnect' 'why not'
pause "$(($(date +%s) + 7200))000" # of a clock that has jumped back since
serve down 204
one -l id=down-8
wait_for stored_at_least down 8
ok $? 'the pause is over, the server is back: everything'
# the server has them before the sender has its answer
wait_for "$BIN_FAULTS" --spool "$SPOOL" --spool-status
"$BIN_FAULTS" --spool "$SPOOL" --spool-status >"$WORK/out"
is $? 0 '--spool-status: exit 0 when nothing waits'
like "$(cat "$WORK/out")" '^  waiting: 0 transfers, 0 bytes$' 'nothing waits'
unlike "$(cat "$WORK/out")" 'last error' 'the error is over'
"$BIN_FAULTS" --spool "$WORK/never" --spool-status >"$WORK/out" 2>"$WORK/err"
is $? 73 '--spool-status of no directory: exit 73'
[ ! -e "$WORK/never" ]
ok $? '--spool-status makes none'

# --- --wait ---
SPOOL=$WORK/spool-wait
serve wait '204 slow=1' '400 body=unable to parse'
TO=influxdb=$url
object | background --wait -l id=wait 2>"$WORK/err"
is "$? $(cat "$WORK/err")" '0 ' '--wait: exit 0'
is "$(stored wait)" 1 '--wait: when it ends it is delivered'
object | background --wait -l id=bad 2>"$WORK/err"
is $? 65 '--wait, refused: exit 65'
like "$(cat "$WORK/err")" '1 refused by the database' '--wait, refused: said'

# --- 401 ---
SPOOL=$WORK/spool-denied
serve denied '2*401' 204
TO=influxdb=$url
put denied
drain
is "$status" 77 '401: --drain exits 77'
like "$err" '0 delivered, 1 not delivered yet$' '401: counted'
once 'HTTP 401' '401: said, once'
object | background --wait -l id=denied-too 2>"$WORK/err"
like $? '^(75|77)$' '401: --wait exits 77, or 75 while it rests'
drain
drain
is "$status $err" '0 ' '401, over: delivered'
is "$(stored denied)" 2 '401, over: all of it'

# --- two destinations, one of them down ---
SPOOL=$WORK/spool-two
serve up 204
up=$url
serve gone 204
serve_stop gone
gone=$url
TO=influxdb=$up
transfers 100 >"$WORK/in"
background -o "influxdb=$gone" --retry-max-time 0 <"$WORK/in"
is $? 0 'two destinations, one down: exit 0'
wait_for stored_at_least up 100
ok $? 'two destinations, one down: the other gets everything'
is "$(cat "$SPOOL"/*/*.lp | grep -vc '^#')" 100 'two destinations: it is on the disk once'
one_is_empty() {
    "$BIN_FAULTS" --spool "$SPOOL" --spool-status | grep -q 'waiting: 0'
}
wait_for one_is_empty
"$BIN_FAULTS" --spool "$SPOOL" --spool-status >"$WORK/out"
is "$? $(grep -c waiting "$WORK/out") $(grep -c 'waiting: 0' "$WORK/out")" '75 2 1' \
    'two destinations, one down: --spool-status tells them apart'
wait_for no_drainer
serve gone 204
drain -o "influxdb=$gone"
is "$status $err" '0 ' 'two destinations: --drain'
is "$(stored up) $(stored gone)" '100 100' 'two destinations: both have everything'
is "$(wc -l <"$WORK/up/stored")" 100 'two destinations: and the first only once'
is "$(find "$SPOOL" -name '*.lp')" '' 'two destinations: nothing is left'

# --- --drain --follow ---
SPOOL=$WORK/spool-follow
serve follow 204
TO=influxdb=$url
FAULT='' "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" --drain --follow </dev/null \
    2>"$WORK/err" &
pid=$!
wait_for [ -e "$SPOOL" ]
for i in 1 2; do
    one -l "id=follow-$i"
    wait_for stored_at_least follow "$i"
    ok $? "--follow: delivers what comes, $i"
    is "$(drainer_pid)" "$pid" "--follow: is the drainer, $i"
done
kill "$pid"
push_wait
is "$status $err" '0 ' '--follow: SIGTERM ends it, exit 0'

# --- a process that cannot do its work says so, and what it was to send stays ---
SPOOL=$WORK/spool-child
serve child-too 204
too=$url
serve child 204
TO=influxdb=$url
for fault in open@2=EACCES signals@2=EIO; do # the first one is the writer's own
    object | FAULTS=$fault background -l id="$fault"
    is $? 0 "$fault: taken"
    queue
    wait_for no_drainer
    case $fault in
    open*) why='cannot open its lock: Permission denied' ;;
    *) why='cannot make a pipe: Input/output error' ;;
    esac
    like "$(tail -n 1 "$QUEUE/0.log")" "^[^ ]+Z tsdb-exporter: influxdb .*: $why\$" "$fault: the log says so"
done
is "$(requests child)" 0 'a process that cannot do its work: nothing is sent'
with signals@2=EIO drain -o "influxdb=$too"
is "$status" 75 'no pipe for the signals of two processes: exit 75'
is "$(printf '%s\n' "$err" | grep -c 'cannot make a pipe: Input/output error')" 2 \
    'no pipe for the signals of two processes: both say so'
with fork=EIO drain -o "influxdb=$too"
is "$status" 75 'no process for two destinations: exit 75'
is "$(printf '%s\n' "$err" | grep -c 'cannot start a process: Input/output error')" 2 \
    'no process for two destinations: said of each'
drain
is "$status $err" '0 ' 'a process that cannot do its work: the next one can'
is "$(stored child)" 2 'a process that cannot do its work: everything'

# --- another process is sending ---
SPOOL=$WORK/spool-held
serve held 204
TO=influxdb=$url
put held
queue
(
    exec 8<>"$QUEUE/0.drainer"
    flock -x 8
    exec sleep 60
) &
holder=$!
is_held() {
    ! flock -n "$QUEUE/0.drainer" true
}
wait_for is_held
# stopped WHAT [OPTION...]: the program, stopped while it waits, with input $WORK/object
stopped() {
    what=$1
    shift
    object >"$WORK/object"
    : >"$WORK/err"
    FAULT='' "$BIN_FAULTS" -v --spool "$SPOOL" --fields time_total -o "$TO" "$@" <"$WORK/object" 2>"$WORK/err" &
    pid=$!
    wait_for "$what"
    kill -TERM "$pid"
    push_wait
}
waits() {
    grep -q ': another process is sending; waiting for it$' "$WORK/err"
}
has_two() {
    [ "$(cat "$QUEUE"/*.lp | grep -vc '^#')" -eq 2 ]
}
for follow in '' --follow; do
    stopped waits --drain $follow
    is "$status" 75 "--drain $follow, stopped while another process is sending: exit 75"
    like "$err" ': stopped while another process was sending$' "--drain $follow: said"
done
stopped has_two --wait -l id=held-too
is "$status" 75 '--wait, stopped: exit 75'
like "$err" '1 read, 1 in the spool, 1 not delivered yet \(.*: stopped while another process was sending\)' '--wait, stopped: said'
is "$(requests held)" 0 'while another process is sending: nothing is sent twice'
kill "$holder"
wait "$holder" 2>/dev/null
drain
is "$status $err" '0 ' 'the other process is gone: delivered'
is "$(stored held)" 2 'the other process is gone: everything'

# --- standard descriptors that are not there ---
SPOOL=$WORK/spool-closed
serve closed 204
TO=influxdb=$url
object | background -l id=no-words >&- 2>&-
is $? 0 'no standard output, no standard error: exit 0'
wait_for stored_at_least closed 1
ok $? 'no standard output, no standard error: delivered'
background -l id=no-input <&- 2>"$WORK/err"
is $? 69 'no standard input: exit 69'
put later
FAULT='' "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" --drain <&- >&- 2>&-
is $? 0 'none of them, --drain: exit 0'
wait_for stored_at_least closed 2
ok $? 'none of them, --drain: delivered'
is "$(grep -cv '^time_total,id=[a-z-]* value=0.25 [0-9]*$' "$WORK/closed/stored")" 0 'and nothing else is'

# --- what is refused; the log ---
SPOOL=$WORK/spool-bad
serve bad bad-line=id=bad
TO=influxdb=$url
put good
put bad
put good-too
drain
is "$status" 65 'a line that is refused: exit 65'
like "$err" "refused 'time_total,id=bad .*cannot parse" 'a line that is refused: named'
like "$err" '2 delivered, 1 refused by the database' 'a line that is refused: the others are delivered'
drain
is "$status $err" '0 ' 'a line that is refused: done with'
SPOOL=$WORK/spool-log
serve log '400 body=unable to parse'
TO=influxdb=$url
queue_log() {
    cat "$SPOOL"/*/0.log*
}
one -l id=first
wait_for no_drainer
queue
for i in 1 2 3; do
    [ $i = 3 ] || yes 'filled by hand' | head -n 3000 >>"$QUEUE/0.log"
    one -l "id=$i"
    wait_for no_drainer
done
at_least 65536 "$(queue_log | wc -c)" 'a long log: it is cut'
like "$(tail -n 1 "$QUEUE/0.log")" '^....-..-..T?.*refused' 'a long log: the newest is there, with its time'

# --- secrets ---
SPOOL=$WORK/spool-secrets
serve secrets '401 echo=values'
host=${url#http://}
host=${host%/db}
export INFLUX_TOKEN=s3cret-t INFLUX_PASSWORD=s3cret-e
for to in "influxdb=http://me:s3cret-u@$host/db" "influxdb=http://$host/write?db=x&u=me&p=s3cret-p" \
    "influxdb=http://$host/write?db=x&token=s3cret-q&other=s3cret-o" \
    "prometheus=http://me:s3cret-u@$host"; do
    object | "$BIN_FAULTS" -q --spool "$SPOOL" -H 'Authorization: Token s3cret-a' -H 'X-Key: s3cret-h' -o "$to" \
        --retry-max-time 0
    object | "$BIN_FAULTS" -q --spool "$SPOOL" -o "$to" --retry-max-time 0
done
unset INFLUX_TOKEN INFLUX_PASSWORD
gone() {
    ! find /proc/[0-9]*/fd -lname "$SPOOL/*" 2>/dev/null | grep -q .
}
wait_for gone
is "$(grep -rl s3cret "$SPOOL")" '' 'no secret is in any file of the spool'
is "$(find "$SPOOL" | grep s3cret)" '' 'nor in any name'
like "$(cat "$SPOOL"/*/*.log)" 'HTTP 401' 'though what happened is'
at_least "$(find "$SPOOL" -name destinations | wc -l)" 4 'and each destination is named'

# --- what a one-shot does not load ---
if ! ldd "$BIN_FAULTS" | grep -q libasan; then
    object >"$WORK/object"
    (
        export FAULT=fork=EIO LD_DEBUG=files LD_DEBUG_OUTPUT="$WORK/loaded"
        "$BIN_FAULTS" --spool "$SPOOL" -o "$TO" -o "prometheus=http://$host" <"$WORK/object" 2>/dev/null
    )
    like "$(cat "$WORK"/loaded.*)" 'file=libc' 'what is loaded is seen'
    unlike "$(cat "$WORK"/loaded.*)" 'libcurl|libsnappy|libssl|libprotobuf' \
        'a one-shot loads neither libcurl nor snappy nor protobuf-c'
fi
tap_done
