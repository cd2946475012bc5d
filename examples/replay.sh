#!/bin/sh
# Measure now, store later: every object goes into a file with the time at which
# its transfer began (in whole seconds where date knows no %N), and the file can
# be sent any number of times; the same times give the same points.
#
#     examples/replay.sh record FILE URL...     measure each URL once, add to FILE
#     examples/replay.sh send FILE              send FILE
set -u
usage='usage: replay.sh record FILE URL... | replay.sh send FILE'
action=${1:?$usage}
file=${2:?$usage}
shift 2
case $action in
record)
    for url; do
        curl -s -o /dev/null -w "{\"ts\":$(date +%s.%N),\"curl\":%{json}}\n" "$url" >>"$file"
    done
    ;;
send)
    tsdb-exporter <"$file"
    ;;
*)
    echo "$usage" >&2
    exit 64
    ;;
esac
