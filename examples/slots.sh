#!/bin/sh
# Virtual users for Prometheus: COUNT transfers, USERS at a time, each curl with an
# exporter of its own. Prometheus wants the samples of a series in order of time,
# which processes that run side by side cannot promise each other; so each of the
# USERS slots has a label of its own, and `sum without (slot)` or `avg without
# (slot)` puts them together again.
#
#     examples/slots.sh https://example.com/ [USERS [COUNT [curl's options]]]
#
# Where to send and which labels: TSDB_EXPORTER_OUTPUT, TSDB_EXPORTER_LABEL.
url=${1:?usage: slots.sh URL [USERS [COUNT [CURL_OPTION...]]]}
users=${2:-20}
count=${3:-1000}
shift "$(($# < 3 ? $# : 3))"
: "${TSDB_EXPORTER_OUTPUT:=prometheus=http://localhost:9090}"
export url TSDB_EXPORTER_OUTPUT
# shellcheck disable=SC2016 # it is the inner shell that expands "$@", $url and $SLOT
seq "$count" | xargs -P "$users" --process-slot-var=SLOT -I '{}' \
    sh -c 'curl -s -o /dev/null -w "%{json}" "$@" "$url" | tsdb-exporter --label "slot=$SLOT"' sh "$@"
