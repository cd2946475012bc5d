#!/bin/sh
# One transfer of the demo: one curl with an exporter of its own behind it,
# as people run them side by side. demo.sh starts some hundred of these.
# Prometheus wants each series in order, so those that run side by side have a
# slot of their own.
# What curl said is kept in a file too, to compare with the database later.
#
#     transfer.sh http1.1|http2|http3 NUMBER
set -eu

label=$1
number=$2
case $label in
http3) protocol=--http3-only ;; # --http3 would fall back to HTTP/2
*) protocol=--$label ;;
esac
case $number in
*[02468]) path=big ;;
*) path=ok ;;
esac

"$CURL" -q -s -4 "$protocol" --max-time 20 --cacert "$CADDY_CA" -o /dev/null \
	-w '%{json}' "$CADDY_HTTPS_URL/$path" |
	tee "$MEASURED/$label.$number" |
	build/tsdb-exporter --label "$label" --label "slot=${SLOT:-0}" -o "$DEMO_OUTPUT"
