#!/bin/sh
# The truth of the phases: real curls of three ages over a wire whose length is known,
# and what the program makes of their times. TSDB_WIRE=1 demands what is needed for it;
# else it is skipped where no network namespaces may be had.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
cd "$ROOT" || exit 1
BUILD=${BUILD:-build}
# shellcheck source=tests/lib/wire.sh
. tests/lib/wire.sh

if ! wire_possible; then
    if [ "${TSDB_WIRE-}" = 1 ]; then
        ok 1 "network namespaces: $WIRE_WHY_NOT"
    else
        TAP_COUNT=1
        echo "ok 1 # skip no network namespaces here ($WIRE_WHY_NOT)"
    fi
    tap_done
    exit
fi

# before the namespaces, in which there is no network
caddy=$(tests/lib/fetch.sh --suite newest caddy) &&
    bookworm=$(tests/lib/fetch.sh --suite bookworm curl) &&
    trixie=$(tests/lib/fetch.sh --suite trixie curl) &&
    newest=$(tests/lib/fetch.sh --suite newest curl) || exit 1

# A small CA alone: the time to read a system's bundle would show as tls.
certificates() {
    for name in ca other; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj "/CN=$name" -keyout "$name.key" -out "$name.pem" || return 1
    done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=wire.test \
        -keyout wire.key -out wire.csr || return 1
    echo 'subjectAltName=DNS:wire.test' >wire.ext
    openssl x509 -req -in wire.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile wire.ext -out wire.pem
}
(cd "$WORK" && certificates) >"$WORK/log" 2>&1 || {
    cat "$WORK/log" >&2
    exit 1
}
head -c 100 /dev/zero >"$WORK/small"
head -c 1000000 /dev/zero >"$WORK/large"

cat >"$WORK/Caddyfile" <<END
{
	admin off
	auto_https off
	servers :8080 {
		protocols h1
	}
	servers :8444 {
		protocols h1
	}
}
(server) {
	reverse_proxy 127.0.0.1:9000 {
		header_up -Expect
	}
}
http://wire.test:8080 {
	import server
}
https://wire.test:8443 {
	tls $WORK/wire.pem $WORK/wire.key
	import server
}
https://wire.test:8444 {
	tls $WORK/wire.pem $WORK/wire.key {
		protocols tls1.2 tls1.2
	}
	import server
}
END

trap 'wire_end; rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if ! wire_begin "$WORK" 2>"$WORK/log"; then
    ok 1 "a wire: $(cat "$WORK/log")"
    tap_done
    exit
fi
in_server tests/wire/server.py 9000 0.03 2>"$WORK/server.log"
in_server env HOME="$WORK" XDG_DATA_HOME="$WORK" XDG_CONFIG_HOME="$WORK" \
    "$caddy" run --config "$WORK/Caddyfile" --adapter caddyfile >"$WORK/caddy.log" 2>&1
tries=100
until in_client curl -q -s -f -o /dev/null -H 'Host: wire.test:8080' http://10.99.0.2:8080/; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
        cat "$WORK/caddy.log" "$WORK/server.log" >&2
        exit 1
    fi
    sleep 0.1
done

export BIN
# in the background, so that a signal to this script is not kept waiting
in_client_background tests/wire/phases.py "$WORK" "$bookworm" "$trixie" "$newest" >"$WORK/results"
wait $!
ran=$?
tab=$(printf '\t')
while IFS="$tab" read -r status what; do
    case $status in
    '#') echo "# $what" ;;
    *) ok "$status" "$what" ;;
    esac
done <"$WORK/results"
ok "$ran" 'the curls ran'
tap_done
