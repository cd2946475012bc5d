#!/bin/sh
# What is lost when a database stays away too long, and what is not; and answers
# that look like success.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

transfers 200 >"$WORK/in"

serve once 503 204
push -b 10 --retry-max-time 0 -o "influxdb=$url"
is "$status" 69 'given up at the first failure: exit 69'
is "$(stored once)" 190 'given up at the first failure: the other batches are stored'
like "$err" '200 read, 190 delivered, 10 lost' 'given up at the first failure: counts'

serve always 503
push -b 10 --retry-max-time 0 -o "influxdb=$url"
is "$status" 69 'a database that fails: exit 69'
at_least 3 "$(requests always)" 'a database that fails: the end comes soon'
like "$err" '200 read, 0 delivered, 200 lost' 'a database that fails: counts'

# a batch with more bad lines than it is halved for, and one with two
awk 'BEGIN {
    for (i = 0; i < 10000; i++)
        printf "{\"ts\":%d,\"curl\":{\"time_total\":%s,\"curl_version\":\"x\"}}\n", 1600000000 + i,
            (i < 5000 ? i % 25 == 7 : i % 2500 == 7) ? "0.666" : "0.5"
}' >"$WORK/in"
serve bad bad-line=0.666
push -b 5000 -o "influxdb=$url"
is "$status" 65 'a bad batch before a good one: exit 65'
like "$err" 'refuses nearly everything' 'a bad batch before a good one: it is given up'
is "$(grep -cE ' 160000[5-9][0-9]*$' "$WORK/bad/stored")" 4998 \
    'a bad batch before a good one: of that, all that is good is stored'
adds_up 'a bad batch before a good one: the counts add up'

printf '%s\n' '{"ts":1600000000,"curl":{"time_total":0.5,"curl_version":"x"}}' >"$WORK/in"
serve page '200 header=Content-Type:text/html body=<html>log in please</html>'
push -o "influxdb=$url"
is "$status" 69 'a page behind a 200: exit 69'
like "$err" 'log in please' 'a page behind a 200: in its own words'
like "$err" '1 read, 0 delivered, 1 lost' 'a page behind a 200: counts'
is "$(requests page)" 1 'a page behind a 200: asked once'
tap_done
