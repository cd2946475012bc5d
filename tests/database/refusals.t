#!/bin/sh
# What real databases refuse, in their own words.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

start_influxdb || exit 1
transfers 30 >"$WORK/in"

# --- a database that does not exist ---
push -o "influxdb=$INFLUXDB_URL/nowhere"
is "$status" 69 'no such database: exit 69'
like "$err" '30 read, 0 delivered, 30 lost$' 'no such database: counts'
once 'database not found: .*nowhere' 'no such database: its own words, once'

sh -c "$(sed -n "s/.*; create it: \\(curl .* 'q=[^']*'\\).*/\\1/p" "$WORK/err")" >/dev/null 2>&1
push -o "influxdb=$INFLUXDB_URL/nowhere"
is "$status $err" '0 ' 'no such database: the command that it names makes it'

# --- a retention policy that does not exist is a 500 ---
influx_create metrics
push --retry-max-time 1 -o "influxdb=$INFLUXDB_URL/write?db=metrics&rp=nowhere"
is "$status" 69 'no such retention policy: exit 69'
like "$err" '30 read, 0 delivered, 30 lost$' 'no such retention policy: counts'
once '500.*retention policy not found: nowhere' 'no such retention policy: its own words, once'

# --- a field that has another type already ---
local_curl "$INFLUXDB_URL/write?db=metrics" --data-binary 'time_total value=5i 1500000000999999999'
push -o "influxdb=$INFLUXDB_URL/metrics"
is "$status" 65 'another type: exit 65'
like "$err" '30 possibly incomplete$' 'another type: counts'
once 'partial write: field type conflict' 'another type: the words of the database, once'
adds_up 'another type: the counts add up'
is "$(influx_count metrics http_code)" 30 'another type: the rest is stored'
is "$(influx_count metrics time_total)" 1 'another type: what was there remains'

# --- passwords ---
start_influxdb_auth || exit 1
auth() {
    influx_query "$1" "$2" --url "$INFLUXDB_AUTH_URL/query" \
        -u "$INFLUXDB_AUTH_USER:$INFLUXDB_AUTH_PASSWORD"
}
auth '' 'CREATE DATABASE metrics' >/dev/null
db=$INFLUXDB_AUTH_URL/metrics
with_login() {
    echo "influxdb=http://$1@${db#http://}"
}
# denied WHAT OPTION...: such a push is
denied() {
    what=$1
    shift
    push -v "$@"
    is "$status" 77 "$what: exit 77"
    like "$err" '30 read, 0 delivered, 30 lost$' "$what: counts"
    once 'HTTP 401.*(unable to parse|authorization|credentials)' "$what: said, once"
    is "$(printf '%s\n' "$err" | grep -c sending)" 1 "$what: one request"
    unlike "$err" 'wr0ng|correct-horse' "$what: no password is told"
}
denied 'no password' -o "influxdb=$db"
denied 'the wrong password in the URL' -o "$(with_login admin:wr0ng)"
export INFLUX_USERNAME=admin INFLUX_PASSWORD=wr0ng
denied 'the wrong password in the environment' -o "influxdb=$db"
export INFLUX_PASSWORD=correct-horse
push --label environment -o "influxdb=$db"
is "$status" 0 'the right one in the environment: exit 0'
unset INFLUX_USERNAME INFLUX_PASSWORD
push --label url -o "$(with_login admin:correct-horse)"
is "$status" 0 'the right one in the URL: exit 0'
push --label query -o "influxdb=$INFLUXDB_AUTH_URL/write?db=metrics&u=admin&p=correct-horse"
is "$status" 0 'the right one in the query: exit 0'
is "$(auth metrics 'SELECT count(value) FROM time_total GROUP BY label' | sed 1d | cut -d , -f 2,4 | sort)" \
    "$(printf 'label=%s,30\n' environment query url)" 'and all of it is stored'
tap_done
