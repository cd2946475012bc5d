#!/bin/sh
# What packaging/ repeats of the rest of the tree is the same there. Whether the
# package works is deb.t's business (`make test-deb`).
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$ROOT/packaging/debian" || exit 1
version=$("$BIN" --version | sed -n '1s/.* //p')
is "$(sed -n '1s/^tsdb-exporter (\(.*\)) .*/\1/p' changelog)" "$version" "changelog's newest version is the program's"
is "$(sed -n 's/^\.Dd //p' ../tsdb-exporter.1)" \
    "$(LC_ALL=C date -u -d "$(sed -n 's/^ -- .*>  //p' changelog | head -n 1)" '+%B %-d, %Y')" \
    'the manual page has its date'

# field FILE NAME: the words of a field of control
field() {
    awk -v name="$1:" '$1 == name { inside = 1; next } /^[^ #]/ { inside = 0 } inside { print $0 "," }' control |
        sed 's/[,|]/\n/g' | sed 's/^ *//; s/ .*//; /^$/d'
}

# library|its package here and there
known='libcurl.so.4|libcurl4t64 libcurl4
libprotobuf-c.so.1|libprotobuf-c1
libsnappy.so.1|libsnappy1v5
libz.so.1|zlib1g'
is "$(grep -ho '"lib[a-z-]*\.so\.[0-9]*"' "$ROOT"/src/*/*.c | tr -d '"' | sort)" "$(echo "$known" | cut -d '|' -f 1)" \
    'the libraries that are loaded are those known here'
field Depends >"$WORK/depends"
for package in $(echo "$known" | cut -d '|' -f 2); do
    grep -qx "$package" "$WORK/depends"
    ok $? "the package depends on $package"
done

field Build-Depends >"$WORK/build"
# shellcheck disable=SC2016 # as it is written there
sed -n 's/^build,[^|]*|[^|]*|\([^ ]*\).*/\1/p' "$ROOT/tests/lib/need.sh" | grep -vx -e '$compiler' -e libc6-dev >"$WORK/needed"
while read -r package; do
    grep -qx "$package" "$WORK/build"
    ok $? "the package is built with $package"
done <"$WORK/needed"
ok "$(($(wc -l <"$WORK/needed") < 5))" 'there is something to be built with'

# dpkg-checkbuilddeps asks for the packages by name; of a choice one will do
sed -n 's/^\([a-z,]*\)|[^|]*|\(.*\)/,\1,|\2/p' "$ROOT/tests/lib/need.sh" | sed -n 's/.*,\(build\|deb\),.*|//p' |
    tr ' ' '\n' >"$WORK/installed"
{ echo build-essential && grep -vx -e pkgconf -e debhelper-compat "$WORK/build" && echo debhelper; } >"$WORK/asked"
while read -r package; do
    grep -qx "$package" "$WORK/installed"
    ok $? "make deb installs $package"
done <"$WORK/asked"

is "$(sed -n '/^ Permission/,$s/^ //p' copyright | sed 's/^\.$//')" "$(sed -n '/^Permission/,$p' "$ROOT/LICENSE")" \
    'copyright holds the license'
tap_done
