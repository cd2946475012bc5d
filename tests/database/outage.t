#!/bin/sh
# A database that is killed in the middle of a stream, and one that does not
# come back.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
influx_create metrics
has_at_least() {
    count=$(influx_count metrics time_total)
    [ "${count:-0}" -ge "$1" ]
}

# 13 s of a stream, 200 transfers a second, of which the database misses 10
push_begin --label outage -o "influxdb=$INFLUXDB_URL/metrics"
for round in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
    if [ "$round" -eq 2 ]; then
        has_at_least 1
        ok $? 'the stream has begun'
        stop_server influxdb KILL
    fi
    if [ "$round" -eq 12 ]; then
        start_influxdb 9>&- || exit 1 # or it would hold our end of the pipe open
    fi
    transfers 200 $((round * 200)) >&9
    sleep 1
done
push_end
is "$status" 0 'away for 10 s: exit 0'
for measurement in time_total http_code failed; do
    is "$(influx_count metrics $measurement)" 2600 "away for 10 s: all of $measurement is there"
done
like "$err" 'trying again' 'the outage is said'
like "$err" 'answers again' 'and its end'

# for good
stop_server influxdb KILL
transfers 1000 >"$WORK/in"
# shellcheck disable=SC2016 # expanded by the inner sh
printf '#!/bin/sh\nexec timeout -s KILL 60 "%s" "$@"\n' "$BIN" >"$WORK/bounded"
chmod +x "$WORK/bounded"
BIN=$WORK/bounded
push --retry-max-time 3 -b 100 -o "influxdb=$INFLUXDB_URL/metrics"
is "$status" 69 'away for good: exit 69, in bounded time'
like "$err" '1000 read, 0 delivered, 1000 lost$' 'away for good: the number lost'
once 'onnect' 'away for good: why, once'
adds_up 'away for good: the counts add up'
tap_done
