#!/bin/sh
# For cron, which mails whatever is printed: nothing when all is well; else the URL,
# and what was expected of it, with what was measured.
#
#     */5 * * * *  /path/to/smoke-check.sh https://example.com/ https://example.org/
#
# Each URL is fetched once and stored. It must answer with success, within SLOWEST
# (5s), and its certificate, where curl shows one (7.88 and newer), must be good for
# CERT_DAYS (14) more. Exits with 0, or with an exporter's code: 99 for a URL that did
# not, 69 for one that could not be stored, whatever it did; of several URLs 99 wins.
#
# Where to send: TSDB_EXPORTER_OUTPUT.
status=0
for url; do
    # -S: if curl fails, it says why
    object=$(curl -sS -o /dev/null --max-time 30 -w '%{json}' "$url")
    set -- --threshold 'failed:rate<1%' --threshold 'http_code:max<400' \
        --threshold "time_total:max<${SLOWEST:-5s}"
    case $object in
    *'"certs":""'*) ;; # plain HTTP
    *'"certs":'*) set -- "$@" --threshold "cert_expiry:min>${CERT_DAYS:-14}d" ;;
    esac
    said=$(printf '%s' "$object" | tsdb-exporter -q --label smoke --tag-field host "$@" 2>&1)
    code=$?
    [ -z "$said" ] || printf '%s\n%s\n' "$url" "$said"
    [ "$code" -eq 0 ] || [ "$status" -eq 99 ] || status=$code
done
exit "$status"
