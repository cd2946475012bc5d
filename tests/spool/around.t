#!/bin/sh
# shellcheck disable=SC2119 # drain takes options, of which there are mostly none
# What is done to a spool and its processes from outside: stopped senders, files that are
# removed or cannot be read, limits, signals, a machine without /dev/null.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

status_of_spool() {
    spool_faults=
    spool_run --spool-status </dev/null
    out=$(cat "$WORK/out")
}

# --- who sends is stopped, and holds the lock ---
begin stopped
short='--timeout 500ms --retry-max-time 0s --interval 100ms'
object >"$WORK/object"
# shellcheck disable=SC2086 # a list
FAULTS=marked=stop background -l id=waits --wait $short <"$WORK/object" 2>"$WORK/err"
is $? 75 'the background sender is stopped: --wait exits 75'
like "$(cat "$WORK/err")" 'the process that sends has not got on for [5-9] s: it is stopped or stuck; end it, and try again' \
    'the background sender is stopped: --wait says it'
# shellcheck disable=SC2086 # a list
drain $short
is "$status" 75 'the background sender is stopped: --drain exits 75'
like "$err" 'the process that sends has not got on for [5-9] s' 'the background sender is stopped: --drain says it'
kill -KILL "$(drainer_pid)"
wait_for no_drainer
echo waits >>"$WORK/promises"
drain
is "$status" 0 'the background sender is killed: all is delivered'
promised stopped 'the background sender was stopped'

# --- --spool-status ---
begin newer
serve other 204
TO=influxdb=$url
put one-other
for each in "$SPOOL"/*/; do
    [ "$each" = "$QUEUE/" ] || echo 'tsdb-exporter-spool 2 something else' >"$each/lock"
done
status_of_spool
is "$status" 73 'one queue of a newer format: exit 73'
like "$out" 'waiting: 2 transfers' 'one queue of a newer format: the other one is reported'
like "$out" 'cannot be read: it is of format 2' 'one queue of a newer format: so is this one'
like "$err" 'format 2, made by a newer version' 'one queue of a newer format: said'

begin nameless
rm "$QUEUE/destinations"
status_of_spool
is "$status" 75 'destinations removed: exit 75'
like "$out" "destinations unknown \\(queue ${QUEUE##*/}\\)" 'destinations removed: shown'
like "$out" 'waiting: 2 transfers' 'destinations removed: what waits'

begin reading
rm -f "$QUEUE/lock" "$QUEUE/0.drainer"
find "$SPOOL" | sort >"$WORK/before"
status_of_spool
is "$status" 75 'no lock file: exit 75'
like "$out" 'waiting: 2 transfers' 'no lock file: what waits'
is "$(find "$SPOOL" | sort)" "$(cat "$WORK/before")" '--spool-status makes no file'
# shellcheck disable=SC2016 # the inner shell expands
if unshare -m true 2>/dev/null; then
    is "$(unshare -m sh -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" 2>/dev/null &&
        "$2" --spool "$1" --spool-status' - "$SPOOL" "$BIN_FAULTS" 2>&1 | grep -c 'waiting: 2 transfers')" 1 \
        'a read-only file system: reported'
fi

# --- the directory is removed under a stream ---
begin removed
mkfifo "$WORK/fifo"
FAULTS=fork=EIO background -l id=bulk <"$WORK/fifo" 2>"$WORK/err" &
pid=$!
exec 9>"$WORK/fifo"
object >&9
wait_for grep -q id=bulk "$QUEUE/0000000001.lp"
rm -r "$SPOOL"
object >&9
exec 9>&-
wait "$pid"
is $? 73 'the spool is removed under a stream: exit 73'
like "$(cat "$WORK/err")" '1 in the spool, 1 lost .*its directory was removed while it was in use' 'the spool is removed under a stream: said'
rm "$WORK/promises"
begin emptied
FAULTS=fork=EIO background -l id=after <"$WORK/fifo" 2>"$WORK/err" &
pid=$!
exec 9>"$WORK/fifo"
object >&9
wait_for grep -q id=after "$QUEUE/0000000001.lp"
rm "$QUEUE"/*
object >&9
exec 9>&-
wait "$pid"
is "$?" 0 'the files are removed under a stream: made anew'
drain
is "$status $(stored emptied)" '0 1' 'the files are removed under a stream: what came since is delivered'
rm "$WORK/promises"

# --- limits and signals ---
begin limit
transfers 100 >"$WORK/in"
(
    ulimit -f 8
    spool_faults=fork=EIO
    spool_run -l id=bulk <"$WORK/in"
    echo "$status $err" >"$WORK/limited"
) 2>/dev/null
like "$(cat "$WORK/limited")" '^73 ' 'a file size limit: exit 73'
like "$(cat "$WORK/limited")" 'lost .*File too large' 'a file size limit: why'
like "$(cat "$WORK/limited")" '[0-9]+ in the spool, [0-9]+ lost' 'a file size limit: counted'
end_kept=$(sed -n 's/.* \([0-9]*\) in the spool, .*/\1/p' "$WORK/limited")
drain
is "$status $(stored limit)" "0 $((end_kept + 2))" 'a file size limit: what was kept is delivered'

begin hangup
serve hung 204
push_begin -o "influxdb=$url" --interval 60s
transfers 3 >&9
sleep 0.5
kill -HUP "$pid"
wait "$pid"
is "$? $(stored hung)" '0 3' 'SIGHUP: what was read is delivered'
exec 9>&-

# --- no fork, no /dev/null ---
serve two-a 204
first=$url
serve two-b 204
SPOOL=$WORK/spool-two
TO=influxdb=$first
put two -o "influxdb=$url"
FAULTS=fork=EIO
drain -o "influxdb=$url"
FAULTS=
is "$status" 75 'two outputs, no fork: exit 75'
is "$(printf '%s\n' "$err" | grep -c 'cannot start a process: Input/output error')" 2 'two outputs, no fork: said for each'
rm "$WORK/promises"

# --- links ---
mkdir "$WORK/real" "$WORK/real/sub"
ln -s "$WORK/real" "$WORK/link"
for path in link link/ link/. link/./ link/.// link/sub/.. link/../x link/sub/../../x; do
    SPOOL=$WORK/$path
    put never
    is "$status" 73 "--spool $path: exit 73"
    like "$err" 'symbolic link' "--spool $path: said"
done
is "$(find "$WORK/real" | wc -l)$(find "$WORK" -maxdepth 1 -name x)" 2 'through a link nothing is made'
for path in real/. real/../real new/. real/sub/..; do
    SPOOL=$WORK/$path
    put "path"
    is "$status" 0 "--spool $path: taken"
done
tap_done
