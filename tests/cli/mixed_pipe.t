#!/bin/sh
# Many curls on one pipe: what is made of two of their objects may have a curl_version, and
# then nobody can tell. Without one it must not pass for a template of a person's own.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

# mixed WRAPPER: of 10 mixed pipes, how many transfers are delivered, and how many of them
# have no curl_version
mixed() {
    seed=0
    while [ $((seed += 1)) -le 10 ]; do
        python3 "$ROOT/tests/cli/mixed_pipe.py" "$seed" "$1" <"$ROOT/tests/data/corpus_public.ndjson" |
            "$BIN" -q -o file=- --layout wide --text 2>>"$WORK/stderr"
    done >"$WORK/points"
    delivered=$(wc -l <"$WORK/points")
    templates=$(grep -vc 'curl_version=' "$WORK/points")
}

for wrapper in '%s' '{"ts":1700000000,"step":"login","curl":%s}' '{"curl":%s,"vu":7}'; do
    mixed "$wrapper"
    ok $((delivered < 1000)) "$wrapper: whole objects of a mixed pipe are found"
    is "$templates" 0 "$wrapper: what is broken does not pass for a template"
done
like "$(cat "$WORK/stderr")" 'refused \(.*broken JSON' "it is refused as broken"
tap_done
