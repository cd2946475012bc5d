#!/bin/sh
# A drainer that is killed, at each place that has a name, and one that cannot read
# or write: the next one sends the rest, and what it sends again has the same times.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

# seven ID NAME: seven transfers of one series, in one queue, for server NAME
seven() {
    for _ in 1 2 3 4 5 6 7; do
        object
    done >"$WORK/seven"
    spool_faults=fork=EIO
    from=$(requests "$2") # those before are of others
    spool_run -q -l "id=$1" <"$WORK/seven"
}

# samples NAME: a line "ID TIME" for each different sample that a server has
samples() {
    case $TO in
    influxdb=*) sed 's/.*id=\([^ ,]*\) value=0.25 /\1 /' "$WORK/$1/stored" ;;
    *)
        awk -v from="$from" '$4 == 204 && $1 > from { print $1 }' "$WORK/$1/log" | while read -r number; do
            remote_write_text 1 "$1" "$number"
        done | sed -n 's/.*id="\([^"]*\)".*/\1/; t keep; s/ *0.25 @ //; t show; d; :keep; h; d
            :show; G; s/\(.*\)\n\(.*\)/\2 \1/p'
        ;;
    esac | sort -u
}

# seven_of NAME ID WHAT: there are seven samples, which have seven times
seven_of() {
    is "$(samples "$1" | grep -c "^$2 ")" 7 "$3: seven, each with one time"
}

for type in influxdb prometheus; do
    serve "$type" 204
    TO=$type=$url
    [ $type = influxdb ] || TO=$type=${url%/db}

    # -b 3: three requests; @2: with the second one
    faults='marked@2=kill answered=kill answered@2=kill cursor-write@2=kill cursor-write@3=kill
        cursor-written@2=kill settled=kill removing=kill unlocking=kill'
    [ $type = prometheus ] || faults="$faults marked=kill cursor-write=kill cursor-written=kill
        settled@2=kill read=kill read@2=kill read-open=kill cursor-read=kill drainer-lock=kill
        lock=kill locked=kill head-read=kill head-write=kill"
    for fault in $faults; do
        id=$(echo "$fault" | tr '@=' '--')
        SPOOL=$WORK/$type-$id
        seven "$id" "$type"
        with "$fault" drain -b 3
        is "$status" 137 "$type, $fault: killed"
        drain -b 2 # another batch than the one that was tried
        is "$status $err" '0 ' "$type, $fault: the next one sends the rest"
        seven_of "$type" "$id" "$type, $fault"
        rm -r "$SPOOL"
    done

    # between a request and its answer
    for fault in kill term; do
        serve "slow-$type-$fault" 204 '204 slow=1' 204
        TO=$type=$url
        [ $type = influxdb ] || TO=$type=${url%/db}
        SPOOL=$WORK/$type-slow-$fault
        seven "$fault" "slow-$type-$fault"
        spool_faults=
        : >"$WORK/answer"
        "$BIN_FAULTS" --spool "$SPOOL" --fields time_total -o "$TO" --drain -b 3 2>"$WORK/answer" &
        pid=$!
        wait_for requests_at_least "slow-$type-$fault" 2
        kill -"$(echo $fault | tr '[:lower:]' '[:upper:]')" "$pid"
        status=0
        wait "$pid" 2>/dev/null || status=$?
        pid=
        if [ $fault = term ]; then
            is "$status" 75 "$type, SIGTERM during a request: exit 75"
            like "$(cat "$WORK/answer")" '6 delivered, 1 not delivered yet' \
                "$type, SIGTERM during a request: that is finished, the rest stays"
            is "$(requests "slow-$type-$fault")" 2 "$type, SIGTERM during a request: no other is made"
        else
            is "$status" 137 "$type, killed during a request"
        fi
        drain -b 3
        is "$status $err" '0 ' "$type, SIG$fault during a request: the next one sends the rest"
        seven_of "slow-$type-$fault" "$fault" "$type, SIG$fault during a request"
    done
done

# --- what fails, but kills nobody ---
TO=influxdb=http://127.0.0.1:$(cat "$WORK/influxdb/port")/db
for fault in read=EIO read-open=EACCES cursor-read=EIO cursor-write=EIO drainer-lock=EACCES \
    lock=EIO head-read=EIO open=EACCES; do
    id=fails-${fault%=*}
    SPOOL=$WORK/$id
    seven "$id" influxdb
    [ "$id" != fails-cursor-read ] || with marked=kill drain -b 3 # so that there is one
    with "$fault" drain -b 3
    like "$status" '^(73|75)$' "$fault: exit 73 or 75"
    like "$err" 'Input/output error|Permission denied' "$fault: said"
    drain -b 3
    is "$status" 0 "$fault, over: the next one sends the rest"
    seven_of influxdb "$id" "$fault"
done

# --- what was removed half is removed by the next one ---
SPOOL=$WORK/half
transfers 16000 >"$WORK/in" # two files
put_bulk -q
with removing=kill drain
drain
put last
drain
is "$status" 0 'killed before files are removed: the next one goes on'
is "$(find "$SPOOL" -name '*.lp')" '' 'killed before files are removed: they are, in the end'
tap_done
