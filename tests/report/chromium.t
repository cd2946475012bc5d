#!/bin/sh
# The page of --report in a real, headless Chromium: how it is laid out, and that it runs,
# loads and complains about nothing. TSDB_CHROMIUM=1 demands a Chromium; else this is skipped
# where there is none, since it is larger than all else that the tests need.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/report/cases.sh
. "$ROOT/tests/report/cases.sh"

cd "$WORK" || exit 1
if ! [ -x "${CHROMIUM:-$(command -v chromium)}" ]; then
    if [ "${TSDB_CHROMIUM-}" = 1 ]; then
        ok 1 "Chromium: it is not there"
    else
        TAP_COUNT=1
        echo "ok 1 # skip no Chromium here"
    fi
    tap_done
    exit
fi

make_cases
# What must not be on a page, so that it is known to be found if it is.
sed 's|</h1>|&<script>alert(1)</script><img src="https://192.0.2.1/x">|' three.html >broken.html
sed 's/--bg:#fff/--bg:#fef/' three.html >stale.html
sed "s|<h1>|<h1><pre>$(printf '%0300d' 0)</pre>|" one.html >wide.html

# shellcheck disable=SC2046 # words
"$ROOT/tests/report/look_at_page.py" $(case_names | sed 's/[^ ]*/&.html/g') broken.html stale.html \
    wide.html >wrong 2>&1
for name in $(case_names); do
    is "$(grep "^$name: " wrong)" "" "$name: looks well at all widths, and nothing runs"
done
like "$(cat wrong)" '^broken: .*script' "a script that got in would be found"
like "$(cat wrong)" '^broken: .*192\.0\.2\.1' "so would an address"
like "$(cat wrong)" '^stale: .*(style-src|Content Security Policy)' "so would a wrong hash of the stylesheet"
like "$(cat wrong)" '^wide: 320 it scrolls sideways' "and sideways scrolling"
is "$(grep -vE '^[a-z_]+: ' wrong)" "" "all of them were looked at"
tap_done
