#!/bin/sh
# The Debian package: what is in it, what lintian says, that it can be built again
# to the same bytes, and that it works in a Debian where there is nothing else.
# Needs root, debootstrap and the network: `make test-deb`.
#
# TSDB_NEWEST=1: in Debian unstable as well.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

[ "$(id -u)" -eq 0 ]
ok $? 'this test runs as root, which debootstrap needs'
[ "$TAP_FAILED" -eq 0 ] || exit 1
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS BUILD SAN
chmod 711 "$WORK"

# runs WHAT COMMAND...: as it is said
runs() {
    runs_what=$1
    shift
    runs_status=0
    "$@" >"$WORK/log" 2>&1 || runs_status=$?
    ok "$runs_status" "$runs_what"
    [ "$runs_status" -eq 0 ] || tail -n 40 "$WORK/log" | sed 's/^/# /'
}

version=$("$BIN" --version | sed -n '1s/.* //p')
deb=tsdb-exporter_${version}_$(dpkg --print-architecture).deb
cd "$ROOT" || exit 1
runs 'make deb, with the tests in it' make deb
like "$(cat "$WORK/log")" '^[0-9]+ passed, 0 failed' 'the tests were run'

mkdir -p "$WORK/elsewhere/by/another/user"
cp -R src include tests examples packaging Makefile README.md LICENSE "$WORK/elsewhere/by/another/user"
chown -R nobody "$WORK/elsewhere"
umask_before=$(umask)
umask 027
runs 'make deb elsewhere, as another user' setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
    env HOME=/nonexistent LC_ALL=C TZ=Asia/Tokyo DEB_BUILD_OPTIONS=nocheck make -j2 -C "$WORK/elsewhere/by/another/user" deb
umask "$umask_before"
cmp "build/deb/$deb" "$WORK/elsewhere/by/another/user/build/deb/$deb"
ok $? 'the same bytes'

is "$(lintian --allow-root --info --display-info --pedantic "build/deb/${deb%.deb}.changes" 2>&1)" '' \
    'lintian has nothing to say'
depends=$(dpkg-deb -f "build/deb/$deb" Depends)
like "$depends" 'libcurl4t64 \| libcurl4, ' 'depends on libcurl'
like "$depends" 'libcjson1 \(' 'depends on what it is linked with'
dpkg-deb -c "build/deb/$deb" >"$WORK/files"
for file in bin/tsdb-exporter share/man/man1/tsdb-exporter.1.gz share/bash-completion/completions/tsdb-exporter \
    share/zsh/vendor-completions/_tsdb-exporter share/fish/vendor_completions.d/tsdb-exporter.fish \
    share/doc/tsdb-exporter/copyright share/doc/tsdb-exporter/examples/smoke-check.sh; do
    grep -q " ./usr/$file$" "$WORK/files"
    ok $? "holds /usr/$file"
done

# in_root COMMAND...: in the new Debian
in_root() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$clean" "$@"
}

# the mirror, and components, that the machine itself uses
sources() {
    # shellcheck disable=SC2016 # apt-get expands it
    apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
        awk -F '|' -v suite="$1" '$2 == suite'
}

# works SUITE MIRROR COMPONENTS
works() {
    clean=$WORK/$1
    runs "$1: a clean root" debootstrap --variant=minbase --components="$3" "$1" "$clean" "$2"
    cp "build/deb/$deb" "$clean/tmp/$deb"
    is "$(find "$clean" -name '*curl*so*' -o -name '*snappy*so*')" '' "$1: libcurl and snappy are not there"
    runs "$1: it installs" in_root apt-get -q -y --no-install-recommends install "/tmp/$deb"
    rm "$clean/tmp/$deb"
    is "$(in_root tsdb-exporter --version | sed -n 's/[ /].*//p' | tr '\n' ' ')" \
        'tsdb-exporter cJSON protobuf-c zlib libcurl ' "$1: it finds its libraries"

    transfers 3 >"$WORK/in"
    for output in influxdb=/db=gzip prometheus=/api/v1/write=snappy; do
        encoding=${output##*=}
        output=${output%=*}
        name=$1_${output%%=*}
        serve "$name" 204
        out=$(in_root tsdb-exporter --gzip -v -o "${output%%=*}=${url%/db}${output#*=}" <"$WORK/in" 2>&1)
        is "$?" 0 "$1: it delivers to ${output%%=*}"
        like "$out" '3 read.* 3 delivered' "$1: all three transfers"
        is "$(header "$name" 00001 Content-Encoding)" "$encoding" "$1: compressed with $encoding"
        serve_stop "$name"
    done

    runs "$1: it can be purged" in_root apt-get -q -y purge tsdb-exporter
    is "$(find "$clean" -name '*tsdb*exporter*' ! -path '*/var/log/*' ! -path '*/proc/*')" '' "$1: and nothing is left"
    rm -rf "$clean"
}

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
found=$(sources "$suite")
works "$suite" "$(echo "$found" | head -n 1 | cut -d '|' -f 1)" "$(echo "$found" | cut -d '|' -f 3 | sort -u | paste -sd , -)"
[ "${TSDB_NEWEST-}" != 1 ] || works unstable http://deb.debian.org/debian main
tap_done
