#!/bin/sh
# Virtual users: COUNT transfers, USERS at a time, each curl with an exporter of
# its own. Never let several curls write to one pipe: their objects get mixed.
#
#     examples/vusers.sh https://example.com/ [USERS [COUNT [curl's options]]]
#
# Where to send and which labels: TSDB_EXPORTER_OUTPUT, TSDB_EXPORTER_LABEL.
url=${1:?usage: vusers.sh URL [USERS [COUNT [CURL_OPTION...]]]}
users=${2:-20}
count=${3:-1000}
shift "$(($# < 3 ? $# : 3))"
export url
# shellcheck disable=SC2016 # it is the inner shell that expands "$@" and $url
seq "$count" | xargs -P "$users" -I '{}' \
    sh -c 'curl -s -o /dev/null -w "%{json}" "$@" "$url" | tsdb-exporter' sh "$@"
