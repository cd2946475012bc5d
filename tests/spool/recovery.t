#!/bin/sh
# shellcheck disable=SC2119 # drain takes options, of which there are mostly none
# What a spool makes of its own files when a power cut, a newer version or a clock
# has been at them.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

# begin NAME: a new queue with two transfers, and a server called NAME
begin() {
    serve "$1" 204
    TO=influxdb=$url
    SPOOL=$WORK/spool-$1
    put "one-$1"
    put "two-$1"
    queue
}

# end NAME WHAT: all is delivered
end() {
    drain
    is "$status $err" '0 ' "$2: delivered"
    promised "$1" "$2"
}

# increasing NAME: whether the times of a server's lines are so, in the order of arrival
increasing() {
    awk '$NF "" <= last "" { exit 1 } { last = $NF }' "$WORK/$1/stored"
}

# --- the clock ---
# A clock that has jumped back by an hour is a last time that lies ahead by one.
begin clock
now=$(date +%s)
hour=$(printf '%010d000000000' $((now + 3600)))
echo "tsdb-exporter-spool 1 $hour $hour 0000000001 0000000001" | sed 's/ \([0-9]\{19\}\)/ \1/g' >"$WORK/head"
is "$(wc -c <"$WORK/head")" "$(wc -c <"$QUEUE/lock")" 'the lock file has the form that this test writes'
cp "$WORK/head" "$QUEUE/lock"
put back
is "$status" 0 'the clock is back by an hour: taken'
like "$err" 'the clock was set back by (35[0-9][0-9]|3600) s; until it has caught up, times continue from the last one' \
    'the clock is back by an hour: said'
put back-again
unlike "$err" 'clock' 'the clock is back by an hour: said once'
end clock 'the clock is back by an hour'
increasing clock
ok $? 'the clock is back by an hour: times go on'
grep -q "id=back value=0.25 $((hour + 1))\$" "$WORK/clock/stored"
ok $? 'the clock is back by an hour: from the last one'

# --- a newer format ---
begin format
cp "$QUEUE/lock" "$WORK/lock"
cp "$QUEUE"/*.lp "$WORK/segment"
echo 'tsdb-exporter-spool 2 something else' >"$QUEUE/lock"
put newer
is "$status" 73 'a newer format: exit 73'
like "$err" 'format 2, made by a newer version; this one knows 1' 'a newer format: said'
drain
is "$status" 75 'a newer format: --drain exits 75'
like "$err" 'format 2, made by a newer version' 'a newer format: --drain says it'
spool_run --spool-status </dev/null
is "$status" 73 'a newer format: --spool-status exits 73'
is "$(cat "$QUEUE/lock")" 'tsdb-exporter-spool 2 something else' 'a newer format: the lock file is as it was'
cmp -s "$QUEUE"/*.lp "$WORK/segment"
ok $? 'a newer format: the transfers are as they were'
cp "$WORK/lock" "$QUEUE/lock"
echo 'tsdb-exporter-cursor 2 something else' >"$QUEUE/0.cursor"
put newer-cursor
is "$status" 0 'a newer cursor: taken'
like "$err" 'cannot start the background sender: .*format 2' 'a newer cursor: said'
drain
is "$status" 75 'a newer cursor: --drain exits 75'
like "$err" 'format 2, made by a newer version' 'a newer cursor: --drain says it'
is "$(requests format)" 0 'a newer cursor: nothing is sent'
is "$(cat "$QUEUE/0.cursor")" 'tsdb-exporter-cursor 2 something else' 'a newer cursor: it is as it was'
rm "$QUEUE/0.cursor"
end format 'after a newer format'

# --- a lock file that is lost ---
for broken in empty rubbish zeros; do
    begin "$broken"
    last=$(sed -n '$s/.* //p' "$QUEUE"/*.lp)
    case $broken in
    empty) : >"$QUEUE/lock" ;;
    rubbish) echo 'tsdb-exporter-spool 1 12' >"$QUEUE/lock" ;;
    zeros) head -c 84 /dev/zero >"$QUEUE/lock" ;;
    esac
    put "behind-$broken"
    is "$status $(sed -n '$s/.* //p' "$QUEUE"/*.lp | awk -v last="$last" '{ print ($1 "" > last "") }')" '0 1' \
        "a lock file that is $broken: the next one is taken, with a later time"
    end "$broken" "a lock file that is $broken"
    # the number of a new file must not be below that in the cursor
    : >"$QUEUE/lock"
    put "next-$broken"
    put "then-$broken"
    put "last-$broken"
    end "$broken" "a lock file that is $broken, of an empty queue"
done

# --- a cursor that is lost: all is sent again, with the same times ---
for broken in missing empty rubbish; do
    begin "cursor-$broken"
    with removing=kill drain -b 1
    case $broken in
    missing) rm "$QUEUE/0.cursor" ;;
    empty) : >"$QUEUE/0.cursor" ;;
    rubbish) printf 'tsdb-exporter-cursor 1\nat 1' >"$QUEUE/0.cursor" ;;
    esac
    put "behind-$broken"
    end "cursor-$broken" "a cursor that is $broken"
done

# --- segments ---
begin nul # as after a power cut: as long as it was, without what was in it
head -c 5000 /dev/zero >>"$QUEUE/0000000001.lp"
drain
is "$status $err" '0 ' 'NULs at the end: what is before them is delivered'
put behind-nul
like "$err" 'removed 5000 bytes of an unfinished line' 'NULs at the end: said'
end nul 'NULs at the end'

begin middle
printf 'curl,id=x time_to\ncurl,id=y time_total=0.25\n\000\000\n' >>"$QUEUE/0000000001.lp"
put behind-middle
drain
is "$status" 65 'broken lines: exit 65'
is "$(printf '%s\n' "$err" | grep -c 'a broken line before byte [0-9]* of segment 1 of the spool; skipped')" 3 \
    'broken lines: said'
like "$err" '3 delivered, 3 refused' 'broken lines: counted'
promised middle 'broken lines'
drain
is "$status $err" '0 ' 'broken lines: they are done with'

# A cursor ahead of its segment: a power cut has shortened it. What was put there
# since must not be skipped; that some is sent again does not matter.
for offset in 1000 70; do
    begin "ahead-$offset"
    with removing=kill drain
    cp "$QUEUE/0.cursor" "$WORK/cursor"
    sed "s/^at .*/at 1 $offset/; s/^tried .*/tried 1 $offset/" "$WORK/cursor" >"$QUEUE/0.cursor"
    sed 's/0000000002$/0000000001/' "$QUEUE/lock" >"$WORK/lock"
    cp "$WORK/lock" "$QUEUE/lock"
    put "since-$offset"
    end "ahead-$offset" "a cursor ahead of its segment, at $offset"
done
tap_done
