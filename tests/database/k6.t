#!/bin/sh
# k6's dashboards for InfluxDB show real curls, with the right numbers.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
influx_create k6
stored_py wrap <"$ROOT/tests/data/corpus_public.ndjson" >"$WORK/in"
push --layout k6 --text --label curl -o "influxdb=$INFLUXDB_URL/k6"
is "$status $err" '0 ' 'stored without a word'

python3 "$ROOT/tests/lib/k6_dashboards.py" "$INFLUXDB_URL" k6 <"$WORK/in" >"$WORK/answers" 2>"$WORK/answers.err"
is "$?|$(cat "$WORK/answers.err")" '0|' 'all questions are answered'
sed 's/^/# /' "$WORK/answers.err"
while IFS='|' read -r good what; do
    ok "$good" "$what"
done <"$WORK/answers"

# what dashboards of 2587's kind ask, and neither a curl nor many can tell
for measurement in vus checks errors; do
    is "$(influx_query k6 "SELECT mean(\"value\") FROM \"$measurement\"")" '' "$measurement: nothing is made up"
done

# URLs as names, for a test of few
influx_create names
push --layout k6 --tag-field name=url -o "influxdb=$INFLUXDB_URL/names"
is "$(influx_query names 'SELECT count("value") FROM "http_reqs" WHERE "name" = '"'http://127.0.0.1:21000/ok'" |
    sed -n '2s/.*,//p')" "$(grep -c '"url":"http://127.0.0.1:21000/ok["?]' "$WORK/in")" 'a URL as the name'
tap_done
