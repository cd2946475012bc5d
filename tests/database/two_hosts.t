#!/bin/sh
# Beyond one machine: two hosts, each with a spool of its own, send totals to one vmagent,
# which writes them to two VictoriaMetrics, one of which is away for a while. In the end both
# have the totals of both hosts, and these add up to what a program of its own has counted.
#
# A host is a name of its own (unshare --uts), which is what the label instance is made of;
# where that may not be had, the label is given.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"
# shellcheck source=tests/lib/totals.sh
. "$ROOT/tests/lib/totals.sh"

export TSDB_EXPORTER_INTERVAL=200ms

start_victoria_two() {
    start_server victoria_two victoria-metrics || return 1
    VICTORIA_TWO_URL="http://127.0.0.1:$server_port"
}
# shellcheck disable=SC2119 # it takes flags, of which there are none
victoria_two_exec() { victoria_metrics_exec; }
victoria_two_ready() { victoria_metrics_ready; }

start_vmagent() {
    start_server vmagent vmagent || return 1
    VMAGENT_URL="http://127.0.0.1:$server_port"
}
vmagent_exec() {
    exec "$server_program" "-httpListenAddr=127.0.0.1:$server_port" \
        "-remoteWrite.url=$VICTORIA_URL/api/v1/write" "-remoteWrite.url=$VICTORIA_TWO_URL/api/v1/write" \
        "-remoteWrite.tmpDataPath=$server_dir/data" -loggerLevel=ERROR
}
vmagent_ready() {
    local_curl "http://127.0.0.1:$server_port/health"
}

if unshare --uts true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded by the inner sh
    on_host() { unshare --uts sh -c 'echo "$0" >/proc/sys/kernel/hostname && exec "$@"' "$@"; }
else
    on_host() { TSDB_EXPORTER_LABEL=instance=$1 && export TSDB_EXPORTER_LABEL && shift && "$@"; }
fi

# one_shots HOST FILE: a process for each line, ten at a time
# shellcheck disable=SC2016 # expanded by the inner sh
one_shots() {
    export WORK VMAGENT_URL
    # shellcheck disable=SC2094 # not the same file
    (on_host "$1" xargs -d '\n' -P 10 -I {} sh -c 'printf "%s" "$2" | "$BIN" --spool "$WORK/spool-$1" \
        --label hosts -o "prometheus/totals=$VMAGENT_URL" || echo "$?"' one "$1" {} <"$2") \
        >>"$WORK/failed" 2>&1
}

# has_all URL: the database there has all of both
has_all() {
    url=$1
    compare classic hosts "$WORK/one" "$WORK/two"
}

# add_up URL WHICH
add_up() {
    wait_for has_all "$1"
    ok $? "$suite: $2 database has both hosts' totals"
    sed '/^1|/d; s/^/# /' "$WORK/compared" | cut -c 1-300
    is "$(prometheus_query 'curl_transfers_total' --url "$1/api/v1/query" | tr '{' '\n' |
        sed -n 's/.*"instance":"\([^"]*\)".*,"\([0-9]*\)"\].*/\1 \2/p' | sort | paste -sd ' ' -)" 'one 80 two 120' \
        "$suite: $2 database has each host's own"
}

is_missed() {
    local_curl "$VMAGENT_URL/metrics" | grep -q '^vmagent_remotewrite_retries_count_total{.* [1-9]'
}

hosts() {
    rm -rf "$WORK"/spool-*
    : >"$WORK/failed"
    fresh victoria_metrics
    fresh_two
    for host in one two; do
        one_shots "$host" "$WORK/$host.aa"
    done
    stop_server victoria_two
    for host in one two; do
        one_shots "$host" "$WORK/$host.ab" &
        eval "writer_$host=\$!"
    done
    # shellcheck disable=SC2154 # by eval
    wait "$writer_one" "$writer_two"
    is "$(cat "$WORK/failed")" '' "$suite: each of 200 processes has ended with 0, without a word"
    # the longer it is away the longer vmagent waits before it tries again
    wait_for is_missed
    ok $? "$suite: vmagent misses the second database"
    start_victoria_two || exit 1
    add_up "$VICTORIA_URL" 'the first'
    add_up "$VICTORIA_TWO_URL" 'the second'
}

# The second database and vmagent, which knows where both are, without data.
fresh_two() {
    for server in victoria_two vmagent; do
        [ ! -s "$SERVERS_DIR/$server/pid" ] || stop_server "$server" KILL
        rm -rf "$SERVERS_DIR/$server/data"
        "start_$server" || exit 1
    done
}

totals_py make 80 >"$WORK/one"
totals_py make 120 >"$WORK/two"
for host in one two; do
    split -n l/2 "$WORK/$host" "$WORK/$host."
done
each_suite hosts
tap_done
