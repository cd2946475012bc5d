# shellcheck shell=sh
# What the tests of the spool against real databases share; to be sourced behind
# database.sh. Three destinations share one spool: an InfluxDB, a VictoriaMetrics
# and a Prometheus, all fresh.
#
#   spool_begin DB        the servers, an empty spool and $OUTPUTS, in the words of
#                         xargs' sh; InfluxDB's database is DB, and it is always
#                         the one that suits the machine
#   spool_servers         starts those of the three that do not run
#   writers FIRST LAST    a process for each number, 20 at a time; its time_total is
#                         the number; exit codes other than 0 go to $WORK/failed, and
#                         what they say to $WORK/said
#   drain OPTION...       --drain; sets $status and $err
#   drainers              the processes that drain, in the background or not
#   numbers DESTINATION   the time_total of every transfer stored at influxdb,
#                         victoria or prometheus, sorted
#   has_each DESTINATION COUNT   until each number from 1 to COUNT is there; a
#                         VictoriaMetrics shows what it has taken a second later
#   requests_at DESTINATION   how many writes it has answered

SPOOL=$WORK/spool
export SPOOL BIN

is_up() {
    [ -s "$SERVERS_DIR/$1/pid" ] && server_alive "$1"
}

spool_servers() {
    spool_suite=$SERVERS_SUITE
    SERVERS_SUITE='' # of InfluxDB there is but one
    is_up influxdb || start_influxdb || exit 1
    SERVERS_SUITE=$spool_suite
    # shellcheck disable=SC2119 # it takes flags, of which there are none
    is_up prometheus || start_prometheus || exit 1
    # shellcheck disable=SC2119
    is_up victoria_metrics || start_victoria_metrics || exit 1
}

spool_begin() {
    for spool_server in prometheus victoria_metrics; do
        if [ -d "$SERVERS_DIR/$spool_server" ]; then
            stop_server "$spool_server" KILL
            rm -rf "$SERVERS_DIR/$spool_server/data"
        fi
    done
    spool_servers
    SPOOL_DB=$1
    influx_create "$SPOOL_DB"
    rm -rf "$SPOOL"
    OUTPUTS="-o influxdb=$INFLUXDB_URL/$SPOOL_DB -o influxdb=$VICTORIA_URL/$SPOOL_DB -o prometheus=$PROMETHEUS_URL"
    export OUTPUTS
    : >"$WORK/failed"
    : >"$WORK/said"
}

# shellcheck disable=SC2016 # expanded by the inner sh
writers() {
    export WORK
    seq "$1" "$2" | xargs -P 20 -I {} sh -c '
        printf "{\"http_code\":200,\"time_connect\":0.25,\"time_total\":{},\"curl_version\":\"x\"}" |
            "$BIN" --spool "$SPOOL" --label writers $OUTPUTS 2>>"$WORK/said" ||
            echo "{} $?" >>"$WORK/failed"'
}

# shellcheck disable=SC2034,SC2120 # status and err are for those who source this
drain() {
    status=0
    # shellcheck disable=SC2086 # a list
    "$BIN" --spool "$SPOOL" $OUTPUTS --drain "$@" 2>"$WORK/err" </dev/null || status=$?
    err=$(cat "$WORK/err")
}

# Writers open these files too, for a moment, but read from a pipe.
drainers() {
    find /proc/[0-9]*/fd -lname "$SPOOL/*/*.drainer" 2>/dev/null |
        while IFS=/ read -r _ _ drainer_pid _; do
            [ "$(readlink "/proc/$drainer_pid/fd/0")" != /dev/null ] || echo "$drainer_pid"
        done
}

numbers() {
    case $1 in
    influxdb) influx_query "$SPOOL_DB" 'SELECT value FROM time_total' | sed '1d; s/.*,//' ;;
    victoria) victoria_export '{__name__="time_total_value"}' __value__ ;;
    prometheus) prometheus_values 'time_total[1h]' ;;
    esac | grep '^[0-9]' | sort -n # newer CSV begins with an empty line
}

are_there() {
    numbers "$1" | uniq | cmp -s - "$WORK/want"
}

has_each() {
    seq "$2" >"$WORK/want"
    wait_for are_there "$1"
}

requests_at() {
    case $1 in
    influxdb) local_curl "$INFLUXDB_URL/debug/vars" | grep -o '"writeReq":[0-9]*' ;;
    victoria) local_curl "$VICTORIA_URL/metrics" | grep '^vm_http_requests_total{path="/influx/write"' ;;
    prometheus)
        local_curl "$PROMETHEUS_URL/metrics" |
            grep '^prometheus_http_requests_total{.*/api/v1/write"'
        ;;
    esac | awk -F '[ :]' '{ sum += $NF } END { print sum + 0 }'
}
