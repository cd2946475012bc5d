#!/bin/sh
# Who may include what: each library is known to one file, each header stands
# by itself, and data goes one way.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$ROOT" || exit 1

# only FILE HEADER: FILE and no other includes HEADER
only() {
    is "$(grep -lE "#[[:space:]]*include[[:space:]]*[<\"]($2)[>\"]" src/*.c include/tsdb_exporter/*.h)" "$1" \
        "only $1 includes $2"
}

only src/reader.c 'cjson/cJSON\.h'
only src/http.c 'curl/curl\.h'
only src/gzip.c 'zlib\.h'
only src/remote_write.c 'remote_write_v[12]\.pb-c\.h'
only src/snappy_block.c 'snappy-c\.h'
only src/library.c 'dlfcn\.h'

for header in include/tsdb_exporter/*.h; do
    name=$(basename "$header" .h)
    printf '#include "tsdb_exporter/%s.h"\n#include "tsdb_exporter/%s.h"\n' "$name" "$name" > "$WORK/alone.c"
    ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Iinclude -fsyntax-only -Werror "$WORK/alone.c" \
        2> "$WORK/errors"
    ok $? "$name.h compiles by itself, also twice"
    sed 's/^/# /' "$WORK/errors"
done

for source in src/*.c; do
    name=$(basename "$source" .c)
    case $name in
    main) continue ;;
    output_*) header=output ;;
    layout_*) header=layout ;;
    *) header=$name ;;
    esac
    like "$(grep -m 1 '#include' "$source")" "^#include \"tsdb_exporter/$header\.h\"$" \
        "$name.c includes its own header first"
done

is "$(grep -c '#include "tsdb_exporter/' include/tsdb_exporter/*.h | awk -F: '$2 > 5 { print $1 }')" "" \
    "no header is an umbrella"

# from input to output, never back
is "$(grep -lE 'tsdb_exporter/(push|http|output|batch|line|layout)\.h' src/frame.c src/reader.c src/phase.c src/tags.c \
    src/timeline.c include/tsdb_exporter/frame.h include/tsdb_exporter/reader.h include/tsdb_exporter/transfer.h)" "" \
    "what reads knows nothing of what sends"
is "$(grep -lE 'tsdb_exporter/(frame|reader|input)\.h' src/push.c src/http.c src/output*.c src/batch.c src/line.c \
    src/layout*.c include/tsdb_exporter/push.h include/tsdb_exporter/output.h)" "" \
    "what sends knows nothing of what reads"
tap_done
