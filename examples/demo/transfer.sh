#!/bin/sh
# One transfer of the demo: one curl with an exporter of its own behind it, which
# only puts it into the spool (TSDB_EXPORTER_SPOOL), as people run them side by
# side. demo.sh starts some hundred of these.
# One CA file (--cacert): reading the system's 140 certificates takes 9 to 50 ms of the
# handshake, and more side by side, none of which is the network's or the protocol's.
# What curl said is kept in a file too, to compare with the database later.
#
#     transfer.sh http1.1|http2|http3.NUMBER
set -eu

label=${1%.*}
number=${1##*.}
case $label in
http3) protocol=--http3-only ;; # --http3 would fall back to HTTP/2
*) protocol=--$label ;;
esac
case $number in
*0) path=big ;; # each tenth
*) path=ok ;;
esac

"$CURL" -q -s -4 "$protocol" --max-time 20 --cacert "$CADDY_CA" -o /dev/null \
	-w '%{json}' "$CADDY_HTTPS_URL/$path" |
	tee "$MEASURED/$label.$number" |
	"$BIN" --label "$label" -o "$DEMO_OUTPUT"
