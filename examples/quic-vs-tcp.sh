#!/bin/sh
# QUIC beside TCP: the same URL over HTTP/1.1, HTTP/2 and HTTP/3, COUNT times each,
# in turns, so that all meet the same network, each time on a new connection. Ends
# in the phases side by side, and whether their differences stand out from noise.
# "handshake" is the row to compare: from the address known to the connection ready.
#
#     examples/quic-vs-tcp.sh https://example.com/ [COUNT [curl's options]]
#
#     SERVER='caddy run' NETEM='delay 40ms loss 2%' \
#         examples/quic-vs-tcp.sh https://localhost:8443/
#
# SERVER is a command that serves the URL; it is ended afterwards. With NETEM it and the
# curls get a network namespace of their own, whose loopback is made that bad
# (tc-netem(8)). That takes unshare, ip, tc and a kernel with netem, but no root. CURL
# is a curl with HTTP/3. Where to send: TSDB_EXPORTER_OUTPUT.
#
# Each curl reads one small file of certificates (--cacert) instead of the system's 140
# or so, which takes 9 to 50 ms of the handshake; curl 8.14 shows these in full over
# HTTP/3, but hides them behind the network over TCP. The file is the chain that the
# server shows, checked once with the system's certificates. A --cacert among curl's
# options is used instead.
url=${1:?usage: quic-vs-tcp.sh URL [COUNT [CURL_OPTION...]]}
count=${2:-100}
shift "$(($# < 2 ? $# : 2))"
: "${CURL:=curl}" "${SERVER=}" "${NETEM=}"

say() { echo "quic-vs-tcp: $*" >&2; }

features=$("$CURL" -q -V) || exit 69
versions=--http1.1
case $features in *HTTP2*) versions="$versions --http2" ;; esac
case $features in
*HTTP3*) versions="$versions --http3-only" ;;
*) say "this curl has no HTTP/3; CURL=/path/to/one that has would measure it, too" ;;
esac

# shellcheck disable=SC2016 # expanded in the namespace
worsen='ip link set lo up && tc qdisc add dev lo root netem $NETEM'
namespace=
if [ -n "$NETEM" ] && [ -z "$SERVER" ]; then
    say 'NETEM goes with SERVER: nothing else can be reached from the namespace'
    exit 64
elif [ -n "$NETEM" ] && why=$(unshare --map-root-user --net sh -c "$worsen" 2>&1); then
    namespace='unshare --map-root-user --net'
elif [ -n "$NETEM" ]; then
    say "no NETEM here, measuring the network as it is: $why"
    worsen=:
else
    worsen=:
fi

dir=$(mktemp -d) || exit 73
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export url count versions dir CURL SERVER NETEM

# shellcheck disable=SC2016 # the inner shell expands it
measure='
    each() { # each WRITE_OUT OPTION...: one transfer over each version
        write=$1
        shift
        for version in $versions; do
            "$CURL" -s -o /dev/null -w "$write" "$version" "$@" "$url"
            echo $? >>"$dir/codes"
        done
    }
    if [ -n "$SERVER" ]; then
        $SERVER >/dev/null 2>&1 &
        trap "kill $!" EXIT
        "$CURL" -s -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 "$@" "$url"
    fi
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
    while [ "$i" -lt "$count" ]; do
        each "%{json}\n" "$@"
        i=$((i + 1))
    done'
$namespace sh -c "$worsen && $measure" sh "$@" |
    tsdb-exporter --tag-field http_version --summary
