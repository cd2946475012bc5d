#!/bin/sh
# Two tenants behind a real vmauth, with one spool; and what real servers answer to a URL with
# the wrong scheme, path or tenant.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

# A user's samples get a label with the user's name.
vmauth_exec() {
    printf 'users:\n' >"$server_dir/auth.yml"
    for tenant in a b; do
        printf '%s\n' "- username: tenant-$tenant" "  password: $(cat "$WORK/password-$tenant")" \
            "  url_prefix: $VICTORIA_URL/?extra_label=tenant=$tenant" >>"$server_dir/auth.yml"
    done
    exec "$server_program" "-httpListenAddr=127.0.0.1:$server_port" "-auth.config=$server_dir/auth.yml" \
        -loggerLevel=ERROR
}
vmauth_ready() {
    local_curl "http://127.0.0.1:$server_port/health"
}
start_vmauth() {
    start_server vmauth vmauth || return 1
    at=127.0.0.1:$server_port
}

# as TENANT: -o for it, at the path PATH
as() {
    echo "$2=http://tenant-$1:$(cat "$WORK/password-$1")@$at$3"
}
# spooled TENANT TYPE PATH OPTION...: with that, and the spool
spooled() {
    to=$(as "$1" "$2" "$3")
    shift 3
    push --spool "$WORK/spool-$type" --retry-max-time 0 -o "$to" "$@"
}

# shellcheck disable=SC2119 # it takes flags, of which there are none
start_victoria_metrics || exit 1
echo ka >"$WORK/password-a"
echo kb >"$WORK/password-b"
start_vmauth || exit 1
stop_server vmauth
for type in influxdb prometheus; do
    path=/api/v1/write
    [ "$type" = prometheus ] || path="/write?db=db"
    for tenant in a b a b; do
        transfers 1 >"$WORK/in"
        spooled "$tenant" "$type" "$path" --label "of-$type-$tenant"
        is "$status $err" '0 ' "$type, tenant-$tenant: in the spool"
    done
done
sleep 1 # the senders find nobody
echo new-a >"$WORK/password-a" # and then the password changes
start_vmauth || exit 1
for type in influxdb prometheus; do
    path=/api/v1/write
    [ "$type" = prometheus ] || path="/write?db=db"
    for tenant in a b; do
        spooled "$tenant" "$type" "$path" --drain
        is "$status" 0 "$type, tenant-$tenant: sent"
    done
done
is "$(victoria_export '{label=~"of-.*"}' label,tenant | sort -u)" \
    "$(printf '%s\n' of-influxdb-a,a of-influxdb-b,b of-prometheus-a,a of-prometheus-b,b)" \
    'each is stored as whose it is'

# --- wrong URLs ---
# shellcheck disable=SC2119 # it takes a snippet, of which there is none
start_caddy || exit 1
transfers 300 >"$WORK/in"
count=0
# wrong WHAT OUTPUT WORDS [CODE]: kept in a spool, with that exit code
wrong() {
    count=$((count + 1))
    push -v -o "$2"
    is "$status" 69 "$1: exit 69"
    at_least 10 "$(printf '%s\n' "$err" | grep -c ': sending ')" "$1: few requests"
    like "$err" '300 read, 0 delivered, 300 lost$' "$1: counts"
    like "$err" "$3.*check the URL" "$1: the server's words, and what to check"
    spool=$WORK/spool-wrong$count
    push --spool "$spool" -o "$2"
    is "$status" 0 "$1: in the spool"
    push --spool "$spool" --drain -o "$2"
    is "$status" 75 "$1: --drain exits 75"
    said=$("$BIN" --spool "$spool" --spool-status)
    is $? 75 "$1: --spool-status exits 75"
    like "$said" 'waiting: 300 transfers' "$1: all are kept"
    like "$said" "last error: .*$3" "$1: why"
}
tls=${CADDY_HTTPS_URL#https://}
wrong 'http to a TLS port' "influxdb=http://$tls/db" 'HTTP 400: Client sent an HTTP request to an HTTPS server'
wrong 'http to a TLS port, remote write' "prometheus=http://$tls" 'HTTP 400: Client sent an HTTP request to an HTTPS server'
wrong 'a wrong path' "prometheus=$VICTORIA_URL/api/v1/wirte" 'HTTP 400: .*unsupported path requested'
wrong 'a wrong path, influxdb' "influxdb=$VICTORIA_URL/x/y/write?db=db" 'HTTP 400: .*unsupported path requested'
wrong 'a file server' "influxdb=$CADDY_HTTP_URL/ok/write?db=db" 'HTTP [0-9]+'
tap_done
