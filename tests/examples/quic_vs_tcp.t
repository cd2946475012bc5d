#!/bin/sh
# examples/quic-vs-tcp.sh with real curls over HTTP/1.1, 2 and 3: to a server that is
# there, and to one of its own over a link. TSDB_WIRE=1 demands what a link needs; else
# that is skipped where no network namespaces may be had.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
export SERVERS_SUITE=newest # an older Caddy takes four round trips for a handshake of QUIC
# shellcheck source=tests/lib/servers.sh
. tests/lib/servers.sh
# shellcheck source=tests/lib/wire.sh
. tests/lib/wire.sh
mkdir "$WORK/bin"
ln -s "$BIN" "$WORK/bin/tsdb-exporter"
ln -s "$(tests/lib/fetch.sh --suite newest caddy)" "$WORK/bin/caddy"
real=$(tests/lib/fetch.sh curl) || exit 1
servers_begin
trap 'servers_end; rm -rf "$WORK"' EXIT
# shellcheck disable=SC2119 # it takes a snippet, if one is wanted
start_caddy || exit 1
PATH=$WORK/bin:$PATH
script=examples/quic-vs-tcp.sh
url=$CADDY_HTTPS_URL/ok

# A curl that notes what it is told, and refuses what REFUSE says.
cat >"$WORK/curl" <<END
#!/bin/sh
printf '%s\n' "\$*" >>"$WORK/curls"
case "\$*" in *"\${REFUSE-nothing to refuse}"*) exit 60 ;; esac
exec "$real" "\$@"
END
chmod +x "$WORK/curl"
export CURL="$WORK/curl" CURL_CA_BUNDLE="$CADDY_CA"

out=$(TSDB_EXPORTER_LABEL=quic TSDB_EXPORTER_OUTPUT=file=$WORK/points $script "$url" 25 2>&1)
is $? 0 'a server that is there: all is delivered'
like "$out" '^transfers +25 +25 +25' 'as many transfers'
like "$out" 'HTTP/1\.1 +HTTP/2 +HTTP/3' 'of three protocols, side by side'
like "$out" 'total .*[x×][0-9.]+ .*(noise|slower|faster|slightly)' 'and whether they differ'
is "$(grep -c '^time_total,http_version=3,label=quic ' "$WORK/points")" 25 'and they are stored, too'
like "$out" 'this measured the machine, not the network' 'without a network: that is said'
is "$(grep 'json}' "$WORK/curls" | head -n 6 | sed 's/.*json}.n \(--http[^ ]*\).*/\1/' | paste -sd ' ')" \
    '--http1.1 --http2 --http3-only --http1.1 --http2 --http3-only' 'the protocols take turns'
is "$(sed '/json}/,$d' "$WORK/curls" | grep -c -e --http3-only)" 3 'each is tried before'
unlike "$out" certificates 'of certificates nothing is said'

: >"$WORK/curls"
out=$($script "$url" 2 --cacert "$CADDY_CA" 2>&1)
is "$(grep -c 'json}.* --cacert .*/chain --cacert ' "$WORK/curls")" 6 \
    "each curl reads the server's chain, or what it is told instead"
: >"$WORK/curls"
out=$(REFUSE=/chain $script "$url" 2 2>&1)
is "$?:$(grep -c 'json}.* --cacert' "$WORK/curls")" 0:0 'a chain that curl does not take is left out'
like "$out" "may contain the reading of the system's certificates" 'and what that means is said'
out=$(REFUSE=--http3-only $script "$url" 2 2>&1)
is $? 0 'a server without HTTP/3'
like "$out" '^quic-vs-tcp: --http3-only is left out' 'is said'
like "$out" '^transfers +4 in' 'and the others are measured'
out=$(REFUSE=--http $script "$url" 2 2>&1)
is $? 69 'a server that cannot be reached'
unlike "$out" '^transfers' 'has no summary'

out=$(RTT=1 $script "$url" 2>&1)
is "$?:$(echo "$out" | grep -c 'go with SERVER')" 64:1 'RTT without SERVER'
out=$(SERVER=true RTT=1ms $script "$url" 2>&1)
is "$?:$(echo "$out" | grep -c 'whole milliseconds')" 64:1 'RTT with a unit'

# judged ROUND_TRIP HANDSHAKE_TCP HANDSHAKE_QUIC [BUSY]: what is said of such times, with
# the processors busy for BUSY % of the time
cat >"$WORK/bin/fake" <<'END'
#!/bin/sh
case " $* " in
*' -V '*) echo 'Features: HTTP2 HTTP3' && exit ;;
*json*--http3*) version=3 ready=$QUIC ;;
*json*) version=2 ready=$TCP ;;
*) exit 0 ;;
esac
printf '{"curl_version":"libcurl/8.23.0","http_code":200,"http_version":"%s","num_connects":1,%s"time_total":1}\n' \
    $version "\"time_connect\":$TRIP,\"time_appconnect\":$ready,\"time_pretransfer\":$ready,"
END
cat >"$WORK/bin/awk" <<'END'
#!/bin/sh
case "$*" in
*/proc/stat) [ -e "$WORK/ticks" ] && echo "$BUSY 100" || echo 0 0 >"$WORK/ticks" ;;
*) exec "$AWK" "$@" ;;
esac
END
chmod +x "$WORK/bin/fake" "$WORK/bin/awk"
judged() {
    rm -f "$WORK/ticks"
    AWK=$awk WORK=$WORK CURL=fake TRIP=$1 TCP=$2 QUIC=$3 BUSY=${4-10} $script https://fake/ 3 2>&1 |
        grep '^quic-vs-tcp: .*\(machine\|busy\|asks\)'
}
awk=$(PATH=${PATH#*:} command -v awk)
is "$(judged 0.040 0.083 0.044)" '' 'a network of 40 ms: nothing is wrong'
is "$(judged 0.040 0.083 0.044 90)" '' 'busy processors that cost 3 ms: nothing either'
like "$(judged 0.005 0.017 0.013)" 'round trip takes 5 ms, and the work of a handshake 7 ms: .*machine' \
    'more work than network'
like "$(judged 0.0002 0.0001 0.0001)" 'round trip takes 0.2 ms.*machine' 'no network to speak of'
like "$(judged 0.040 0.100 0.060 90)" 'processors were busy for 90 % of the time: 20 ms of each' 'busy processors that cost 20 ms'
like "$(judged 0.040 0.083 0.163)" 'handshake over QUIC takes 4\.0 round trips, not 1' 'an old server'
rm "$WORK/bin/fake" "$WORK/bin/awk"

# The example of its head, as printed; but for the count, which takes its time.
sed -n '/^#     cat >Caddyfile/,/local.root.crt$/s/^# \{0,5\}//p' $script >"$WORK/head"
like "$(cat "$WORK/head")" "^SERVER='caddy run' RTT=40 .* 100 " 'its head has an example'
if wire_possible || [ "${TSDB_WIRE-}" = 1 ]; then
    ln -s "$ROOT/examples" "$WORK/examples"
    out=$(cd "$WORK" && unset CURL_CA_BUNDLE && HOME=$WORK timeout 60 sh -c "$(sed 's/ 100 / 5 /' head)" 2>&1)
    is $? 0 'the example of its head: runs as printed'
    like "$out" '^transfers +5 +5 +5' 'the example of its head: over three protocols'
    like "$out" '^failed +0 % +0 % +0 %' 'the example of its head: of which none fails'
    unlike "$out" 'certificates|left out' 'the example of its head: with one CA alone'
    out=$(SERVER=false RTT=1 $script https://localhost:1/ 2>&1)
    is "$?:$(echo "$out" | grep -c 'false does not serve')" 69:1 'a server that ends at once'
else
    ok 0 "the example of its head # SKIP no network namespaces here ($WIRE_WHY_NOT)"
fi
printf '#!/bin/sh\necho forbidden\nexit 1\n' >"$WORK/bin/unshare"
chmod +x "$WORK/bin/unshare"
out=$(SERVER=true RTT=1 $script https://localhost:1/ 2>&1)
is "$?:$(echo "$out" | grep -c 'no link can be made here: .*; nor with netem: forbidden')" 69:1 'where no link may be made'
cp $script "$WORK/alone.sh"
out=$(SERVER=true RTT=1 "$WORK/alone.sh" https://localhost:1/ 2>&1)
is "$?:$(echo "$out" | grep -c 'that of the tests is not here')" 69:1 'outside of the source tree'

# What tc is told there, by one that only notes it.
printf '#!/bin/sh\nshift 2\nexec "$@"\n' >"$WORK/bin/unshare"
printf '#!/bin/sh\n' >"$WORK/bin/ip"
printf '#!/bin/sh\necho "$*" >>"%s/tc"\n' "$WORK" >"$WORK/bin/tc"
chmod +x "$WORK/bin/ip" "$WORK/bin/tc"
out=$(SERVER=false RTT=40 LOSS=1 "$WORK/alone.sh" https://localhost:1/ 2>&1)
is "$?:$(sort -u "$WORK/tc")" '69:qdisc add dev lo root netem delay 20000us loss 1%' 'where there is netem'
tap_done
