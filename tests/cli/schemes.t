#!/bin/sh
# Transfers over what is not HTTP: whether they failed, their phases, and the summary's
# words for them. The rules are tested in tests/unit/derive.c and phase.c.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1
CASES=$ROOT/tests/data/cases

is "$("$BIN" -o file=- -t scheme --fields failed,phase_* < "$CASES/no_http_code.ndjson" | sed 's/ [0-9]*$//')" \
    "failed,scheme=pop3 value=0
phase_connect,scheme=pop3 value=0.009
phase_dns,scheme=pop3 value=0.001
phase_handshake,scheme=pop3 value=0.009
phase_send,scheme=pop3 value=0.04
phase_transfer,scheme=pop3 value=0.02
phase_wait,scheme=pop3 value=0.01
failed,scheme=file value=0
failed,scheme=file value=1" "curl's exit code decides where there is no HTTP code, and phases follow it"

# curl 8.22 sets the later timers of a transfer that failed to its total
echo '{"exitcode":28,"http_code":0,"scheme":"imap","num_connects":1,"time_namelookup":0.001,"time_connect":0.010,"time_pretransfer":2,"time_posttransfer":2,"time_starttransfer":2,"time_total":2,"curl_version":"libcurl/8.22.0"}' |
    "$BIN" -o file=- --fields 'failed,phase_*' | cut -d ' ' -f 1,2 > got
is "$(cat got)" "failed value=1
phase_connect value=0.009
phase_dns value=0.001" "times that curl made up make no phases"

"$BIN" -o file=/dev/null --summary --summary-export export.json < "$CASES/no_http_code.ndjson" 2> stderr
is "$(grep -E '^(failed|  .*curl|HTTP|protocols)|answer' stderr)" \
    "failed      1, 33.3 %
            1  curl 37 file not read
protocols   other: 2" "the summary speaks of no HTTP codes and no missing answers"
is "$(python3 -c '
import json
e = json.load(open("export.json"))
print(e["http_codes"], e["protocols"], e["failures"])')" \
    "{} {'other': 2, 'no answer': 1} [{'kind': 'curl', 'code': 37, 'text': 'file not read', 'count': 1}]" \
    "so does the export"

"$BIN" -o file=/dev/null --threshold 'failed{scheme=file}:rate==50%' --threshold 'failed:rate<34%' \
    < "$CASES/no_http_code.ndjson" 2> stderr
is "$?" 0 "thresholds count the same"

# what curl makes of a file, as it is installed here
printf x > here
curl -s -o /dev/null -w '%{json}\n' "file://$WORK/here" "file://$WORK/nowhere" |
    "$BIN" -o file=- --fields 'failed' | cut -d ' ' -f 2 | tr '\n' ' ' > got
is "$(cat got)" "value=0 value=1 " "a curl of a file, and of one that is not there"

is "$("$BIN" -o file=- --fields cert_expiry < "$CASES/gnutls_certs.json" | cut -d ' ' -f 1,2)" \
    "cert_expiry value=1801627506" "the expiry of a certificate that GnuTLS read"
tap_done
