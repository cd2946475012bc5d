# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # for those who source it; from delivery.sh
# What the tests of the spool share: writers and drainers that meet named faults
# (see base/fault.h), and the one question that is always asked in the end: is all that
# a writer's exit code 0 has promised stored, once, as it was. To be sourced behind
# delivery.sh.
#
#   $BIN_FAULTS   the program with faults
#   $SPOOL        the directory in use; $QUEUE, set by `queue`, the one in it
#   $TO           the output, such as influxdb=$url
#   put ID [OPTION...]      a one-shot: one transfer, labelled id=ID, and no drainer
#                           (nobody can fork). $status, $err; ID is taken down as
#                           promised when it is 0
#   put_bulk [OPTION...]    the same with what is in $WORK/in, and with id=bulk, which is
#                           not taken down
#   begin NAME              a new queue with two transfers, and a server called NAME
#   drain [OPTION...]       sends what waits, in the foreground; $status, $err
#   with LIST put|drain ... the same with these faults, PLACE=ACTION,...; each must
#                           be hit, or it counts as a failed test
#   promised NAME           whether server NAME has what was promised, and nothing
#                           in pieces or with two times
#   background [OPTION...]  the program on standard input, faults $FAULT, and a
#                           drainer if it wants one
#   drainer_pid, no_drainer the one that holds the lock of destination 0; none does

BIN_FAULTS=${BIN_FAULTS:-$ROOT/build/faults/tsdb-exporter}
SPOOL=$WORK/spool
FAULTS=
export FAULT='' FAULT_LOG="$WORK/hits"
trap 'spool_end' EXIT

spool_end() {
    spool_pid=$(drainer_pid)
    [ -z "$spool_pid" ] || kill -KILL "$spool_pid" 2>/dev/null
    delivery_end
}

object() {
    echo '{"http_code":200,"time_total":0.25,"curl_version":"x"}'
}

spool_run() {
    status=0
    FAULT=$spool_faults timeout -s KILL 30 "$BIN_FAULTS" --spool "$SPOOL" --fields time_total \
        -o "$TO" "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
    err=$(cat "$WORK/err")
}

put() {
    spool_id=$1
    shift
    object >"$WORK/object"
    spool_faults=${FAULTS:+$FAULTS,}fork=EIO
    spool_run -l "id=$spool_id" "$@" <"$WORK/object"
    [ "$status" -ne 0 ] || echo "$spool_id" >>"$WORK/promises"
}

put_bulk() {
    spool_faults=${FAULTS:+$FAULTS,}fork=EIO
    spool_run -l id=bulk "$@" <"$WORK/in"
}

begin() {
    serve "$1" 204
    TO=influxdb=$url
    SPOOL=$WORK/spool-$1
    put "one-$1"
    put "two-$1"
    queue
}

drain() {
    spool_faults=$FAULTS
    spool_run --drain "$@" </dev/null
}

with() {
    FAULTS=$1
    shift
    rm -f "$FAULT_LOG"
    # the shell's word on who was killed
    { "$@"; } 2>/dev/null
    for spool_place in $(echo "$FAULTS" | tr ',' ' '); do
        grep -qx "${spool_place%%[@=]*}" "$FAULT_LOG"
        ok $? "$spool_place was reached: $*"
    done
    FAULTS=
}

queue() {
    for QUEUE in "$SPOOL"/*/; do
        QUEUE=${QUEUE%/}
    done
}

promised() {
    [ -e "$WORK/promises" ] || : >"$WORK/promises"
    sort -u "$WORK/promises" >"$WORK/wanted"
    sort -u "$WORK/$1/stored" | grep -v '^time_total,id=bulk ' >"$WORK/lines"
    sed -n 's/^time_total,id=\([^ ,]*\) value=0\.25 [0-9]*$/\1/p' "$WORK/lines" | sort >"$WORK/ids"
    is "$(sort -u "$WORK/ids" | comm -13 - "$WORK/wanted" | paste -sd ' ' -)" '' \
        "$2: all $(wc -l <"$WORK/wanted") that were promised are stored"
    is "$(uniq -d "$WORK/ids")" '' "$2: none of them with two times"
    is "$(wc -l <"$WORK/lines")" "$(wc -l <"$WORK/ids")" "$2: and nothing in pieces"
    rm "$WORK/promises" # kept
}

background() {
    FAULT=${FAULTS-} "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" "$@"
}

# Who has its lock file open: an flock itself is only known by who took it, and that
# process has gone.
drainer_pid() {
    queue
    find /proc/[0-9]*/fd -lname "$QUEUE/0.drainer" 2>/dev/null | sed -n '1s,/proc/\([0-9]*\)/.*,\1,p'
}

no_drainer() {
    [ -z "$(drainer_pid)" ]
}
