#!/bin/sh
# --tee passes on what came in, whatever it is, and whatever becomes of it.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1
DATA=$ROOT/tests/data

cat "$DATA/corpus_public.ndjson" "$DATA/raw_bodyprefix.bin" > mixed
printf 'a\0b\r\n\377\376{"broken":\n' >> mixed
head -c 300000 /dev/urandom >> mixed
"$BIN" --tee -q -o file=lines < mixed > copy 2> /dev/null
is "$?" 65 "input with rubbish in it ends as it does without --tee"
cmp -s mixed copy
ok $? "all bytes are passed on unchanged"
"$BIN" -q -o file=alone < mixed 2> /dev/null
is "$(wc -l < lines)" "$(wc -l < alone)" "and all transfers are delivered as without it"

: | "$BIN" --tee --allow-empty -o file=none > copy
is "$?|$(wc -c < copy)" "0|0" "nothing comes of nothing"

"$BIN" --tee -o file=full < "$DATA/corpus_public.ndjson" > /dev/full 2> stderr
is "$?" 69 "a full disk behind standard output does not harm the delivery"
is "$(grep -c -e '--tee: cannot write to standard output: No space left on device' stderr)" 1 "it is said once"
"$BIN" -q --tee -o file=full2 < "$DATA/corpus_public.ndjson" > /dev/full 2> stderr
is "$?|$(grep -c -e --tee stderr)" "69|1" "with --quiet too"
[ "$(wc -l < full)" -gt 5000 ]
ok $? "and everything is delivered"

mkfifo pipe
"$BIN" --tee -o file=gone < "$DATA/corpus_public.ndjson" > pipe 2> stderr &
head -c 100 < pipe > /dev/null
wait $!
is "$?" 69 "a reader that goes away does not harm the delivery"
is "$(wc -l < gone)" "$(wc -l < full)" "and everything is delivered"

# With a descriptor closed, the next file that is opened must not take its place.
"$BIN" --tee -o file=closed < "$DATA/corpus_public.ndjson" >&- 2> stderr
is "$?" 69 "a closed standard output does not harm the delivery"
is "$(grep -c '{' closed)" 0 "and the copy does not end up in the output file"
is "$(wc -l < closed)" "$(wc -l < full)" "and everything is delivered"
"$BIN" -v -o file=closed2 < "$DATA/raw_bodyprefix.bin" 2>&-
is "$(grep -c tsdb-exporter: closed2)" 0 "messages do not end up in the output file when standard error is closed"
"$BIN" -o file=closed0 <&- 2> stderr
is "$?" 69 "a closed standard input cannot be read"
tap_done
