# shellcheck shell=sh
# Real servers for the demo and the tests, to be sourced by an sh script.
# Each runs on free loopback ports with its data in one temporary directory.
# All of it is stopped and removed when the script ends, however it ends:
# by itself, by a signal, even by SIGKILL.
#
#     SERVERS_LIB=tests/lib; . "$SERVERS_LIB/servers.sh"
#     servers_begin                 sets SERVERS_DIR, and traps EXIT INT TERM
#     start_influxdb                INFLUXDB_URL
#     start_influxdb_auth           INFLUXDB_AUTH_URL, _USER, _PASSWORD
#     start_victoria_metrics [FLAG...]  VICTORIA_URL
#     start_prometheus [FLAG...]    PROMETHEUS_URL
#     start_caddy [SNIPPET]         CADDY_HTTP_URL, CADDY_HTTPS_URL, CADDY_CA
#     stop_server NAME [SIGNAL]     NAME as in start_NAME; then start_NAME goes
#                                   on with the same port and data
#     influx_query DB QUERY         its answer as CSV
#     victoria_export MATCH [FORMAT]    what is stored, as CSV
#     prometheus_query QUERY        its answer as JSON
#     prometheus_values QUERY       the numbers in it, a line each
#     wait_for_lines COUNT COMMAND...   until COMMAND prints that many
#
# SERVERS_SUITE=newest starts Debian's newest instead of what suits the machine.
#
# A script with a clean-up of its own calls servers_end in its EXIT trap.

: "${SERVERS_LIB:=tests/lib}"

# --- the temporary directory and its end ---------------------------------

servers_begin() {
	# Nobody's proxy stands before a loopback address.
	export no_proxy='127.0.0.1,localhost,::1' NO_PROXY='127.0.0.1,localhost,::1'
	SERVERS_DIR=$(mktemp -d "${TMPDIR:-/tmp}/tsdb-exporter.XXXXXX") || exit 1
	trap servers_end EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
	servers_watch
}

# Cleans up for a script that could not, because it was killed with SIGKILL.
# In a session of its own, since whole process groups are killed that way too.
servers_watch() {
	# shellcheck disable=SC2016 # expanded by the inner sh
	setsid sh -c '
		tail --pid="$1" -f /dev/null
		for pid_file in "$2"/*/pid; do kill -KILL "$(cat "$pid_file")"; done
		rm -rf "$2"' watch $$ "$SERVERS_DIR" >/dev/null 2>&1 </dev/null &
	servers_watcher=$!
}

# The data is thrown away, so there is nothing to stop gently.
servers_remove() {
	for server_pid_file in "$SERVERS_DIR"/*/pid; do
		[ -s "$server_pid_file" ] && kill -KILL "$(cat "$server_pid_file")"
	done
	# A killed server can still hold files open for a moment.
	rm -rf "$SERVERS_DIR" || { sleep 0.2 && rm -rf "$SERVERS_DIR"; }
} 2>/dev/null

servers_end() {
	trap - EXIT
	trap '' HUP INT PIPE TERM
	servers_remove || :
	kill -s KILL -- "-$servers_watcher" || kill -KILL "$servers_watcher" || :
	wait || :
} 2>/dev/null

# --- starting and stopping -----------------------------------------------

# pick_ports NAME: two ports that nobody has, neither in TCP nor in UDP, and that the
# kernel gives nobody: its own choice begins at 32768. Nor are they those of a server
# that another script is about to start, or has stopped and will start again: such
# names its first port in a file. Sets server_port and server_port_2.
pick_ports() {
	while :; do
		server_port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 6000 * 2))
		server_port_2=$((server_port + 1))
		echo "$server_port" >"$SERVERS_DIR/$1/picked"
		[ "$(cat "${SERVERS_DIR%/*}"/tsdb-exporter.*/*/picked 2>/dev/null | grep -cx "$server_port")" -eq 1 ] || continue
		grep -qsi "$(printf ':%04x \\|:%04x ' "$server_port" "$server_port_2")" \
			/proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 || return 0
	done
}

server_alive() {
	kill -0 "$(cat "$SERVERS_DIR/$1/pid")" 2>/dev/null
}

# Once: starts server NAME, which functions NAME_exec and NAME_ready describe,
# and waits until it answers. Fails when it exits, or after 30 s.
launch_server() {
	launch_name=$1
	shift
	("${launch_name}_exec" "$@") >>"$SERVERS_DIR/$launch_name/log" 2>&1 </dev/null &
	echo $! >"$SERVERS_DIR/$launch_name/pid"
	launch_tries=600
	while [ "$launch_tries" -gt 0 ] && server_alive "$launch_name"; do
		"${launch_name}_ready" >/dev/null 2>&1 && server_alive "$launch_name" && return 0
		sleep 0.05
		launch_tries=$((launch_tries - 1))
	done
	kill -KILL "$(cat "$SERVERS_DIR/$launch_name/pid")" 2>/dev/null
	return 1
}

# start_server NAME PROGRAM [ARGUMENT...]: on its old ports when it has some,
# else on free ones, and on others when somebody was quicker to take them.
start_server() {
	server_name=$1
	server_program=$("$SERVERS_LIB/fetch.sh" ${SERVERS_SUITE:+--suite "$SERVERS_SUITE"} "$2") ||
		return 1
	shift 2
	server_dir=$SERVERS_DIR/$server_name
	if [ -s "$server_dir/ports" ]; then
		read -r server_port server_port_2 <"$server_dir/ports"
		launch_server "$server_name" "$@" && return 0
	else
		mkdir -p "$server_dir"
		for _ in 1 2 3 4 5; do
			pick_ports "$server_name"
			if launch_server "$server_name" "$@"; then
				echo "$server_port $server_port_2" >"$server_dir/ports"
				return 0
			fi
			grep -q 'address already in use' "$server_dir/log" || break
		done
	fi
	echo "servers: $server_name does not start; the end of its log:" >&2
	tail -n 15 "$server_dir/log" >&2
	return 1
}

# stop_server NAME [SIGNAL]: returns when the process is gone.
stop_server() {
	stop_pid=$(cat "$SERVERS_DIR/$1/pid")
	kill -"${2-TERM}" "$stop_pid" || return 1
	wait "$stop_pid" 2>/dev/null || :
	while kill -0 "$stop_pid" 2>/dev/null; do sleep 0.05; done
	: >"$SERVERS_DIR/$1/pid"
}

# A curl that neither a user's .curlrc nor a proxy can change.
local_curl() {
	curl -q -sS --fail-with-body --noproxy '*' --max-time 60 "$@"
}

# VictoriaMetrics shows a new series only after a second: asks again until
# COMMAND prints COUNT lines, or 10 s have passed.
wait_for_lines() {
	wait_count=$1
	shift
	wait_tries=50
	until [ "$("$@" | wc -l)" -ge "$wait_count" ]; do
		wait_tries=$((wait_tries - 1))
		[ "$wait_tries" -gt 0 ] || return 1
		sleep 0.2
	done
}

# --- InfluxDB 1 ----------------------------------------------------------

start_influxdb() {
	start_server influxdb influxd false || return 1
	export INFLUXDB_URL="http://127.0.0.1:$server_port"
}

# With a password on it, so that it answers 401.
start_influxdb_auth() {
	start_server influxdb_auth influxd true || return 1
	export INFLUXDB_AUTH_URL="http://127.0.0.1:$server_port"
	export INFLUXDB_AUTH_USER=admin INFLUXDB_AUTH_PASSWORD=correct-horse
	[ ! -e "$server_dir/user" ] || return 0 # started before
	local_curl "$INFLUXDB_AUTH_URL/query" -o "$server_dir/user" --data-urlencode \
		"q=CREATE USER $INFLUXDB_AUTH_USER WITH PASSWORD '$INFLUXDB_AUTH_PASSWORD' WITH ALL PRIVILEGES"
}

influxdb_exec() {
	cat >"$server_dir/influxdb.conf" <<-END
		reporting-disabled = true
		bind-address = "127.0.0.1:0"    # for backups; unused
		[meta]
		  dir = "$server_dir/meta"
		[data]
		  dir = "$server_dir/data"
		  wal-dir = "$server_dir/wal"
		  query-log-enabled = false
		[monitor]
		  store-enabled = false
		[continuous_queries]
		  enabled = false
		[http]
		  bind-address = "127.0.0.1:$server_port"
		  auth-enabled = $1
		  log-enabled = false
	END
	exec "$server_program" -config "$server_dir/influxdb.conf"
}

influxdb_ready() {
	local_curl "http://127.0.0.1:$server_port/ping"
}

influxdb_auth_exec() { influxdb_exec "$@"; }
influxdb_auth_ready() { influxdb_ready; }

# influx_query DB QUERY [CURL_OPTION...]: the answer as CSV on stdout, times
# in ns. Against the server with the password:
#     influx_query DB QUERY --url "$INFLUXDB_AUTH_URL/query" -u user:password
influx_query() {
	influx_db=$1
	influx_q=$2
	shift 2
	[ $# -gt 0 ] || set -- --url "$INFLUXDB_URL/query"
	local_curl -H 'Accept: application/csv' "$@" --data epoch=ns \
		--data-urlencode "db=$influx_db" --data-urlencode "q=$influx_q"
}

# --- VictoriaMetrics -----------------------------------------------------

# Old times are taken, and new samples of a known series are seen at once.
start_victoria_metrics() {
	start_server victoria_metrics victoria-metrics "$@" || return 1
	export VICTORIA_URL="http://127.0.0.1:$server_port"
}

victoria_metrics_exec() {
	exec "$server_program" "-httpListenAddr=127.0.0.1:$server_port" \
		"-storageDataPath=$server_dir/data" -retentionPeriod=100y \
		-memory.allowedBytes=64MiB -search.latencyOffset=0s \
		-search.disableCache -loggerLevel=WARN "$@"
}

victoria_metrics_ready() {
	local_curl "http://127.0.0.1:$server_port/health"
}

# victoria_export MATCH [FORMAT]: every stored sample of the series that
# MATCH, {label="x"} for instance, matches, as CSV of the columns in FORMAT.
# Newer ones (1.145) put FORMAT above it, as a header, which is left out here.
victoria_export() {
	victoria_format=${2-__name__,label,__value__,__timestamp__:unix_ms}
	local_curl "$VICTORIA_URL/internal/force_flush" &&
		local_curl "$VICTORIA_URL/api/v1/export/csv" --data-urlencode "match[]=$1" \
			--data-urlencode "format=$victoria_format" |
		awk -v header="$victoria_format" '$0 != header'
}

# --- Prometheus ----------------------------------------------------------

# As a receiver only; it asks nobody for metrics.
start_prometheus() {
	start_server prometheus prometheus "$@" || return 1
	export PROMETHEUS_URL="http://127.0.0.1:$server_port"
}

prometheus_exec() {
	: >"$server_dir/prometheus.yml"
	exec "$server_program" --config.file="$server_dir/prometheus.yml" \
		--storage.tsdb.path="$server_dir/data" --storage.tsdb.retention.time=100y \
		--web.listen-address="127.0.0.1:$server_port" --web.enable-remote-write-receiver \
		--log.level=warn "$@"
}

prometheus_ready() {
	local_curl "http://127.0.0.1:$server_port/-/ready"
}

# prometheus_query QUERY [CURL_OPTION...]: the answer as JSON. NAME[1h] gives
# every sample of the last hour as it is stored. Against another database that
# speaks its language:
#     prometheus_query QUERY --url "$VICTORIA_URL/api/v1/query"
prometheus_query() {
	prometheus_q=$1
	shift
	[ $# -gt 0 ] || set -- --url "$PROMETHEUS_URL/api/v1/query"
	local_curl "$@" --data-urlencode "query=$prometheus_q"
}

prometheus_values() {
	prometheus_query "$@" | grep -o '\[[0-9.]*,"[^"]*"\]' | cut -d '"' -f 2
}

# --- Caddy ---------------------------------------------------------------

# HTTP/1.1 on CADDY_HTTP_URL; 1.1, 2 and 3 on CADDY_HTTPS_URL, whose host is
# localhost and whose root certificate is the file CADDY_CA. It serves /ok,
# a few bytes, and /big, 100,000; all else is 404. SNIPPET: a file with more
# lines for the Caddyfile's site. CADDY_BIND: one more address to listen on.
start_caddy() {
	start_server caddy caddy "$@" || return 1
	export CADDY_HTTP_URL="http://localhost:$server_port"
	export CADDY_HTTPS_URL="https://localhost:$server_port_2"
	export CADDY_CA="$server_dir/caddy/pki/authorities/local/root.crt"
}

caddy_exec() {
	mkdir -p "$server_dir/files"
	head -c 100000 /dev/zero | tr '\0' x >"$server_dir/files/big"
	cat >"$server_dir/Caddyfile" <<-END
		{
			admin off
			auto_https disable_redirects
			local_certs
			skip_install_trust
			http_port $server_port
			https_port $server_port_2
			log {
				level ERROR
			}
		}
		http://localhost:$server_port, https://localhost:$server_port_2 {
			bind 127.0.0.1 ${CADDY_BIND-}
			handle /ok {
				respond "ok"
			}
			handle /big {
				root * $server_dir/files
				file_server
			}
			${1:+import $1}
			handle {
				respond "not found" 404
			}
		}
	END
	# Its home is here, so that nothing in the user's is touched.
	export HOME="$server_dir" XDG_DATA_HOME="$server_dir" XDG_CONFIG_HOME="$server_dir"
	exec "$server_program" run --config "$server_dir/Caddyfile" --adapter caddyfile
}

caddy_ready() {
	local_curl -4 "http://localhost:$server_port/ok" &&
		local_curl -4 --cacert "$server_dir/caddy/pki/authorities/local/root.crt" \
			"https://localhost:$server_port_2/ok"
}
