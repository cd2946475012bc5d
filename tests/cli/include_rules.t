#!/bin/sh
# Who may include what. A wing is a folder of src/ and include/; the table below says
# which wings it may include besides itself. Nothing includes in a circle, each library
# is known to one file, and each header stands by itself.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "${TREE:-$ROOT}" || exit 1

# a wing | the wings that it may include
cat >"$WORK/table" <<'END'
main|run cli model base
run|cli drain send spool output layout report input net model base
cli|drain send spool output layout report input model base
drain|send spool output layout model base
send|output layout net model base
spool|layout model base
output|layout stats net model base
layout|model base
report|stats model base
input|model base
stats|base
net|base
model|base
base|
END

# "FILE INCLUDED" of every include of our own; generated headers do not count
includes() {
    find src include -name '*.[ch]' | sort | while read -r file; do
        sed -n 's/^#include "\([a-z_0-9]*\/[a-z_0-9]*\)\.h".*/\1/p' "$file" | sed "s|^|$file |"
    done
}

# src/WING/NAME.c and include/WING/NAME.h are the module WING/NAME
includes | sed 's/^src\/main\.c /main\/main /; s/^src\///; s/^include\///; s/\.[ch] / /' |
    sort -u >"$WORK/arrows"

is "$(find src include -name '*.[ch]' ! -path '*/*/*.[ch]' | sort)" "src/main.c" \
    "every file but main.c is in a wing"

like "$(wc -l <"$WORK/arrows")" '^[1-9][0-9][0-9]' "the includes are found"

is "$(awk 'NR == FNR { split($0, row, "|"); allowed[row[1]] = " " row[1] " " row[2] " "; next }
    { split($1, from, "/"); split($2, to, "/") }
    index(allowed[from[1]], " " to[1] " ") == 0 { print $1 " includes " $2 }' \
    "$WORK/table" "$WORK/arrows")" "" "every wing includes only what the table allows"

# tsort names the members of each circle
awk '$1 != $2' "$WORK/arrows" | tsort 2>"$WORK/circles" >/dev/null
is "$(sed 's/^tsort: //' "$WORK/circles")" "" "no file includes itself through others"

is "$(find src include -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort | uniq -c | sed 's/^ *//')" \
    "$(cut -d '|' -f 1 "$WORK/table" | grep -v '^main$' | sort | sed 's/^/2 /')" \
    "every wing is a folder of src and of include, and stands in the table"

# only FILE HEADER: FILE and no other includes HEADER
only() {
    is "$(grep -rlE "#[[:space:]]*include[[:space:]]*[<\"]($2)[>\"]" src include)" "$1" "only $1 includes $2"
}

only src/input/parse.c 'cjson/cJSON\.h'
only src/net/http.c 'curl/curl\.h'
only src/base/gzip.c 'zlib\.h'
only src/output/remote_write.c 'remote_write_v[12]\.pb-c\.h'
only src/output/remote_write_samples.c 'remote_write_samples\.pb-c\.h'
only src/output/snappy.c 'snappy-c\.h'
only src/output/protobuf.c 'protobuf-c/protobuf-c\.h'
only src/base/library.c 'dlfcn\.h'

is "$(grep -rlE '\bstruct options\b' src include | grep -vE '^(src/main\.c|(src|include)/(cli|run)/)')" "" \
    "only cli, run and main know all options"

for header in include/*/*.h; do
    name=${header#include/}
    printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$WORK/alone.c"
    ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Iinclude -fsyntax-only -Werror "$WORK/alone.c" \
        2>"$WORK/errors"
    ok $? "$name compiles by itself, also twice"
    sed 's/^/# /' "$WORK/errors"
done

for source in src/*/*.c; do
    module=${source#src/}
    module=${module%.c}
    like "$(grep -m 1 '#include' "$source")" "^#include \"$module\.h\"$" "$source includes its own header first"
done
is "$(for source in src/*/*.c; do
    module=${source#src/}
    [ -f "include/${module%.c}.h" ] || echo "$source"
done)" "" "every module has a header of its own"
tap_done
