#!/bin/sh
# What `make demo` shows: real curls over HTTP/1.1, 2 and 3, many at once, each
# piped into an exporter of its own; then what the database has of them, asked
# back from it. Web server and database are real, run on loopback ports, and are
# gone afterwards, with their data. Where the curl here has no HTTP/3, all of it is
# measured with Debian's newest curl, which is unpacked, not installed.
#
#     make demo              or, to go on and look around:  make demo KEEP=1
#     make demo DB=prometheus        Prometheus instead of VictoriaMetrics
#     make demo CURL=/path/to/another/curl
set -eu
export LC_ALL=C

transfers=120 # of each protocol
at_once=4

cd "$(dirname "$0")/../.."
export BIN="${BIN:-build/tsdb-exporter}"
# shellcheck source-path=SCRIPTDIR/../..
. tests/lib/servers.sh

step() { printf '  %-11s %s\n' "$1" "$2"; }

fail() {
	echo "demo: $*" >&2
	exit 1
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
	# shellcheck disable=SC2119 # it takes a snippet, of which there is none
	start_caddy || exit 1
	export MEASURED="$SERVERS_DIR/measured"
	mkdir "$MEASURED"
	export TSDB_EXPORTER_SPOOL="$SERVERS_DIR/spool"
}

# A curl, and the protocols that it can speak; the labels, too. One with HTTP/3, if
# there is none here and none to be had, is no reason not to show the rest.
choose_curl() {
	: "${CURL:=$(tests/lib/fetch.sh curl || command -v curl)}"
	export CURL
	features=$("$CURL" -q -V) || fail "there is no $CURL"
	protocols=http1.1
	case $features in *HTTP2*) protocols="$protocols http2" ;; esac
	case $features in *HTTP3*) protocols="$protocols http3" ;; esac
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
	cat <<-END
		handshake: from the address known to the connection ready; TCP and TLS, or QUIC.
		Here it is the CPU's work alone; over a network QUIC saves a round trip in it.
	END
}

# What curl has measured, side by side: what `--summary` shows of any stream. A
# transfer's time is that of its file.
compare() {
	printf '\nAnd the protocols side by side (tsdb-exporter --summary):\n\n'
	find "$MEASURED" -type f -printf '{"ts":%T@,"curl":' -exec cat {} \; -printf '}\n' |
		env -u TSDB_EXPORTER_SPOOL "$BIN" -o file=/dev/null --summary 2>&1 |
		sed -n '/^medians/,$p'
	echo
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
echo 'TSDB Exporter: curl measures, a time-series database remembers.'
echo
choose_curl
servers_begin
start_servers
step database "$database on $database_url"
step 'web server' "Caddy on $CADDY_HTTPS_URL"
step curl "$(echo "$features" | sed -n '1s/^curl \([^ ]*\).*/\1/p'), $CURL"
run_transfers
say_what_is_left_out
print_table
compare
if [ -n "${KEEP-}" ]; then
	keep_running
else
	echo 'To keep it running, and ask the database yourself: make demo KEEP=1'
fi
