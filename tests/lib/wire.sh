# shellcheck shell=sh
# A client and a server with a wire of known length between them, to be sourced by a
# test, the demo or an example. Nothing but the two and the wire is in their network:
# what must be fetched is fetched before.
#
#     wire_possible || ...      whether this machine lets us; WIRE_WHY_NOT says why not
#     wire_begin DIR            makes some files in DIR; needs $BUILD/wire/link
#     in_client COMMAND...      runs it at 10.99.0.1
#     in_server COMMAND...      runs it at 10.99.0.2, in the background
#     in_client_background COMMAND...   as in_client
#     wire_order 'delay 50'     50 ms one way; see tests/wire/link.c
#     wire_end                  to be called in the EXIT trap
#
# What runs in the background is killed at the end, also when the script was killed
# itself. Then the wire is gone, and with it the namespaces: it ends with the input
# that descriptor 9 holds open, so only in_client lets a child keep that, which may
# give orders.

wire_pids=

wire_possible() {
    if ! command -v nsenter >/dev/null || ! command -v setpriv >/dev/null; then
        WIRE_WHY_NOT='nsenter or setpriv is not there'
    elif ! (: <>/dev/net/tun) 2>/dev/null; then
        WIRE_WHY_NOT='/dev/net/tun cannot be opened'
    elif ! WIRE_WHY_NOT=$(wire_unshare --net true 2>&1); then
        WIRE_WHY_NOT=${WIRE_WHY_NOT:-unshare is refused}
    else
        return 0
    fi
    return 1
}

# Network namespaces are root's; all others are root in a namespace of users.
wire_unshare() {
    if [ "$(id -u)" -eq 0 ]; then
        unshare "$@"
    else
        unshare --user --map-root-user "$@"
    fi
}

# Sets wire_first: before a command, it lets the machine's other load wait, which else
# would pass for the wire's or the server's. Where that is not allowed it is empty.
wire_find_first() {
    wire_first='chrt --rr 1'
    $wire_first true 2>/dev/null || wire_first=
}

wire_begin() {
    wire_find_first
    mkfifo "$1/orders" || return 1
    : >"$1/ready"
    if [ "$(id -u)" -eq 0 ]; then
        "$BUILD/wire/link" <"$1/orders" >"$1/ready" &
    else
        unshare --user --map-root-user "$BUILD/wire/link" <"$1/orders" >"$1/ready" &
    fi
    exec 9>"$1/orders"
    wire_tries=100
    until read -r _ wire_pid wire_client wire_server <"$1/ready"; do
        wire_tries=$((wire_tries - 1))
        [ "$wire_tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

# wire_exec NETNS COMMAND...: becomes it.
wire_exec() {
    wire_net=/proc/$wire_pid/fd/$1
    shift
    # shellcheck disable=SC2086 # a command and its arguments
    if [ "$(id -u)" -eq 0 ]; then
        exec $wire_first nsenter "--net=$wire_net" "$@"
    else
        exec $wire_first nsenter --preserve-credentials "--user=/proc/$wire_pid/ns/user" "--net=$wire_net" "$@"
    fi
}

in_client() {
    (wire_exec "$wire_client" "$@")
}

in_client_background() {
    (wire_exec "$wire_client" setpriv --pdeathsig KILL "$@") &
    wire_pids="$wire_pids $!"
}

in_server() {
    (wire_exec "$wire_server" setpriv --pdeathsig KILL "$@" 9>&-) &
    wire_pids="$wire_pids $!"
}

wire_order() {
    echo "$1" >&9
}

wire_end() {
    # shellcheck disable=SC2086 # a list of words
    [ -z "$wire_pids" ] || kill -KILL $wire_pids
    exec 9>&-
    wait
} 2>/dev/null
