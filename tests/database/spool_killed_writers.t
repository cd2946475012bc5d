#!/bin/sh
# Writers, of which 1,000 are killed at a random moment while a drainer empties the
# spool: what one has ended with exit 0 for is stored, and nothing twice, nor torn.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/spool_database.sh
. "$ROOT/tests/lib/spool_database.sh"

start_influxdb || exit 1
influx_create killed
SPOOL_DB=killed
OUTPUTS="-o influxdb=$INFLUXDB_URL/killed"

# shellcheck disable=SC2086 # a list
timeout 200 "$ROOT/tests/lib/kill_writers.py" 1000 1 "$WORK/said" \
    "$BIN" --spool "$SPOOL" --label writers $OUTPUTS >"$WORK/codes"
ok $? 'writers were started and killed'
killed=$(grep -c ' -9$' "$WORK/codes")
[ "$killed" -ge 1000 ]
ok $? "at least 1,000 were killed before they had ended ($killed)"
is "$(grep -vc ' \(0\|-9\)$' "$WORK/codes")" 0 'the others end with 0'
unlike "$(cat "$WORK/said")" 'not kept|lost|refused|broken' 'and lose nothing'
# shellcheck disable=SC2119
drain
is "$status" 0 'what is left is drained'
unlike "$err" 'broken|refused' 'without a broken line'

numbers influxdb >"$WORK/stored"
awk '$3 == 0 { for (i = $1; i <= $2; i++) print i }' "$WORK/codes" | sort >"$WORK/kept"
is "$(sort "$WORK/stored" | comm -13 - "$WORK/kept" | wc -l)" 0 \
    "each of the $(wc -l <"$WORK/kept") transfers for which a writer ended with 0 is stored"
is "$(uniq -d "$WORK/stored" | wc -l)" 0 'none is stored twice'
awk '{ for (i = $1; i <= $2; i++) print i }' "$WORK/codes" | sort >"$WORK/given"
is "$(sort "$WORK/stored" | comm -23 - "$WORK/given" | wc -l)" 0 'nothing else is stored'
is "$(influx_count killed http_code)" "$(wc -l <"$WORK/stored")" 'every transfer is whole'
"$BIN" --spool "$SPOOL" --spool-status >"$WORK/status"
is $? 0 'the spool is empty'
unlike "$(cat "$WORK/status")" refused 'and nothing of it was refused'
tap_done
