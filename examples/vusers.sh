#!/bin/sh
# Virtual users: curls side by side, each with an exporter of its own behind it that
# only puts its transfer into the spool; one background process sends all of them.
# Never let several curls write to one pipe: their objects get mixed.
#
#     examples/vusers.sh https://example.com/ [USERS [COUNT|TIME [curl's options]]]
#
# COUNT transfers in all (1000), or for a TIME such as 30s, 10m or 1h. On a terminal
# a line shows how far it is. Ends when the database has all of them, or is out of
# reach. Exits with an exporter's code if one failed, else with 1 if a curl did, else
# with that of the sending (75: kept, but not delivered yet).
#
# Where to send, and with which label: TSDB_EXPORTER_OUTPUT, TSDB_EXPORTER_LABEL.
# Where transfers wait: TSDB_EXPORTER_SPOOL.
usage='usage: vusers.sh URL [USERS [COUNT|TIME [CURL_OPTION...]]]'
url=${1:?$usage}
users=${2:-20}
amount=${3:-1000}
shift "$(($# < 3 ? $# : 3))"
: "${TSDB_EXPORTER_SPOOL:=${TMPDIR:-/tmp}/tsdb-exporter.$(id -u)}"

case ${TSDB_EXPORTER_OUTPUT-} in
file=*)
    echo 'vusers.sh: a file needs no spool; name a database in TSDB_EXPORTER_OUTPUT' >&2
    exit 64
    ;;
esac

end=0
case $amount in
*s) end=${amount%s} ;;
*m) end=$((${amount%m} * 60)) ;;
*h) end=$((${amount%h} * 3600)) ;;
esac
[ "$end" -eq 0 ] || end=$(($(date +%s) + end))
export url end TSDB_EXPORTER_SPOOL

# One user: a transfer, or one after the other until the end; a line for each, with
# curl's exit code and the exporter's.
# shellcheck disable=SC2016 # the inner shell expands it
user='
    while :; do
        object=$(curl -s -o /dev/null -w "%{json}" "$@" "$url")
        status=$?
        printf "%s" "$object" | tsdb-exporter
        echo "$status $?"
        [ "$end" -gt "$(date +%s)" ] || break
    done'

# Counts the lines. Returns an exporter's code if one failed, or 1 if a curl did.
count() {
    n=0 failed=0 lost=0
    while read -r curl exporter; do
        n=$((n + 1))
        [ "$curl" -eq 0 ] || failed=$((failed + 1))
        [ "$exporter" -eq 0 ] || lost=$exporter
        [ ! -t 2 ] || printf '\r%d transfers, %d failed' "$n" "$failed" >&2
    done
    [ ! -t 2 ] || echo >&2
    [ "$lost" -eq 0 ] || return "$lost"
    [ "$failed" -eq 0 ]
}

if [ "$end" -eq 0 ]; then seq "$amount"; else seq "$users"; fi |
    xargs -P "$users" -I '{}' sh -c "$user" sh "$@" | count
status=$?
tsdb-exporter --drain
drained=$?
[ "$status" -ne 0 ] || status=$drained
exit "$status"
