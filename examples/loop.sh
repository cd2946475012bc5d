#!/bin/sh
# One pipe in a shell loop: a transfer every SECONDS, until Ctrl-C or COUNT.
#
#     examples/loop.sh https://example.com/ [COUNT [SECONDS]]
#
# Where to send, and with which label: TSDB_EXPORTER_OUTPUT, TSDB_EXPORTER_LABEL.
url=${1:?usage: loop.sh URL [COUNT [SECONDS]]}
count=${2:-0}
pause=${3:-1}
i=0
while [ "$count" -eq 0 ] || [ "$i" -lt "$count" ]; do
    curl -s -o /dev/null -w '%{json}' "$url" | tsdb-exporter
    i=$((i + 1))
    sleep "$pause"
done
