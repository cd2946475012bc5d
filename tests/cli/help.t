#!/bin/sh
# What the program says of itself fits a terminal of 24 lines and 80 columns.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1

# fits WHAT: the help in ./help does
fits() {
    is "$(awk 'length > 80' help)" "" "$1: no line is longer than 80 columns"
    [ "$(wc -l < help)" -le 23 ]
    ok $? "$1: fits above the prompt on 24 lines"
}

"$BIN" --help > help 2> stderr
is "$?|$(cat stderr)" "0|" "--help exits 0 and says nothing on standard error"
fits "--help"
is "$(grep -E '(^|[ ,])(0|64|65|69|73|75|77|99),?$' help)" "" "no exit code is parted from its meaning"
cp help short
"$BIN" -h > help
cmp -s help short
ok $? "-h is --help"

for group in input tags output delivery totals spool summary messages; do
    "$BIN" --help "$group" > help
    like "$?|$(sed -n 2p help)" '^0\|  ' "--help $group lists options"
    fits "--help $group"
    cat help >> groups
done
"$BIN" --help summary > help
sed -n 's/^      \([a-z_]*[a-z_{}=]*:[^ ]*\)  .*/\1/p' help > expressions
is "$(wc -l < expressions)" 3 "--help summary shows three expressions"
while read -r expression; do
    echo '{"curl_version":"x","http_code":200,"time_total":0.1}' |
        "$BIN" -o file=/dev/null --threshold "$expression" > /dev/null 2> stderr
    like "$?" '^(0|99)$' "which can be used: $expression"
done < expressions
"$BIN" --help all > help
is "$(grep -v '^$' help)" "$(cat groups)" "--help all is all groups"
is "$(awk 'length > 80' help)" "" "--help all: no line is longer than 80 columns"
is "$(grep -o -- '--[a-z][a-z-]*' help | sort -u | wc -l)" "$(grep -c -- '^ .*--' help)" "no option is listed twice"

# The members of all structs of options: "send.batch_max", or "wait" of struct options.
members() {
    awk '/^struct ([a-z]+_)?options [{]$/ || /^struct output_totals_options [{]$/ {
            wing = $2
            sub(/_?options$/, "", wing)
            sub(/_/, ".", wing)
            wing = wing ? wing "." : ""
            inside = 1
            next
        }
        /^}/ { inside = 0 }
        { sub(/^ +[*].*|[/][*].*/, "") }
        inside && sub(/;.*/, "") && !/struct [a-z_]+_options / {
            gsub(/[*,]/, " ")
            sub(/[[].*/, "")
            count = split($0, word, " ")
            for (i = word[1] ~ /^(const|struct|enum)$/ ? 3 : 2; i <= count; i++)
                print wing word[i]
        }' "$ROOT"/include/*/*.h
}
# What is no option, or more than one: the environment's credentials, the tags of all, and what
# the input must know of --fields and --text.
members | grep -vxE 'action|help_group|layouts?|changed_label|totals\..*|output\.totals\.interval_ms|input\.(tags|fields|text)|output\.influx_.*' | sort >"$WORK/members"
sed -n 's/^    {"[^(]*[A-Z](\([a-z_.]*\)).*/\1/p' "$ROOT/src/cli/option_table.c" | grep -v '^layout\.' | sort >"$WORK/rows"
ok "$(($(wc -l <"$WORK/rows") < 25))" "there are rows with members"
is "$(cat "$WORK/rows")" "$(cat "$WORK/members")" "every member of a struct of options has one row"

like "$("$BIN" --version | sed -n 1p)" '^tsdb-exporter [0-9]+\.[0-9]+\.[0-9]+$' "--version: name and version"
"$BIN" --version > version
is "$(sed '1d; s,/.*,,' version | sort | tr '\n' ' ')" "cJSON libcurl protobuf-c zlib " "--version: the libraries, a line each"
is "$(grep -cE '^[A-Za-z-]+/[0-9.]+' version)" 4 "--version: with their versions"
is "$("$BIN" -V)" "$("$BIN" --version)" "-V is --version"

if "$BIN" --help > /dev/full 2> stderr; then
    ok 1 "help that could not be written is no success"
else
    ok 0 "help that could not be written is no success"
fi

# a container may have no pseudo-terminals
if script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
    script -qec "'$BIN' 2>&1" /dev/null < /dev/null | tr -d '\r' > terminal
    is "$(sed -n 1p terminal)" "tsdb-exporter: nothing is piped in: standard input is a terminal" \
        "standard input is a terminal: that is said"
    is "$(sed 1d terminal)" "$(cat short)" "and behind it the short help"
    script -qec "'$BIN' > out 2>&1" /dev/null < /dev/null > /dev/null
    is "$?" 64 "and exit code 64"
else
    ok 0 "standard input is a terminal # SKIP there are no pseudo-terminals"
fi
tap_done
