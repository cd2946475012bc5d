# shellcheck shell=sh
# What the tests against real databases share. To be sourced behind tap.sh; it
# brings delivery.sh (push, transfers, ...) and servers.sh (start_influxdb, ...)
# along. Here push sends all fields.
#
#   stored_py, matches    what should be stored and what is: see stored.py
#   influx_create DB      an empty database
#   influx_count DB NAME  how many points a measurement has
#   each_suite COMMAND    runs it with the servers that suit the machine and, when
#                         TSDB_NEWEST=1, with Debian's newest; $suite says which
#   fresh SERVER [FLAG..] starts prometheus or victoria_metrics without any data;
#                         $url is where it takes remote write, $query where it is asked
#   counts MATCH [TIME]   how many samples each metric has that MATCH matches: one
#                         number if all have as many; up to TIME, or now + 1 min

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

# shellcheck disable=SC2034 # suite and query are for those who source this
each_suite() {
    SERVERS_SUITE=''
    suite="this machine's"
    "$@"
    [ "${TSDB_NEWEST-}" = 1 ] || return 0
    SERVERS_SUITE=newest
    suite="Debian's newest"
    "$@"
    SERVERS_SUITE=''
}

# shellcheck disable=SC2034
fresh() {
    fresh_name=$1
    shift
    if [ -s "$SERVERS_DIR/$fresh_name/pid" ]; then
        stop_server "$fresh_name" KILL
    fi
    if [ -d "$SERVERS_DIR/$fresh_name" ]; then
        rm -rf "$SERVERS_DIR/$fresh_name/data"
    fi
    "start_$fresh_name" "$@" || exit 1
    case $fresh_name in
    prometheus) url=$PROMETHEUS_URL ;;
    victoria_metrics) url=$VICTORIA_URL ;;
    esac
    query=$url/api/v1/query
}

# VictoriaMetrics shows nothing new before it is told to.
settle() {
    case $url in
    "${VICTORIA_URL-}") local_curl "$url/internal/force_flush" ;;
    esac
}

counts() {
    settle
    stored_py samples "$url" "$1" "${2-$(($(date +%s) + 60))}"
}
