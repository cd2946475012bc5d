#!/bin/sh
# Every number of real curls is in InfluxDB afterwards, as it was, where it
# belongs, and nothing else is; and dashboards of the old script find it.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" >"$WORK/in"

# stores DB LAYOUT [text] OPTION...: all of it, exactly
stores() {
    db=$1
    layout=$2
    text=$3
    shift 3
    influx_create "$db"
    push --label 'real curl' --layout "$layout" "$@" -o "influxdb=$INFLUXDB_URL/$db"
    is "$status $err" '0 ' "$db: stored without a word"
    # shellcheck disable=SC2086 # "" is no argument
    matches "$db: every value, to the last digit" influxdb "$INFLUXDB_URL" "$db" "$layout" \
        'real curl' $text <"$WORK/in"
}

stores metric metric ''
stores wide wide ''
stores metric_text metric text --text
stores wide_text wide text --text
stores gzip metric '' --gzip -b 7

# again, as after an answer that was lost: nothing changes
push --label 'real curl' -o "influxdb=$INFLUXDB_URL/metric"
is "$status" 0 'the same once more: exit 0'
matches 'the same once more: nothing is counted twice' influxdb "$INFLUXDB_URL" metric metric \
    'real curl' <"$WORK/in"

# --- dashboards of the old script; the database's name is the default ---
influx_create metrics
transfers 60 | sed 's/"ts":[0-9]*,//' >"$WORK/in" # as they were: without a time
INFLUX_HOST=$INFLUXDB_URL push --label curl-http
is "$status" 0 'by default: exit 0'
is "$(influx_query metrics 'select COUNT(*) from http_code where ("label"::tag =~ /^curl-http$/)' |
    sed 1d)" 'http_code,,0,60' 'a query of old dashboards: count'
is "$(influx_query metrics 'SELECT mean("value") FROM "time_total" WHERE "label" = '"'curl-http'"' AND time > now() - 1h GROUP BY time(10s) fill(none)' |
    sed 1d | cut -d , -f 1,4 | sort -u)" 'time_total,0.25' 'a query of old dashboards: mean over time'
is "$(influx_query metrics 'SELECT mean("value") FROM "time_total" WHERE "label" = '"'curl-http'"' GROUP BY time(10s)' |
    sed 1d | cut -d , -f 1,4 | grep -c '^time_total,0.25$')" \
    "$(influx_query metrics 'SELECT mean("value") FROM "time_total" WHERE "label" = '"'curl-http'"' GROUP BY time(10s) fill(none)' |
        sed 1d | wc -l)" 'a query of old dashboards: mean over time, as it is'
tap_done
