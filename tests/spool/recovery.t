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
# A clock that has jumped back by 5 minutes is a last time that lies ahead by as much. The
# head that is written here is also one of a version that knew no checksum.
begin clock
now=$(date +%s)
ahead=$(printf '%010d000000000' $((now + 300)))
echo "tsdb-exporter-spool 1 $ahead $ahead 0000000001 0000000001" | sed 's/ \([0-9]\{19\}\)/ \1/g' >"$QUEUE/lock"
put back
is "$status" 0 'the clock is back by 5 minutes: taken'
like "$err" 'the clock was set back by (29[0-9]|300) s; until it has caught up, times continue from the last one' \
    'the clock is back by 5 minutes: said'
put back-again
unlike "$err" 'clock' 'the clock is back by 5 minutes: said once'
end clock 'the clock is back by 5 minutes'
increasing clock
ok $? 'the clock is back by 5 minutes: times go on'
grep -q "id=back value=0.25 $((ahead + 1))\$" "$WORK/clock/stored"
ok $? 'the clock is back by 5 minutes: from the last one'

# A clock was ten years ahead: its time is not continued, and its transfers are refused.
for ahead in 2111111111000000000 9223372036854775807 -5; do
    begin "wrong$ahead"
    echo "tsdb-exporter-spool 1 $ahead $ahead 0000000001 0000000001" >"$QUEUE/lock"
    put "right$ahead"
    like "$status $err" "^0 .*the last time in it was [0-9]* s ahead of the clock: .*transfers get the clock's time again" \
        "a wrong clock, $ahead: taken, and said"
    put "right-again$ahead"
    unlike "$err" 'clock' "a wrong clock, $ahead: said once"
    end "wrong$ahead" "a wrong clock, $ahead"
    awk -v now="$(date +%s)" '$NF / 1e9 > now + 1 || $NF / 1e9 < now - 60 { exit 1 }' "$WORK/wrong$ahead/stored"
    ok $? "a wrong clock, $ahead: all times are right"
done
begin future
for time in 2111111111000000000 9223372036854775807 946684799000000000 -1 99999999999999999999; do
    echo "curl,id=bulk time_total=0.25 $time" >>"$QUEUE/0000000001.lp"
done
put behind-future
drain
is "$status" 65 'transfers of a wrong clock: exit 65'
is "$(printf '%s\n' "$err" | grep -c 'a transfer with a time before 2000 or more than 10 minutes ahead of the clock before byte .*; skipped')" 5 \
    'transfers of a wrong clock: said'
like "$err" '3 delivered, 5 refused' 'transfers of a wrong clock: counted'
is "$(grep -c 'id=bulk' "$WORK/future/stored")" 0 'transfers of a wrong clock: not stored'
promised future 'transfers of a wrong clock'

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
    [ "$broken" = empty ] ||
        like "$err" 'the file lock was damaged; it was made again from the other files' "a lock file that is $broken: said"
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
    drain
    case $broken in
    missing) is "$status $err" '0 ' 'a cursor that is missing: all is sent again' ;;
    *)
        like "$status $err" '^0 .*the file 0.cursor was damaged; what is still here is sent again, with the same times$' \
            "a cursor that is $broken: all is sent again, and it is said"
        ;;
    esac
    promised "cursor-$broken" "a cursor that is $broken"
done
for digit in at state; do
    begin "cursor-$digit"
    with removing=kill drain -b 1
    case $digit in
    at) sed '/^at/s/[1-9]$/0/' "$QUEUE/0.cursor" >"$WORK/cursor" ;;
    state) sed '$a 1' "$QUEUE/0.cursor" >"$WORK/cursor" ;;
    esac
    cp "$WORK/cursor" "$QUEUE/0.cursor"
    drain
    like "$status $err" '^0 .*the file 0.cursor was damaged' "a cursor with a digit that is wrong, in $digit: said"
    promised "cursor-$digit" "a cursor with a digit that is wrong, in $digit"
done

# numbers that cannot be, in the form without checksums
for number in 18446744073709551615 9223372036854775807 -9223372036854775808; do
    begin "extreme$number"
    printf 'tsdb-exporter-cursor 1\nat %s %s\ntried %s %s\nnot-stored %s %s\nfailures 1 0 %s %s\nwhy x\n' \
        $number $number $number $number $number $number $number $number >"$QUEUE/0.cursor"
    [ "$number" != 9223372036854775807 ] || : >"$QUEUE/lock"
    spool_run --spool-status </dev/null
    is "$status $err" '75 ' "a cursor of $number: reported"
    drain
    is "$status" 0 "a cursor of $number: delivered"
    promised "extreme$number" "a cursor of $number"
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
    # as a version wrote it that knew no checksums
    sed "/^sum/d; s/^at .*/at 1 $offset/; s/^tried .*/tried 1 $offset/" "$WORK/cursor" >"$QUEUE/0.cursor"
    put "since-$offset"
    end "ahead-$offset" "a cursor ahead of its segment, at $offset"
done

# --- damages that a checksum or a size shows ---
begin digit
sed '2s/0\.25/0.26/' "$QUEUE/0000000001.lp" >"$WORK/segment"
cp "$WORK/segment" "$QUEUE/0000000001.lp"
sed '1d' "$WORK/promises" >"$WORK/others"
mv "$WORK/others" "$WORK/promises"
drain
is "$status" 65 'a wrong digit in a transfer: exit 65'
like "$err" 'a broken line before byte 87 of segment 1' 'a wrong digit in a transfer: said'
like "$err" '1 delivered, 1 refused' 'a wrong digit in a transfer: counted'
unlike "$(cat "$WORK/digit/stored")" '0\.26' 'a wrong digit in a transfer: not stored'
promised digit 'a wrong digit in a transfer'

begin last
sed 's/0000000001 \([^ ]* [^ ]*\)$/0000000031 \1/' "$QUEUE/lock" >"$WORK/lock"
cmp -s "$WORK/lock" "$QUEUE/lock"
is $? 1 'one digit of LAST is wrong'
cp "$WORK/lock" "$QUEUE/lock"
drain
like "$status $err" '^0 .*the file lock was damaged' 'one digit of LAST: said'
promised last 'one digit of LAST'

begin short
sed '$d' "$QUEUE/0000000001.lp" | sed '$d' >"$WORK/segment"
cp "$WORK/segment" "$QUEUE/0000000001.lp"
echo one-short >"$WORK/promises"
drain
like "$status $err" '^65 .*[0-9]+ bytes at the end of segment 1 are missing or damaged' 'whole lines are missing at the end: said'
drain
is "$status $err" '0 ' 'whole lines are missing at the end: said once'
put behind-short
promised_later=$status
end short 'whole lines are missing at the end'
is "$promised_later" 0 'whole lines are missing at the end: it goes on'

# Of two destinations one has all when lines go missing at the end. What is written next
# must not stand where its cursor has already been.
serve late 204
late=influxdb=$url
serve_stop late
serve early 204
TO=influxdb=$url
SPOOL=$WORK/spool-two
for id in e1 e2 e3; do put $id -o "$late"; done
queue
drain -o "$late" --retry-max-time 0
is "$status $(stored early)" '75 3' 'one destination of two has all'
sed '$d' "$QUEUE/0000000001.lp" | sed '$d' >"$WORK/segment"
cp "$WORK/segment" "$QUEUE/0000000001.lp"
put e4 -o "$late"
is "$status" 0 'a transfer after lines went missing: kept'
serve late 204
drain -o "$late"
is "$status" 65 'with two destinations: exit 65'
is "$(stored early) $(stored late)" '4 3' 'both get what was written after that'

# Several segments, of which one is lost: what is behind it is sent all the same.
python3 "$ROOT/tests/lib/many_transfers.py" 40000 >"$WORK/in"
for gap in first second last; do
    begin "gap-$gap"
    rm "$WORK/promises"
    put_bulk
    case $gap in
    first) lost=$QUEUE/0000000001.lp why='segments 1 to 1 are missing; the transfers in them are lost, those behind them are sent' ;;
    second) lost=$QUEUE/0000000002.lp why='segments 2 to 2 are missing; the transfers in them are lost, those behind them are sent' ;;
    last)
        for lost in "$QUEUE"/*.lp; do :; done
        why='bytes at the end of segment [0-9]+ are missing or damaged; the transfers in them are lost'
        ;;
    esac
    left=$(($(cat "$QUEUE"/*.lp | grep -vc '^#') - $(grep -vc '^#' "$lost")))
    rm "$lost"
    drain
    like "$err" "$why" "the $gap segment is lost: said"
    is "$status" 65 "the $gap segment is lost: exit 65"
    is "$(stored "gap-$gap")" "$left" "the $gap segment is lost: all others are stored"
    spool_run --spool-status </dev/null
    is "$status" 0 "the $gap segment is lost: nothing waits"
    put "behind-gap-$gap"
    end "gap-$gap" "the $gap segment is lost"
done
tap_done
