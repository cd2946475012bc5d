#!/bin/sh
# Bodies of remote write requests, decoded by something that knows nothing of
# src/, and compared with what was read and found right.
#
# UPDATE=1 tests/delivery/remote_write_golden.t writes what it sees.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/golden.sh
. "$ROOT/tests/lib/golden.sh"

PUSH_OPTIONS=''
golden_objects >"$WORK/in"
for layout in metric wide; do
    "$BIN" -o file=- --layout $layout -l golden <"$WORK/in" >"$WORK/lines"
    for version in 1 2; do
        # a receiver of 2.0 says how many samples it has written: more than enough
        name=${layout}_$version
        serve "$name" '204 header=X-Prometheus-Remote-Write-Samples-Written:99999'
        push --remote-write $version --layout $layout -l golden -o "prometheus=${url%/db}"
        is "$status $err" '0 ' "$layout, $version.0: delivered without a word"
        is "$(requests "$name")" 1 "$layout, $version.0: one request"
        remote_write_text $version "$name" 00001 >"$WORK/$name.text"
        ok $? "$layout, $version.0: what the protocol allows"
        golden "$ROOT/tests/delivery/golden/$name" "$WORK/$name.text" \
            "$layout, $version.0: the body is as it was"
        is "$(grep -c ' @ ' "$WORK/$name.text")" \
            "$(tr ' ' '\n' <"$WORK/lines" | grep -v '^curl,\|^[a-z_]*,label' | tr ',' '\n' | grep -c '=')" \
            "$layout, $version.0: as many samples as there are values in line protocol"
    done
    grep -v '^  gauge' "$WORK/${layout}_2.text" | cmp -s - "$WORK/${layout}_1.text"
    ok $? "$layout: 1.0 and 2.0 say the same"
done
tap_done
