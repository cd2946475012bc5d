#!/bin/sh
# The Debian package, made and used in Debians where there is nothing else: that
# `make deb` is all it takes to make it, that another user makes the same bytes, what
# is in it, what lintian says, and that it works. Needs root and the network:
# `make test-deb`.
#
# SUITE=trixie: in that one; by itself in the one that the machine runs.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

[ "$(id -u)" -eq 0 ]
ok $? 'this test runs as root, which debootstrap needs'
[ "$TAP_FAILED" -eq 0 ] || exit 1
suite=${SUITE:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
version=$("$BIN" --version | sed -n '1s/.* //p')
deb=tsdb-exporter_${version}_$(dpkg --print-architecture).deb
home=$WORK/home   # where the package is made
clean=$WORK/clean # where it is used

# in_root ROOT COMMAND...
in_root() {
    "$ROOT/tests/lib/fresh.sh" run "$@"
}

# runs WHAT COMMAND...: as it is said
runs() {
    runs_what=$1
    shift
    runs_status=0
    "$@" >"$WORK/log" 2>&1 || runs_status=$?
    ok "$runs_status" "$suite: $runs_what"
    [ "$runs_status" -eq 0 ] || tail -n 40 "$WORK/log" | sed 's/^/# /'
}

for root in "$home" "$clean"; do
    runs 'a fresh Debian' "$ROOT/tests/lib/fresh.sh" create "$suite" "$root"
    [ "$runs_status" -eq 0 ] || exit 1
done
"$ROOT/tests/lib/fresh.sh" clone "$home"
cp -R "$home/src" "$home/second"

runs 'make deb, which installs what it needs' in_root "$home" make -C /src deb
like "$(cat "$WORK/log")" '^[0-9]+ passed, 0 failed' "$suite: with the tests in it"
cat >"$home/second.sh" <<'END'
set -e
mkdir -p /elsewhere/by/another
mv /second /elsewhere/by/another/user
chown -R nobody /elsewhere
umask 027
exec setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
    env HOME=/nonexistent LC_ALL=C TZ=Asia/Tokyo DEB_BUILD_OPTIONS=nocheck make -j2 -C /elsewhere/by/another/user deb
END
runs 'make deb elsewhere, as another user' in_root "$home" sh /second.sh
cmp "$home/src/build/deb/$deb" "$home/elsewhere/by/another/user/build/deb/$deb"
ok $? "$suite: the same bytes"

runs 'lintian is installed' in_root "$home" apt-get -q -y --no-install-recommends install lintian
is "$(in_root "$home" lintian --allow-root --info --display-info --pedantic "/src/build/deb/${deb%.deb}.changes" 2>&1)" '' \
    "$suite: lintian has nothing to say"
depends=$(dpkg-deb -f "$home/src/build/deb/$deb" Depends)
like "$depends" 'libcurl4t64 \| libcurl4, ' "$suite: depends on libcurl"
like "$depends" 'libcjson1 \(' "$suite: depends on what it is linked with"
dpkg-deb -c "$home/src/build/deb/$deb" >"$WORK/files"
for file in bin/tsdb-exporter share/man/man1/tsdb-exporter.1.gz share/bash-completion/completions/tsdb-exporter \
    share/zsh/vendor-completions/_tsdb-exporter share/fish/vendor_completions.d/tsdb-exporter.fish \
    share/doc/tsdb-exporter/copyright share/doc/tsdb-exporter/examples/smoke-check.sh \
    share/doc/tsdb-exporter/examples/tsdb-exporter-drain.service \
    share/doc/tsdb-exporter/examples/grafana/influxdb.json; do
    grep -q " ./usr/$file$" "$WORK/files"
    ok $? "$suite: holds /usr/$file"
done

cp "$home/src/build/deb/$deb" "$clean/tmp/$deb"
is "$(find "$clean" -name '*curl*so*' -o -name '*snappy*so*')" '' "$suite: libcurl and snappy are not there"
runs 'it installs' in_root "$clean" apt-get -q -y --no-install-recommends install "/tmp/$deb"
rm "$clean/tmp/$deb"
is "$(in_root "$clean" tsdb-exporter --version | sed -n 's/[ /].*//p' | tr '\n' ' ')" \
    'tsdb-exporter cJSON protobuf-c zlib libcurl ' "$suite: it finds its libraries"
is "$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$clean/usr/share/doc/tsdb-exporter/examples/tsdb-exporter-drain.service")" \
    /usr/bin/tsdb-exporter "$suite: the service starts it"

transfers 3 >"$WORK/in"
for output in influxdb=/db=gzip prometheus=/api/v1/write=snappy; do
    encoding=${output##*=}
    output=${output%=*}
    name=${output%%=*}
    serve "$name" 204
    out=$(in_root "$clean" tsdb-exporter --gzip -v -o "${output%%=*}=${url%/db}${output#*=}" <"$WORK/in" 2>&1)
    is "$?" 0 "$suite: it delivers to ${output%%=*}"
    like "$out" '3 read.* 3 delivered' "$suite: all three transfers"
    is "$(header "$name" 00001 Content-Encoding)" "$encoding" "$suite: compressed with $encoding"
    serve_stop "$name"
done

runs 'it can be purged' in_root "$clean" apt-get -q -y purge tsdb-exporter
is "$(find "$clean" -name '*tsdb*exporter*' ! -path '*/var/log/*')" '' "$suite: and nothing is left"
tap_done
