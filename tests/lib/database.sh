# shellcheck shell=sh
# What the tests against real databases share. To be sourced behind tap.sh; it
# brings delivery.sh (push, transfers, ...) and servers.sh (start_influxdb, ...)
# along. Here push sends all fields.
#
#   stored_py, matches    what should be stored and what is: see stored.py
#   influx_create DB      an empty database
#   influx_count DB NAME  how many points a measurement has

# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
SERVERS_LIB=$ROOT/tests/lib
# shellcheck source=tests/lib/servers.sh
. "$SERVERS_LIB/servers.sh"

# shellcheck disable=SC2034 # for push
PUSH_OPTIONS=''
servers_begin
trap 'delivery_end; servers_end' EXIT

stored_py() {
    python3 "$ROOT/tests/lib/stored.py" "$@"
}

# matches WHAT ARGUMENT...: what is stored is what stored.py expects
matches() {
    matches_title=$1
    shift
    matches_words=$(stored_py "$@" 2>&1)
    ok $? "$matches_title"
    printf '%s\n' "$matches_words" | sed 's/^/# /'
}

influx_create() {
    influx_query '' "CREATE DATABASE \"$1\"" >/dev/null
}

# InfluxDB's CSV: name,tags,time,count
influx_count() {
    influx_query "$1" "SELECT count(*) FROM \"$2\"" | sed -n '2s/.*,//p'
}
