#!/bin/sh
# QUIC beside TCP: the same URL over HTTP/1.1, HTTP/2 and HTTP/3, COUNT times each (100).
# They take turns, so that all meet the same network, and each transfer makes a new
# connection. At the end stand the phases side by side, and whether they differ by more
# than noise. "handshake" is the row to compare: from the address known to the connection
# ready.
#
#     examples/quic-vs-tcp.sh https://example.com/ [COUNT [curl's options]]
#
# Or with a server of your own, over a link that is made for it. A round trip takes RTT
# milliseconds. LOSS percent of the packets get lost on their way there, and on the way
# back:
#
#     cat >Caddyfile <<'END'
#     {
#         admin off
#         auto_https disable_redirects
#         skip_install_trust
#     }
#     https://localhost:8443 {
#         tls internal
#         respond "hello"
#     }
#     END
#     SERVER='caddy run' RTT=40 LOSS=1 examples/quic-vs-tcp.sh https://localhost:8443/ 100 \
#         --cacert ~/.local/share/caddy/pki/authorities/local/root.crt
#
# SERVER is a command that serves the URL; it is ended afterwards. The link takes no root,
# but a kernel that lets users make network namespaces. In the source tree it is that of
# the tests (tests/wire/link.c); elsewhere it is a loopback with netem (tc-netem(8)).
#
# CURL is a curl with HTTP/3. The source tree gets one, and a Caddy, without installing
# them: CURL=$(tests/lib/fetch.sh curl), $(tests/lib/fetch.sh --suite newest caddy).
# Where to send as well: TSDB_EXPORTER_OUTPUT.
#
# Each curl reads one small file of certificates (--cacert) instead of the system's 140
# or so, which takes 9 to 45 ms of the handshake; curl 8.14 shows these in full over
# HTTP/3, but hides them behind the network over TCP. The file is the chain that the
# server shows, checked once with the system's certificates. A --cacert among curl's
# options is used instead.
url=${1:?usage: quic-vs-tcp.sh URL [COUNT [CURL_OPTION...]]}
count=${2:-100}
shift "$(($# < 2 ? $# : 2))"
tests=$(dirname "$0")/../tests
: "${CURL:=curl}" "${SERVER=}" "${RTT=}" "${LOSS=}"

say() { echo "quic-vs-tcp: $*" >&2; }

case $RTT/$LOSS in
*[!0-9]*/* | */*[!0-9.]*)
    say 'RTT is in whole milliseconds, LOSS in percent'
    exit 64
    ;;
esac
if [ -n "$RTT$LOSS" ] && [ -z "$SERVER" ]; then
    say 'RTT and LOSS go with SERVER: nothing else can be reached over the link'
    exit 64
fi

features=$("$CURL" -q -V) || exit 69
versions=--http1.1
case $features in *HTTP2*) versions="$versions --http2" ;; esac
case $features in
*HTTP3*) versions="$versions --http3-only" ;;
*) say "this curl has no HTTP/3; CURL=/path/to/one that has would measure it, too" ;;
esac

dir=$(mktemp -d) || exit 73
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The tests' link between two network namespaces. Sets why if there can be none.
make_link() {
    if ! [ -r "$tests/wire/link.c" ]; then
        why='that of the tests is not here'
        return 1
    fi
    # shellcheck source=tests/lib/wire.sh
    . "$tests/lib/wire.sh"
    mkdir "$dir/wire"
    if ! wire_possible; then
        why=$WIRE_WHY_NOT
    elif why=$("${CC:-cc}" -O2 -o "$dir/wire/link" "$tests/wire/link.c" 2>&1); then
        trap 'wire_end; rm -rf "$dir"' EXIT
        BUILD=$dir
        wire_begin "$dir" 2>"$dir/log" && return
        why=$(cat "$dir/log")
    fi
    return 1
}

# in: what runs the curls in their namespace; beside: what starts the server from there.
in='' beside='' reach='' worsen=:
if [ -n "$RTT$LOSS" ]; then
    delay_us=$((${RTT:-0} * 500))
    netem="ip link set lo up mtu 1500 && tc qdisc add dev lo root netem delay ${delay_us}us loss ${LOSS:-0}%"
    if make_link; then
        wire_order "delay ${delay_us}e-3"
        wire_order "loss ${LOSS:-0}"
        in=in_client
        beside="nsenter --net=/proc/$wire_pid/fd/$wire_server"
        reach='--connect-to ::10.99.0.2:'
    elif why_no_netem=$(unshare --map-root-user --net sh -c "$netem" 2>&1); then
        in='unshare --map-root-user --net'
        worsen=$netem
    else
        say "no link can be made here: $why; nor with netem: $why_no_netem"
        exit 69
    fi
fi
export url count versions dir beside reach CURL SERVER

# shellcheck disable=SC2016 # the inner shell expands it
measure='
    get() { "$CURL" -s -o /dev/null --connect-timeout 10 $reach "$@" "$url"; }
    each() { # each WRITE_OUT OPTION...: one transfer over each version
        write=$1
        shift
        for version in $versions; do
            get -w "$write" "$version" "$@"
            echo $? >>"$dir/codes"
        done
    }
    if [ -n "$SERVER" ]; then
        $beside $SERVER >"$dir/server" 2>&1 9>&- &
        trap "kill $! 2>/dev/null" EXIT
        tries=100
        until get -k "$@" 2>/dev/null; do
            tries=$((tries - 1))
            if [ "$tries" -eq 0 ] || ! kill -0 $! 2>/dev/null; then
                echo "quic-vs-tcp: $SERVER does not serve $url; the last that it said:" >&2
                tail -n 5 "$dir/server" >&2
                exit
            fi
            sleep 0.1
        done
    fi

    # warming up; what cannot be reached would take its time-out, COUNT times
    able=
    for version in $versions; do
        if get -S "$version" "$@"; then
            able="$able $version"
        else
            echo "quic-vs-tcp: $version is left out" >&2
        fi
    done
    versions=$able
    case $url in
    https:*)
        each "%{certs}" "$@" | sed "s/^Cert://" >"$dir/chain"
        mv "$dir/codes" "$dir/codes.system"
        each "" --cacert "$dir/chain" "$@"
        if cmp -s "$dir/codes" "$dir/codes.system"; then # the chain is as good
            set -- --cacert "$dir/chain" "$@"
        else
            echo "quic-vs-tcp: handshakes may contain the reading of the system'\''s" \
                "certificates: append a COUNT and --cacert FILE" >&2
        fi
        ;;
    esac
    i=0
    while [ -n "$versions" ] && [ "$i" -lt "$count" ]; do
        each "%{json}\n" "$@"
        i=$((i + 1))
    done'

# The time that all processors were busy, and all time, in ticks.
processors() { awk '$1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; print all - $5 - $6, all }' /proc/stat; }

# Says when it was not the network, or not the protocol, that was measured. A handshake
# takes one round trip for TCP, one more for its TLS, and one for QUIC. What is more than
# that, in the protocol that has the least of it, is the work of curl and the server.
# (awk's functions have two spaces, or lintian takes them for those of bash.)
judge() {
    awk -v before="$1" -v after="$2" '
        function  number(key) {
            if (!match($0, "\"" key "\":[0-9.]+"))
                return 0
            return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) * 1000
        }
        function  add(list, value,    i) {
            for (i = ++size[list]; i > 1 && sorted[list, i - 1] > value; i--)
                sorted[list, i] = sorted[list, i - 1]
            sorted[list, i] = value
        }
        function  median(list) { return sorted[list, int((size[list] + 1) / 2)] }
        function  say(text) { print "quic-vs-tcp: " text }

        BEGIN { trips["TCP"] = trips["QUIC"] = 1; trips["TLS"] = 2 }
        number("http_code") {
            name = /"http_version":"3"/ ? "QUIC" : number("time_appconnect") ? "TLS" : "TCP"
            add(name, number("time_pretransfer") - number("time_namelookup"))
            if (name != "QUIC")
                add("trip", number("time_connect") - number("time_namelookup"))
        }
        END {
            if (!size["trip"])
                exit
            trip = median("trip")
            for (name in trips)
                if (size[name] && (work == "" || median(name) - trips[name] * trip < work))
                    work = median(name) - trips[name] * trip
            split(before, a)
            split(after, b)
            busy = b[2] > a[2] ? 100 * (b[1] - a[1]) / (b[2] - a[2]) : 0
            if (work > trip || trip < 1)
                say(sprintf("a round trip takes %.3g ms, and the work of a handshake %.3g ms: this measured the machine, not the network. QUIC saves a round trip; farther away it shows.", trip, work))
            else if (busy > 60 && work > trip / 4)
                say(sprintf("the processors were busy for %.0f %% of the time: %.3g ms of each handshake are waiting for them, and work.", busy, work))
            for (name in trips)
                if (trip >= 1 && size[name] && (more = (median(name) - work) / trip) > trips[name] + 0.75)
                    say(sprintf("a handshake over %s takes %.1f round trips, not %d: the server asks for more (TLS 1.2, a Retry, a long certificate, HTTP/3 of Caddy 2.6).", name, more, trips[name]))
        }' "$dir/objects" >&2
}

begin=$(processors)
$in sh -c "$worsen && $measure" sh "$@" | tee "$dir/objects" | {
    IFS= read -r first || exit 69 # why was said
    { printf '%s\n' "$first" && cat; } |
        tsdb-exporter --output "${TSDB_EXPORTER_OUTPUT:-file=/dev/null}" --tag-field http_version --progress --summary
}
status=$?
judge "$begin" "$(processors)"
exit "$status"
