#!/bin/sh
# Input from somebody who means harm, or from a curl gone mad: memory stays
# small, nothing reaches a terminal that could control it, nothing crashes.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1

# small WHAT COMMAND: what COMMAND prints is read in the memory that is promised
small() {
    case $BIN in
    */san/*) ok 0 "$1 # SKIP the sanitizers take memory of their own" && return ;;
    esac
    sh -c "$2" | python3 "$ROOT/tests/cli/peak.py" "$BIN" -q -o file=/dev/null > used
    read -r kib code < used
    [ "$kib" -le 16384 ] && [ "$code" -le 65 ]
    ok $? "$1: in 16 MiB"
    echo "# $kib KiB, exit $code"
}

MANY="python3 -c 'import sys; [sys.stdout.write(%s) for i in range(%d)]'"
# shellcheck disable=SC2059 # MANY is a format
many() {
    printf "$MANY" "$1" "$2"
}

small "an endless text" "$(many '"x" * 65536' 500)"
small "an endless string" "printf '{\"a\":\"'; $(many '"x" * 65536' 500)"
small "an endless list" "printf '{\"a\":['; $(many '"1," * 32768' 500)"
small "endless nesting" "$(many '"{\"a\":" * 10000' 500)"
small "many broken objects" "$(many '"{\"a\":1,\n" * 10000' 100)"
small "many good objects" "$(many '"{\"time_total\":%d,\"curl_version\":\"x\"}" % i' 100000)"
small "the same time, many times" "$(many '"{\"ts\":1700000000,\"time_total\":1,\"curl_version\":\"x\"}"' 100000)"
small "times in no order" \
    "$(many '"{\"ts\":%d,\"time_total\":1,\"curl_version\":\"x\"}" % (1700000000 - i * 7919 % 100003)' 50000)"
small "a megabyte of numbers in one object" \
    "printf '{\"curl_version\":\"x\",\"a\":['; $(many '"1," * 500000' 1); printf '1]}'"

# what is named on standard error was written by a stranger
printf '{"\033[31m\302\233\377key":1,"\033[31m\302\233\377key":1,"curl_version":"x"}\n' > control
printf '{"\\u001b[31m\302\233\377key":1,"\\u001b[31m\302\233\377key":1,"curl_version":"x"}\n' >> control
"$BIN" -v -o file=lines < control 2> stderr
is "$?" 65 "keys that would control a terminal are refused when they are there twice"
is "$(LC_ALL=C tr -d '\n' < stderr | LC_ALL=C tr -cd '\000-\037\177')" "" "no control character is on standard error"
python3 -c '
import sys
text = open("stderr", "rb").read().decode("utf-8", "strict")
sys.exit(any("\x80" <= c <= "\x9f" for c in text))' 2> /dev/null
ok $? "nor one of C1, nor invalid UTF-8"

# clean FILE WHAT: nothing in the file can control a terminal, or the order in which it is read
clean() {
    is "$(LC_ALL=C tr -d '\n' < "$1" | LC_ALL=C tr -cd '\000-\037\177')" "" "$2: no control character"
    python3 -c '
import sys, unicodedata
text = open(sys.argv[1], "rb").read().decode("utf-8", "strict").replace("\n", "")
bidi = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
sys.exit(any(unicodedata.category(c) == "Cc" or unicodedata.bidirectional(c) in bidi for c in text))' "$1"
    ok $? "$2: nothing of C1, no change of direction, valid UTF-8"
}
evil=$(printf '\033]0;owned\007\302\205\302\233\r\342\200\256txt\342\201\246\342\200\250\377')
printf '{"http_code":200,"time_total":0.25,"curl_version":"x","method":"%s"}' \
    ']0;owned\u001b\u0007\u0085\u009b\r\u202e\u2066' > transfer

# what a server says
mkdir -p server
printf 'HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n%s owned' "$evil" > answer
python3 "$ROOT/tests/lib/scripted_server.py" server raw=answer 2> /dev/null &
server=$!
until [ -s server/port ]; do sleep 0.1; done
at=http://127.0.0.1:$(cat server/port)/db
"$BIN" -o "influxdb=$at" --retry-max-time 0 < transfer 2> stderr
clean stderr 'the answer of a server'
like "$(cat stderr)" 'owned' 'the answer of a server: it is told'

# labels and texts, in everything that is shown
sed p transfer | sed '2s/owned/other/' > two
"$BIN" -v --summary --summary-by method --threshold 'time_total:max<0.001s' -l "$evil" -t method -o file=lines < two 2> stderr
clean stderr 'a label: the summary and the thresholds'
like "$(cat stderr)" 'owned' 'a label: it is shown'
clean lines 'a label: what is stored'

# what stands in the files of a spool
"$BIN" -q --spool spool -o "influxdb=$at" --retry-max-time 0 < transfer
i=0
while ! grep -q '^why .' spool/*/0.cursor 2> /dev/null && [ $i -lt 100 ]; do
    i=$((i + 1))
    sleep 0.1
done
"$BIN" --spool spool --spool-status > status 2> stderr
clean status 'the answer of a server: --spool-status'
for file in spool/*/0.log spool/*/destinations; do
    clean "$file" "${file##*/}"
done
for file in spool/*/destinations; do
    printf 'influxdb %s owned\n' "$evil" > "$file"
done
"$BIN" --spool spool --spool-status > status 2> stderr
clean status 'a damaged file: --spool-status'
clean stderr 'a damaged file: standard error'
like "$(cat status)" 'owned' 'a damaged file: it is shown'
kill $server

# a file name from a stranger, too
"$BIN" -o "file=no/such
tsdb-exporter: all delivered" < /dev/null 2> stderr
is "$(wc -l < stderr)" 1 "a newline in a file's name makes no line of its own"
tap_done
