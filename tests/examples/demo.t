#!/bin/sh
# The demo measures three protocols, whatever the curl here speaks, and counts what is
# stored: one transfer that is there twice is not overlooked, and nothing else is wrong.
# TSDB_NEWEST=1: with Debian's newest servers.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
export WORK
export EXPORTER="$BIN"

# A curl of this machine with HTTP/3, and one without, which another one stands in for.
for features in HTTP2 'HTTP2 HTTP3'; do
    printf '#!/bin/sh\necho Features: %s\n' "$features" >"$WORK/curl"
    chmod +x "$WORK/curl"
    found=$(PATH=$WORK:$PATH tests/lib/fetch.sh curl)
    [ "$found" = "$WORK/curl" ]
    is $? "$(printf '%s\n' "$features" | grep -vc HTTP3)" "a curl with $features: is it taken?"
    like "$("$found" -V)" '^Features: .*HTTP3' "a curl with $features: the one that is has HTTP/3"
done
rm "$WORK/curl"

# The first transfer over HTTP/3 is stored a second time, at another time.
cat >"$WORK/exporter" <<'END'
#!/bin/sh
case " $* " in
*' --label http3 '*) mkdir "$WORK/first" 2>/dev/null || exec "$EXPORTER" "$@" ;;
*) exec "$EXPORTER" "$@" ;;
esac
tee "$WORK/first/transfer" | "$EXPORTER" "$@"
env -u TSDB_EXPORTER_SPOOL "$EXPORTER" "$@" <"$WORK/first/transfer"
END
chmod +x "$WORK/exporter"

[ "${TSDB_NEWEST-}" != 1 ] || export SERVERS_SUITE=newest
demo() {
    status=0
    out=$(env "$@" examples/demo/demo.sh 2>&1) || status=$?
}
demo TRANSFERS=8 BIN="$WORK/exporter"
is "$status" 1 'a transfer that is stored twice: the demo fails'
like "$out" '^  http3 +9 ' 'and its table has it'
like "$out" '^  http2 +8 ' 'but of the others those that were measured'
like "$out" '^  http1\.1 +8 ' 'all of them'
like "$out" '^demo: what is stored is not what curl measured, 25 for 24 transfers: http3$' 'it says which'

demo TRANSFERS=20 REPORT="$WORK/page.html"
is "$status" 0 'else it does not'
like "$out" "as a page for a browser: $WORK/page\\.html\$" 'it says where its page is'
is "$(grep -c '<h1>.*Demo: .*</h1>' "$WORK/page.html"):$(tail -n 1 "$WORK/page.html")" '1:</html>' 'which is whole'
like "$out" '^All 60 of 60 transfers are stored' 'all is stored'
like "$out" 'HTTP/1\.1 +HTTP/2 +HTTP/3' 'and it ends in three protocols side by side'
like "$out" '^failed +0 % +0 % +0 %' 'of which none fails'
tap_done
