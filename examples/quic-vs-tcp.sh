#!/bin/sh
# QUIC beside TCP: the same URL over HTTP/1.1, HTTP/2 and HTTP/3, COUNT times each,
# in turns, so that all meet the same network, each time on a new connection. Ends
# in the phases side by side, and whether their differences stand out from noise.
#
#     examples/quic-vs-tcp.sh https://example.com/ [COUNT [curl's options]]
#
#     SERVER='caddy run' NETEM='delay 40ms loss 2%' \
#         examples/quic-vs-tcp.sh https://localhost:8443/
#
# With SERVER that command serves the URL, and is ended afterwards; with NETEM too, it
# and the curls have a network namespace of their own, whose loopback is made that bad
# (tc-netem(8)): that takes unshare, ip, tc and a kernel with netem, but no root. CURL
# is a curl with HTTP/3. Where to send: TSDB_EXPORTER_OUTPUT.
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
export url count versions CURL SERVER NETEM
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

# shellcheck disable=SC2016 # the inner shell expands it
measure='
    if [ -n "$SERVER" ]; then
        $SERVER >/dev/null 2>&1 &
        trap "kill $!" EXIT
        "$CURL" -s -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 "$@" "$url"
    fi
    i=0
    while [ "$i" -lt "$count" ]; do
        for version in $versions; do
            "$CURL" -s -o /dev/null -w "%{json}\n" "$version" "$@" "$url"
        done
        i=$((i + 1))
    done'
$namespace sh -c "$worsen && $measure" sh "$@" |
    tsdb-exporter --tag-field http_version --summary
