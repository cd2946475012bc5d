#!/bin/sh
# Two runs side by side: measure, change something, measure again, and see whether the
# difference is more than noise. Each transfer is saved with the name of its run, and
# the runs are compared by that name.
#
#     examples/before-after.sh measure FILE before https://example.com/
#     examples/before-after.sh measure FILE after https://example.com/
#     examples/before-after.sh compare FILE
#
# After the URL: COUNT (50) and curl's options. After "compare FILE": options of
# tsdb-exporter, such as --report both.html.
#
# The network changes, too. So measure before, after, before and after again, rather
# than each once: a run that is measured again goes on. The run that comes first in
# FILE is the one that others are compared with.
#
# Where to send as well: TSDB_EXPORTER_OUTPUT.
set -u
usage='usage: before-after.sh measure FILE RUN URL [COUNT [CURL_OPTION...]] | compare FILE [OPTION...]'
action=${1:?$usage}
file=${2:?$usage}
shift 2
case $action in
measure)
    run=${1:?$usage}
    url=${2:?$usage}
    count=${3:-50}
    shift "$(($# < 3 ? $# : 3))"
    case $run in
    *[!A-Za-z0-9._-]*)
        echo 'before-after.sh: the name of a run is of letters, digits, ".", "_" and "-"' >&2
        exit 64
        ;;
    esac
    for _ in $(seq "$count"); do
        curl -s -o /dev/null -w "{\"ts\":$(date +%s.%N),\"run\":\"$run\",\"curl\":%{json}}\n" "$@" "$url" || : # failures are saved, too
    done >>"$file"
    ;;
compare)
    tsdb-exporter --output "${TSDB_EXPORTER_OUTPUT:-file=/dev/null}" --tag-field run \
        --summary --summary-by run "$@" <"$file"
    ;;
*)
    echo "$usage" >&2
    exit 64
    ;;
esac
