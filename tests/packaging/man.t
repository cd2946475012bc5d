#!/bin/sh
# The manual page: right mdoc, the same options, exit codes, variables and fields
# as the program, and examples that run.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

page=$ROOT/packaging/tsdb-exporter.1
# whether other manuals are found depends on what is installed
mandoc -T lint "$page" 2>&1 | grep -v -e 'referenced manual not found' -e 'mandoc.db' >"$WORK/lint"
is "$(cat "$WORK/lint")" '' 'mandoc has nothing to say'
mandoc -T ascii -O width=78 "$page" 2>/dev/null | col -bx >"$WORK/page"

# section NAME: the lines of a section
section() {
    awk -v name="$1" '/^[A-Z]/ { inside = $0 == name; next } inside' "$WORK/page"
}

# "-l, --label [KEY=]VALUE" and the titles of the groups, in order
"$BIN" --help all | grep -E '^[A-Z]|^ .*--' | cut -c 1-29 | sed 's/^ *//; s/:$//; s/ *$//; /^$/d' >"$WORK/help"
section OPTIONS | grep -E '^   [A-Z]|^     -' | sed -E 's/^ *//; s/(-[^ ]+( [^ ]+)?( [^ ]+)?)  .*/\1/' >"$WORK/options"
ok "$(($(wc -l <"$WORK/options") < 30))" 'the page has options'
is "$(cat "$WORK/options")" "$(cat "$WORK/help")" 'the options are those of --help all'

is "$(section 'EXIT STATUS' | sed -n 's/^     \([0-9][0-9]*\)  .*/\1/p' | sort -n)" \
    "$(sed -n 's/^    EXIT_[A-Z_]* = \([0-9]*\).*/\1/p' "$ROOT/include/model/tally.h" | sort -n)" \
    'the exit codes are those of the program'
is "$(section ENVIRONMENT | grep -o 'INFLUX_[A-Z_]*' | sort)" \
    "$(grep -o '"INFLUX_[A-Z_]*"' "$ROOT/src/cli/environment.c" | tr -d '"' | sort)" "InfluxDB's variables are those of the program"
section ENVIRONMENT | grep -o 'TSDB_EXPORTER_[A-Z_]*' >"$WORK/variables"
while read -r variable; do
    env "$variable=1" "$BIN" --allow-empty -o file=- </dev/null >/dev/null
    is "$?" 0 "there is a variable $variable"
done <"$WORK/variables"
is "$(section 'WHAT IS STORED' | sed -n 's/^     \([a-z][a-z_]*\)  .*/\1/p' | sort)" \
    "$(sed -n 's/.*"\([a-z_]*\)", DERIVED,.*/\1/p' "$ROOT/include/model/field.h" | sort)" \
    'the derived fields are those of the program'

version=$("$BIN" --version | sed -n '1s/.* //p')
like "$(section HISTORY)" "tsdb-exporter $version\\.\$" 'the version is that of the program'

# the first screen, above the prompt of a pager, leads to cron
like "$(head -n 23 "$WORK/page")" '^ *\*/5 \* \* \* \* /usr/local/bin/check$' 'the first screen ends in cron'
is "$(awk 'length > 80' "$WORK/page")" '' 'no line is longer than 80 columns'

# Each example by itself, with a curl that writes one object for any URL, and
# a file in the place of databases.
mkdir "$WORK/bin" "$WORK/run"
ln -s "$BIN" "$WORK/bin/tsdb-exporter"
head -n 1 "$ROOT/tests/data/corpus_public.ndjson" >"$WORK/object"
cat >"$WORK/bin/curl" <<END
#!/usr/bin/env python3
import re, sys
form = sys.argv[sys.argv.index("-w") + 1].replace("\\\\n", "\\n")
form = re.sub(r"%time{.*?Z}", "2023-11-14T22:13:20Z", form)
form = re.sub(r"%header{.*?}", "HIT", form)
print(form.replace("%{json}", open("$WORK/object").read().strip()), end="")
END
chmod +x "$WORK/bin/curl"
awk -v to="$WORK/run/example" '
    /^\.Bd -literal/ { inside = 1; file = to (++n); next }
    /^\.Ed/ { inside = 0 }
    inside { gsub(/\\e/, "\\"); print >file }' "$page"
for example in "$WORK"/run/example*; do
    grep -q '^\*' "$example" && continue # a line of crontab
    grep -q SPOOL "$example" && continue # below
    sed -i "s,influxdb=http[^ ']*\|prometheus\(/totals\)\?=http[^ ']*,file=$WORK/run/stored,; s/seq 1000/seq 5/" "$example"
    rm -f "$WORK/run/stored"
    out=$(cd "$WORK/run" && PATH=$WORK/bin:$PATH TSDB_EXPORTER_OUTPUT=file=$WORK/run/stored sh "$example" 2>&1)
    is "$?|$(printf '%s\n' "$out" | grep -v ' value=')" '0|' "runs: $(sed -n '1s/^ *//p' "$example" | cut -c 1-60)"
    printf '%s\n' "$out" >>"$WORK/run/stored"
    like "$(cat "$WORK/run/stored")" 'failed,.* value=0' 'and stores a transfer'
done

# The one with a spool, with nobody to send to.
example=$(grep -l SPOOL "$WORK"/run/example*)
sed -i "s,/tmp/spool.\$USER,$WORK/run/spool,; s,localhost:9090,127.0.0.1:9,; s/seq 1000/seq 5/" "$example"
out=$(cd "$WORK/run" && PATH=$WORK/bin:$PATH TSDB_EXPORTER_RETRY_MAX_TIME=0 sh "$example" 2>&1)
is $? 75 'runs: the example with a spool'
like "$out" ' 5 not delivered yet' 'and keeps all five'
tap_done
