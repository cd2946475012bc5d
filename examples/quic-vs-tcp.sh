#!/bin/sh
# QUIC beside TCP: the same URL over HTTP/1.1, HTTP/2 and HTTP/3, COUNT times each,
# in turns, so that all meet the same network, each time on a new connection. Ends
# in the phases side by side, and whether their differences stand out from noise.
#
#     examples/quic-vs-tcp.sh https://example.com/ [COUNT [curl's options]]
#     NETEM='delay 40ms loss 2%' examples/quic-vs-tcp.sh ...
#
# NETEM makes the network worse on its way out (see tc-netem(8)), in a network
# namespace of its own: that takes pasta (Debian's package passt), tc, and a kernel
# with netem, and no root. CURL is a curl with HTTP/3. Where to send:
# TSDB_EXPORTER_OUTPUT.
url=${1:?usage: quic-vs-tcp.sh URL [COUNT [CURL_OPTION...]]}
count=${2:-100}
curl=${CURL:-curl}

say() { echo "quic-vs-tcp: $*" >&2; }

# Once more, inside the namespace, with NETEM in force. Only comes back if it may not.
worsen() {
    # shellcheck disable=SC2016 # the inner shell expands it
    inside='
        device=$(ip -o route show default | sed -n "s/.* dev \([^ ]*\).*/\1/p;q")
        tc qdisc add dev "$device" root netem $NETEM || exit 125
        [ "$1" != try ] || exit 0
        unset NETEM; exec "$@"'
    if why=$(pasta --config-net -q -- sh -c "$inside" sh try 2>&1); then
        exec pasta --config-net -q -- sh -c "$inside" sh "$0" "$@"
    fi
    say "NETEM cannot be had here, measuring the network as it is: $why"
}
[ -z "${NETEM-}" ] || worsen "$@"
shift "$(($# < 2 ? $# : 2))"

features=$("$curl" -q -V) || exit 69
versions=--http1.1
case $features in *HTTP2*) versions="$versions --http2" ;; esac
case $features in
*HTTP3*) versions="$versions --http3-only" ;;
*) say "this curl has no HTTP/3; CURL=/path/to/one that has would measure it, too" ;;
esac

i=0
while [ "$i" -lt "$count" ]; do
    for version in $versions; do
        "$curl" -s -o /dev/null -w '%{json}\n' "$version" "$@" "$url"
    done
    i=$((i + 1))
done | tsdb-exporter --tag-field http_version --summary-by http_version --summary
