#!/bin/sh
# The demo counts what is stored: one transfer that is there twice is not overlooked,
# and nothing else is wrong. TSDB_NEWEST=1: with Debian's newest servers.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
export BIN WORK

# The first curl over HTTP/1.1 has its transfer stored a second time, at another time.
cat >"$WORK/curl" <<'END'
#!/bin/sh
case " $* " in
*' --http1.1 '*) mkdir "$WORK/first" 2>/dev/null || exec curl "$@" ;;
*) exec curl "$@" ;;
esac
curl "$@" | tee "$WORK/first/transfer"
env -u TSDB_EXPORTER_SPOOL "$BIN" --label http1.1 -o "$DEMO_OUTPUT" <"$WORK/first/transfer" >&2
END
chmod +x "$WORK/curl"

[ "${TSDB_NEWEST-}" != 1 ] || export SERVERS_SUITE=newest
status=0
out=$(CURL=$WORK/curl "$ROOT/examples/demo/demo.sh" 2>&1) || status=$?
is "$status" 1 'a transfer that is stored twice: the demo fails'
like "$out" '^  http1\.1 +121 ' 'and its table has it'
like "$out" '^  http2 +120 ' 'but of the others those that were measured'
like "$out" '^demo: what is stored is not what curl measured, [0-9]*1 for [0-9]*0 transfers: http1\.1$' 'it says which'
tap_done
