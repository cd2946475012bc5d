#!/bin/sh
# Twenty at a time, one label, a process for each object: none overwrites another.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
influx_create metrics
object=$(head -n 1 "$ROOT/tests/data/corpus_public.ndjson")
export object BIN
# shellcheck disable=SC2016 # expanded by the inner sh
seq 2000 | xargs -P 20 -I {} sh -c \
    'printf %s "$object" | "$BIN" --label writers -o "influxdb=$INFLUXDB_URL/metrics"' 2>"$WORK/err"
ok $? 'all of 2,000 writers end with 0'
is "$(cat "$WORK/err")" '' 'and silently'

influx_query metrics 'SELECT count(value) FROM /.*/ WHERE label = '"'writers'" | sed 1d >"$WORK/counts"
is "$(cut -d , -f 4 "$WORK/counts" | sort -u)" 2000 'every measurement has 2,000 points'
is "$(grep -c . "$WORK/counts")" \
    "$(influx_query metrics 'SHOW MEASUREMENTS' | sed 1d | wc -l)" 'none is without'
like "$(cat "$WORK/counts")" '^time_total,' 'time_total is one of them'
tap_done
