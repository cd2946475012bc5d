#!/bin/sh
# What `make demo` shows: real curls over HTTP/1.1, 2 and 3, many at once, each
# piped into an exporter of its own; then what the database has of them, asked
# back from it. Web server and database are real, run on free ports, and are gone
# afterwards, with their data. Where the curl here has no HTTP/3, all of it is
# measured with Debian's newest curl, which is unpacked, not installed.
#
# The curls are as far from the server as a city is from the next: where the machine
# lets us, there is a link of 20 ms between them (tests/wire/link.c), with the curls in
# a network namespace at its one end and all else in one at the other. On a loopback
# just the processor's work would be measured, of which QUIC has more.
#
#     make demo              or, to go on and look around:  make demo KEEP=1
#     make demo DB=prometheus        Prometheus instead of VictoriaMetrics
#     make demo CURL=/path/to/another/curl
#     make demo REPORT=/where/the/page/goes.html
#     make demo TRANSFERS=1000       of each protocol, instead of 120
set -eu
export LC_ALL=C

transfers=${TRANSFERS:-120} # of each protocol
at_once=4
round_trip_ms=20

cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
export BIN="${BIN:-$BUILD/tsdb-exporter}"
report=${REPORT:-$PWD/$BUILD/demo.html}
# shellcheck source-path=SCRIPTDIR/../..
. tests/lib/servers.sh
# shellcheck source-path=SCRIPTDIR/../..
. tests/lib/wire.sh

step() { printf '  %-11s %s\n' "$1" "$2"; }

fail() {
	echo "demo: $*" >&2
	exit 1
}

# All that is to be downloaded, at once, and while there is a network. What is missing is
# told by who needs it.
fetch_programs() {
	case ${DB-} in
	prometheus) fetched=prometheus ;;
	*) fetched=victoria-metrics ;;
	esac
	tests/lib/fetch.sh ${SERVERS_SUITE:+--suite "$SERVERS_SUITE"} $fetched >/dev/null &
	tests/lib/fetch.sh --suite newest caddy >/dev/null &
	[ -n "${CURL-}" ] || CURL=$(tests/lib/fetch.sh curl || command -v curl) || fail 'there is no curl'
	export CURL
	wait
}

# Starts this script once more, at the server's end of a link, with DEMO_LINK set to what
# brings a curl to the other end. Returns where there can be no link, and DEMO_LINK is empty.
# Who wants to look around (KEEP) could not reach the servers there.
begin_link() {
	export DEMO_LINK=
	if [ -n "${KEEP-}" ]; then
		WIRE_WHY_NOT='over which you could not reach it, with KEEP=1'
		return
	fi
	wire_possible || return 0
	link_dir=$(mktemp -d) || exit 1
	trap 'wire_end; rm -rf "$link_dir"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
	if ! wire_begin "$link_dir" 2>"$link_dir/log"; then
		WIRE_WHY_NOT=$(cat "$link_dir/log")
		wire_end
		rm -rf "$link_dir"
		return
	fi
	rm -rf "$link_dir" # so that nothing is left behind, even after SIGKILL
	wire_order "delay $((round_trip_ms * 500))e-3"
	wire_first= # others who use this machine are not kept waiting
	DEMO_LINK="nsenter --net=/proc/$wire_pid/fd/$wire_client"
	link_status=0
	(wire_exec "$wire_server" examples/demo/demo.sh) || link_status=$?
	exit "$link_status"
}

# What differs between the databases: how to start it, what to tell the exporter,
# where to ask, and how many there may be of one series at a time.
choose_database() {
	case ${DB-} in
	prometheus)
		database=Prometheus
		# shellcheck disable=SC2119 # it takes flags, of which there are none
		start_prometheus || exit 1
		database_url=$PROMETHEUS_URL
		DEMO_OUTPUT=prometheus=$database_url
		;;
	'' | victoria-metrics)
		database=VictoriaMetrics
		start_victoria_metrics -influxSkipSingleField || exit 1
		database_url=$VICTORIA_URL
		DEMO_OUTPUT=influxdb=$database_url/demo
		;;
	*) fail "there is no DB=$DB; use prometheus or victoria-metrics" ;;
	esac
	export DEMO_OUTPUT
}

start_servers() {
	choose_database
	SERVERS_SUITE=newest  # Caddy of bookworm takes four round trips for a handshake of QUIC
	[ -z "$DEMO_LINK" ] || export CADDY_BIND=10.99.0.2
	# shellcheck disable=SC2119 # it takes a snippet, of which there is none
	start_caddy || exit 1
	export MEASURED="$SERVERS_DIR/measured"
	mkdir "$MEASURED"
	export TSDB_EXPORTER_SPOOL="$SERVERS_DIR/spool"
}

# The curl at its end of the link, and the protocols that it can speak; the labels, too.
choose_curl() {
	features=$("$CURL" -q -V) || fail "there is no $CURL"
	protocols=http1.1
	case $features in *HTTP2*) protocols="$protocols http2" ;; esac
	case $features in *HTTP3*) protocols="$protocols http3" ;; esac
	step curl "$(echo "$features" | sed -n '1s/^curl \([^ ]*\).*/\1/p'), $CURL"
	[ -n "$DEMO_LINK" ] || return 0
	printf '#!/bin/sh\nexec %s "%s" "$@" --connect-to ::10.99.0.2:\n' "$DEMO_LINK" "$CURL" >"$SERVERS_DIR/curl"
	chmod +x "$SERVERS_DIR/curl"
	CURL=$SERVERS_DIR/curl
}

say_what_is_left_out() {
	case $protocols in
	*http3*) ;;
	*) step 'no HTTP/3' 'this curl has none; with one that has: make demo CURL=/path/to/it' ;;
	esac
}

# The protocols take turns, so that all meet the same machine.
run_transfers() {
	for label in $protocols; do
		step transfers "$transfers curls over HTTP/${label#http}"
	done
	step '' "in turns, $at_once at a time, through one spool; with one CA file each"
	step '' "(--cacert), as reading the system's 140 would show as handshake"
	for number in $(seq "$transfers"); do
		for label in $protocols; do echo "$label.$number"; done
	done | xargs -P "$at_once" -n 1 examples/demo/transfer.sh || fail 'a transfer was not kept'
	"$BIN" -o "$DEMO_OUTPUT" --drain || fail 'not all transfers were delivered'
}

# stored_values NAME LABEL: every number stored
stored_values() {
	if [ "$database" = Prometheus ]; then
		prometheus_values "$1{label=\"$2\"}[1h]"
	else
		victoria_export "$1{label=\"$2\"}" __value__
	fi
}

# Whether the database has each time_total that curl has measured for a label, to the
# last digit and as often, and nothing else. Sets stored, how many it has.
is_all_stored() {
	cat "$MEASURED/$1".* | grep -o '"time_total":[0-9.]*' | cut -d: -f2 | sort \
		>"$SERVERS_DIR/measured.values"
	stored_values time_total "$1" |
		awk '{ printf "%.6f\n", $1 }' | sort >"$SERVERS_DIR/stored.values"
	stored=$(wc -l <"$SERVERS_DIR/stored.values")
	cmp -s "$SERVERS_DIR/measured.values" "$SERVERS_DIR/stored.values"
}

# A new sample is seen after a moment, which is all that is waited for.
wait_until_stored() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		is_all_stored "$1" && return
		sleep 0.5
	done
	wrong="$wrong $1"
}

# The phases that make up the total, but for the queue, of which there is none here.
phases='dns handshake send wait transfer'

print_row() {
	for name in $phases; do
		stored_values "phase_$name" "$1" | sed "s/^/$name,/"
	done >"$SERVERS_DIR/row"
	stored_values time_total "$1" | sed 's/^/total,/' >>"$SERVERS_DIR/row"
	sort -t, -k 2g "$SERVERS_DIR/row" |
		awk -F, -v label="$1" -v stored="$2" -v names="$phases total" '
			{ sample[$1, ++count[$1]] = $2 }
			function median_ms(name,    n) {
				n = count[name]
				if (n == 0)
					return "-"
				return sprintf("%.2f", 500 * (sample[name, int((n + 1) / 2)] + sample[name, int(n / 2) + 1]))
			}
			END {
				printf "  %-9s %7d", label, stored
				last = split(names, name, " ")
				for (i = 1; i <= last; i++)
					printf " %9s", median_ms(name[i])
				print ""
			}'
}

print_table() {
	printf '\nWhat the database has of them now, medians in milliseconds:\n\n'
	printf '  %-9s %7s' label stored
	# shellcheck disable=SC2086 # words
	printf ' %9s' $phases total
	echo
	all_stored=0
	all=0
	wrong=
	for label in $protocols; do
		wait_until_stored "$label"
		print_row "$label" "$stored"
		all_stored=$((all_stored + stored))
		all=$((all + transfers))
	done
	echo
	[ -z "$wrong" ] || fail "what is stored is not what curl measured, $all_stored for $all transfers:$wrong"
	echo "All $all_stored of $all transfers are stored, each as curl measured it."
	echo 'handshake: from the address known to the connection ready; TCP and TLS, or QUIC.'
	if [ -n "$DEMO_LINK" ]; then
		echo 'It takes TCP and TLS two round trips and QUIC one, and each the work of the CPUs.'
	else
		echo "Here it is the CPU's work alone; over a network QUIC saves a round trip in it."
	fi
}

# What curl has measured, side by side: what `--summary` and `--report` show of any
# stream. A transfer's time is that of its file.
compare() {
	printf '\nAnd the protocols side by side (tsdb-exporter --summary):\n\n'
	find "$MEASURED" -type f -printf '{"ts":%T@,"curl":' -exec cat {} \; -printf '}\n' |
		env -u TSDB_EXPORTER_SPOOL "$BIN" -o file=/dev/null --label "run=Demo: $network" \
			--summary --report "$report" 2>"$SERVERS_DIR/summary" ||
		fail "no summary: $(cat "$SERVERS_DIR/summary")"
	sed -n '/^medians/,$p' "$SERVERS_DIR/summary"
	printf 'And as a page for a browser: %s\n\n' "$report"
}

# Traffic goes on, a transfer of each protocol a second, so that there is
# something to see.
keep_running() {
	cat <<-END
		It goes on with one transfer of each protocol a second. The database can be
		asked, as Grafana would:

		    curl $database_url/api/v1/query \\
		        -d 'query=quantile_over_time(0.5, phase_handshake[5m])'

		Your own transfers appear there, too:

		    curl -s -o /dev/null -w '%{json}' https://example.com/ |
		        $BIN --label mine -o $DEMO_OUTPUT

		Ctrl-C ends it and removes everything.
	END
	trap 'exit 0' INT TERM
	number=1
	while sleep 1; do
		for label in $protocols; do
			examples/demo/transfer.sh "$label.$number" || fail "a transfer over $label was not kept"
		done
		number=$((number % transfers + 1))
	done
}

[ -x "$BIN" ] || fail "there is no $BIN; run make"
if [ -z "${DEMO_LINK-}" ]; then
	fetch_programs
	begin_link
fi
echo 'TSDB Exporter: curl measures, a time-series database remembers.'
echo
servers_begin
start_servers
step database "$database on $database_url"
step 'web server' "Caddy on $CADDY_HTTPS_URL"
choose_curl
if [ -n "$DEMO_LINK" ]; then
	network="a round trip of $round_trip_ms ms to the web server"
else
	network="the loopback; there is no link ($WIRE_WHY_NOT)"
fi
step network "$network"
run_transfers
say_what_is_left_out
print_table
compare
if [ -n "${KEEP-}" ]; then
	keep_running
else
	echo 'To keep it running, and ask the database yourself: make demo KEEP=1'
fi
