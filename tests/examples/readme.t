#!/bin/sh
# Every command of the README, as it stands there, in a network of its own in which
# example.com is a web server, and the port that the README names is a database.
# A block of the README that nobody tries fails, and so does one that has changed
# without its check here.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
# shellcheck source=tests/lib/wire.sh
. tests/lib/wire.sh

if [ -z "${README_NETWORK-}" ]; then
    rm -rf "$WORK"
    if wire_unshare --net true 2>/dev/null; then
        # fetched before, since there is no way out of that network
        for program in influxd caddy curl; do
            tests/lib/fetch.sh --suite newest "$program" >/dev/null || exit 1
        done
        README_NETWORK=1 wire_unshare --net sh "$0"
        exit
    fi
    TAP_COUNT=1
    echo 'ok 1 # skip no network namespaces here'
    tap_done
    exit
fi

# shellcheck source=tests/lib/servers.sh
. tests/lib/servers.sh
servers_begin
trap 'servers_end; rm -rf "$WORK"' EXIT
python3 -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH14x", b"lo", 0x49))' # SIOCSIFFLAGS: up, running

export SERVERS_SUITE=newest
pick_ports() { server_port=8086; }
start_influxdb || exit 1

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=example.com \
    -addext subjectAltName=DNS:example.com -keyout "$WORK/key" -out "$WORK/certificate" 2>/dev/null || exit 1
example_com_exec() {
    cat >"$server_dir/Caddyfile" <<-END
	{
	    admin off
	    auto_https off
	}
	https://example.com {
	    tls $WORK/certificate $WORK/key
	    respond "an example"
	}
	END
    HOME=$server_dir exec "$server_program" run --config "$server_dir/Caddyfile" --adapter caddyfile
}
example_com_ready() { curl -sf -o /dev/null https://example.com/; }
mkdir "$WORK/bin" "$WORK/here" "$WORK/here/examples"
export USER=somebody XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" HOME="$WORK" CURL_HOME="$WORK" PATH="$WORK/bin:$PATH"
printf 'cacert = "%s"\nconnect-to = "example.com:443:127.0.0.1:443"\n' "$WORK/certificate" >"$WORK/.curlrc"
ln -s "$BIN" "$WORK/bin/tsdb-exporter"
ln -s "$(tests/lib/fetch.sh --suite newest curl)" "$WORK/bin/curl"
for example in examples/*.sh; do ln -s "$ROOT/$example" "$WORK/here/examples"; done
start_server example_com caddy || exit 1

# Each block, by its number, in a file, without its indentation; `$ ` before a command
# and what it printed go.
mkdir "$WORK/blocks"
awk -v to="$WORK/blocks/" '
    /^    / { if (!inside) n++; inside = 1; print substr($0, 5) > (to n); next }
    !/^$/ { inside = 0 }
    /^$/ && inside { getline; if (/^    /) { print "" > (to n); print substr($0, 5) > (to n) } else inside = 0 }' README.md

# block TEXT: the commands of the one block that holds the text. It counts as tried.
block() {
    found=$(grep -lF -e "$1" "$WORK"/blocks/* "$WORK"/tried/* 2>/dev/null)
    [ "$(echo "$found" | grep -c .)" = 1 ] || { echo "exit 1; # '$1' is in the blocks: $found"; return; }
    cat "$found"
    [ "${found%/blocks/*}" = "$found" ] || mv "$found" "$WORK/tried/"
}
mkdir "$WORK/tried"

# try TEXT [SED]: runs that block, changed as SED says; its output is in $out.
try() {
    block "$1" | sed -e "${2-}" >"$WORK/commands"
    out=$(cd "$WORK/here" && sh -e "$WORK/commands" 2>&1)
}

# How many transfers have a label.
stored() {
    influx_query metrics "SELECT count(value) FROM time_total WHERE label = '$1'" | sed -n '2s/.*,//p'
}

# --- install --------------------------------------------------------------------

block 'make && sudo make install' | sed -n 's/ *#.*//; s/.* && //; s/sudo //; s/^make //p' >"$WORK/targets"
is "$(tr '\n' ' ' <"$WORK/targets")" 'install demo test ' 'the targets that the README names'

# --- a first measurement ---------------------------------------------------------

try 'CREATE DATABASE metrics'
is "$?:$(stored first)" 0:1 'the first measurement is stored'
unlike "$out" 'exporter' 'and the exporter is silent'
block 'Accept: application/csv' >"$WORK/commands"
sed -n '1,2s/^\$ //p; 2p' "$WORK/commands" >"$WORK/query"
sed 1,2d "$WORK/commands" | cut -d , -f 1-2 >"$WORK/want"
is "$(sh -e "$WORK/query" | cut -d , -f 1-2)" "$(cat "$WORK/want")" 'what is stored are the series that the README shows'

# --- five ways ---------------------------------------------------------------------

# shellcheck disable=SC2016 # expanded by the block's shell
try 'while sleep 1' 's/sleep 1/sleep 0.1 \&\& test "$((n += 1))" -le 3/'
is "$?:$out:$(stored curl-quic)" 0::3 'a loop'
try 'seq 1000' "s/seq 1000/seq 40/; s|/tmp/spool|$WORK/spool|"
is "$?:$out:$(stored curl-quic)" 0::43 'virtual users'
try '?[1-1000]'
is "$?:$out:$(stored stream)" 0::1000 'a stream'
try '*/5 * * * *' 's|.*/path/to/||'
is "$?:$out:$(stored smoke)" 0::1 'a check from cron'
try '>>saved'
is "$?:$out:$(stored curl-quic)" 0::44 'measure now, store later'
try 'before-after.sh measure'
is $? 0 'two runs side by side'
like "$out" 'total .*(×|x)' 'as on the terminal'
grep -q '<html' "$WORK/here/both.html" && grep -q before "$WORK/here/both.html"
ok $? 'and their report'

# --- the rest ----------------------------------------------------------------------

block 'vmagent -remoteWrite.url' | sed -n 's/.*\(--drain --follow\)$/\1/p' >"$WORK/commands"
is "$(cat "$WORK/commands")" '--drain --follow' 'growing (tests/database/two_hosts.t tries it)'
try '--spool DIR --spool-status' "s|DIR|$WORK/spool.$USER|; s|^curl \.\.\.|curl -s -o /dev/null -w '%{json}' https://example.com/|; s/ *#.*//"
is $? 0 'the spool'
like "$out" 'waiting: 0 transfers' 'and what waits in it'
try "--threshold 'cert_expiry:min>14d'"
is "$?:$out:$(stored check)" 0::1 'thresholds'
try "--threshold 'cert_expiry:min>14d'" 's/max<2s/max<1us/'
is "$?" 99 'one that does not hold'
like "$out" 'time_total:max<1us' 'is shown'

# what is no command
block 'input -> transfer' >/dev/null
is "$(cat "$WORK"/blocks/* 2>/dev/null)" '' 'every block has been tried'

tap_done
