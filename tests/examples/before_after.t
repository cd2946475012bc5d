#!/bin/sh
# examples/before-after.sh: two runs, saved and compared as its head says.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
mkdir "$WORK/bin"
ln -s "$BIN" "$WORK/bin/tsdb-exporter"
PATH=$WORK/bin:$PATH

# The curl that the script starts writes what it is told, with a transfer in it that takes
# 0.1 s and some ms, SLOWER seconds more, and fails.
cat >"$WORK/bin/curl" <<'END'
#!/bin/sh
while [ "$1" != -w ]; do shift; done
echo "$*" >>"$WORK/curls"
printf '%s{"curl_version":"libcurl/8.23.0","http_code":404,"num_connects":1,"time_connect":0.01,
    "time_pretransfer":0.01,"time_starttransfer":0.05,"time_total":%s.1%02d}%s\n' "${2%%"%{json}"*}" \
    "$SLOWER" "$(wc -l <"$WORK/curls")" "$(printf '%s' "${2#*"%{json}"}" | sed 's/\\n//')"
exit 22
END
chmod +x "$WORK/bin/curl"
export WORK SLOWER=0
sed -n 's|^#     \(examples/before-after.sh .*\)|\1|p' examples/before-after.sh |
    sed "s|FILE|$WORK/saved|" >"$WORK/head"
head_command() { sh -c "$(sed -n "$1p" "$WORK/head")"; }
is "$(wc -l <"$WORK/head")" 3 'its head has three commands'

head_command 1
is "$?:$(grep -c '"run":"before"' "$WORK/saved")" 0:50 'measure: fifty transfers, also those that failed'
like "$(head -n 1 "$WORK/saved")" '^\{"ts":[0-9]{10}[0-9.]*,"run":"before","curl":\{' 'measure: with time and run'
SLOWER=1 head_command 2
is "$?:$(grep -c '"run":"after"' "$WORK/saved")" 0:50 'measure: and the same after the change'
unset TSDB_EXPORTER_OUTPUT
out=$(head_command 3 2>&1)
is $? 0 'compare: needs no database'
like "$out" '^medians, by run$' 'compare: by run'
like "$out" '^ +before +after' 'compare: in the order of the file'
like "$out" '^total +1[0-9.]+ ms +1\.[0-9.]+ s .*slower' 'compare: slower, and that it is no noise'
like "$out" '^ +wait .*1\.00 .*noise' 'compare: what did not change is noise'

out=$(TSDB_EXPORTER_OUTPUT=file=$WORK/points examples/before-after.sh compare "$WORK/saved" --label x 2>&1)
is "$?:$(grep -c '^time_total,label=x,run=after ' "$WORK/points")" 0:50 'compare: stores, if told where; takes options'
: >"$WORK/curls"
examples/before-after.sh measure "$WORK/saved" after https://example.com/ 2 -H 'A: b'
is "$(grep -c '"run":"after"' "$WORK/saved"):$(grep -c -- '-H A: b https://example.com/$' "$WORK/curls")" 52:2 \
    'measure: goes on with a run; takes a count and options of curl'
out=$(examples/before-after.sh measure "$WORK/saved" 'a"b' https://example.com/ 2>&1)
is $? 64 'measure: a name that JSON would not take'
like "$out" 'name of a run' 'measure: is said'
out=$(examples/before-after.sh repeat "$WORK/saved" 2>&1)
is $? 64 'a wrong word is wrong usage'
tap_done
