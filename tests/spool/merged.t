#!/bin/sh
# Samples that had to be merged are a loss, through the spool too.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

awk 'BEGIN {
    for (i = 0; i < 5500; i++)
        printf "{\"ts\":1500000000,\"curl\":{\"time_total\":%d,\"curl_version\":\"x\"}}\n", i
}' >"$WORK/in"
serve db 204
TO=prometheus=${url%/db}
put_bulk
is "$status" 0 'written'
drain
is "$status" 65 '--drain: exit 65'
like "$err" '5001 delivered, 499 merged' '--drain: how many'
like "$("$BIN" --spool "$SPOOL" --spool-status)" 'possibly incomplete: 499$' '--spool-status: how many'
SPOOL=$WORK/spool-wait
background --wait <"$WORK/in" 2>"$WORK/err"
is "$?" 65 '--wait: exit 65'
like "$(cat "$WORK/err")" '499' '--wait: how many'
tap_done
