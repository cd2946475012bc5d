#!/bin/sh
# The same sources give the same bytes: in other directories, at other times, for
# other users, in another language.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS BUILD SAN
chmod 711 "$WORK"
first=$WORK/one
second=$WORK/another/directory/with-a-longer-name
for tree in "$first" "$second"; do
    mkdir -p "$tree"
    (cd "$ROOT" && cp -R src include tests examples packaging Makefile README.md LICENSE "$tree")
done
find "$second" -exec touch -d 2020-02-02 {} +

# build DIRECTORY COMMAND...: with a command that changes the circumstances
build() {
    (cd "$1" && shift && "$@" make -j2 all) >"$WORK/log" 2>&1
    ok $? 'it is built'
    [ "$TAP_FAILED" -eq 0 ] || sed 's/^/# /' "$WORK/log"
}

build "$first" env LC_ALL=C.UTF-8 TZ=UTC
umask 027
if [ "$(id -u)" -eq 0 ]; then
    chown -R nobody "$WORK/another"
    build "$second" setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups env HOME=/nonexistent LC_ALL=C TZ=Asia/Tokyo
else
    build "$second" env HOME=/nonexistent LC_ALL=C TZ=Asia/Tokyo
fi
for file in tsdb-exporter completion/bash completion/zsh completion/fish; do
    cmp "$first/build/$file" "$second/build/$file"
    ok $? "the same bytes: $file"
done
is "$(strings -a "$first/build/tsdb-exporter" | grep -F "$WORK")" '' 'the program does not tell where it was built'
tap_done
