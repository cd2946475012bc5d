#!/bin/sh
# Prometheus away for a while; and twenty processes at a time, each with a label
# of its own, of which Prometheus, which wants each series in order, takes all.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

outage() {
    fresh prometheus
    push_begin --label outage -i 200ms -o "prometheus=$url"
    for round in 0 1 2 3 4 5 6 7; do
        if [ "$round" -eq 2 ]; then
            wait_for_lines 1 counts 'time_total'
            ok $? "away for 4 s ($suite): the stream has begun"
            stop_server prometheus KILL
        fi
        if [ "$round" -eq 6 ]; then
            # shellcheck disable=SC2119 # it takes flags, of which there are none
            start_prometheus 9>&- || exit 1 # or it would hold our end of the pipe open
        fi
        transfers 200 | sed 's/"ts":[0-9]*,//' >&9
        sleep 1
    done
    push_end
    is "$status" 0 "away for 4 s ($suite): exit 0"
    is "$(counts '{label="outage"}')" 1600 "away for 4 s ($suite): all of it is there"
    like "$err" 'trying again' "away for 4 s ($suite): the outage is said"
    like "$err" 'answers again' "away for 4 s ($suite): and its end"

    stop_server prometheus KILL
    transfers 100 >"$WORK/in"
    push --retry-max-time 1 -o "prometheus=$url"
    is "$status" 69 "away for good ($suite): exit 69"
    like "$err" '100 read, 0 delivered, 100 lost$' "away for good ($suite): counts"
    once 'onnect' "away for good ($suite): said, once"
}

object=$(head -n 1 "$ROOT/tests/data/corpus_public.ndjson")
export object BIN
slots() {
    fresh prometheus
    # shellcheck disable=SC2016 # expanded by the inner sh
    seq 2000 | xargs -P 20 -n 1 --process-slot-var=SLOT sh -c \
        'printf %s "$object" | "$BIN" --label writers --label "slot=$SLOT" -o "prometheus=$PROMETHEUS_URL"' \
        2>"$WORK/err"
    ok $? "twenty writers ($suite): all of 2,000 end with 0"
    is "$(cat "$WORK/err")" '' "twenty writers ($suite): and silently"
    is "$(counts '{label="writers"}')" 2000 \
        "twenty writers ($suite): 2,000 samples of every metric"
    is "$(prometheus_values 'count(count by (slot) (time_total))')" 20 "twenty writers ($suite): of twenty series each"
}

each_suite outage
each_suite slots
tap_done
