# shellcheck shell=sh disable=SC2034 # url, status and err are for those who source it
# What the tests of delivery share: transfers that can be told apart afterwards,
# scripted servers (scripted_server.py), and one way to run the program. To be
# sourced behind tap.sh.
#
#   transfers N [FIRST]   N objects on stdout, their times a second apart from
#                         that of number FIRST (0) on
#   serve NAME STEP...    starts a scripted server; $url is its database, the
#                         record is in $WORK/NAME. Starting NAME again, after
#                         serve_stop, takes the same port
#   serve_stop NAME       ends it
#   push OPTION...        runs the program on $WORK/in; $status is its exit code,
#                         $err what it said. Of $PUSH_OPTIONS, which stand first,
#                         comes that a transfer is one line of protocol
#   push_begin OPTION...  the same in the background, reading from what is written
#                         to descriptor 9; $pid is its process
#   push_end              closes 9 and waits; sets $status and $err
#   requests NAME         how many requests came
#   stored NAME           how many different lines are stored
#   remote_write_text VERSION NAME NUMBER   a request's body as text, see
#                         remote_write.py; false if the protocol forbids it
#   wait_for COMMAND...   until it succeeds; after 20 s it is said and false

PUSH_OPTIONS='--fields time_total'
SERVE_OPTIONS=''
SERVE_PIDS=''
trap 'delivery_end' EXIT

delivery_end() {
    # shellcheck disable=SC2086 # a list
    kill $SERVE_PIDS ${pid-} 2>/dev/null
    rm -rf "$WORK"
}

wait_for() {
    wait_tries=600
    until "$@" >/dev/null 2>&1; do
        wait_tries=$((wait_tries - 1))
        if [ "$wait_tries" -eq 0 ]; then
            echo "# gave up waiting for: $*"
            return 1
        fi
        sleep 0.1
    done
}

transfers() {
    awk -v n="$1" -v first="${2-0}" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "{\"ts\":%d,\"curl\":{\"http_code\":200,\"time_total\":0.25,\"curl_version\":\"x\"}}\n",
                   1500000000 + first + i
    }'
}

# SERVE_OPTIONS: options of the server
serve() {
    serve_name=$1
    shift
    # the port file of a server before tells where, but not that it listens
    mkdir -p "$WORK/$serve_name"
    # shellcheck disable=SC2086 # a list
    python3 "$ROOT/tests/lib/scripted_server.py" $SERVE_OPTIONS "$WORK/$serve_name" "$@" \
        2>"$WORK/$serve_name/errors" 9>&- &
    echo $! >"$WORK/$serve_name/pid"
    SERVE_PIDS="$SERVE_PIDS $!"
    wait_for serve_listens "$serve_name" || cat "$WORK/$serve_name/errors"
    url="http://127.0.0.1:$(cat "$WORK/$serve_name/port")/db"
}

serve_listens() {
    [ -s "$WORK/$1/port" ] &&
        grep -q ":$(printf %04X "$(cat "$WORK/$1/port")") 00000000:0000 0A" /proc/net/tcp
}

serve_stop() {
    kill "$(cat "$WORK/$1/pid")"
    wait "$(cat "$WORK/$1/pid")" 2>/dev/null
}

push() {
    status=0
    # shellcheck disable=SC2086 # a list
    "$BIN" $PUSH_OPTIONS "$@" <"$WORK/in" >"$WORK/out" 2>"$WORK/err" || status=$?
    err=$(cat "$WORK/err")
}

push_begin() {
    rm -f "$WORK/fifo"
    mkfifo "$WORK/fifo"
    # shellcheck disable=SC2086 # a list
    "$BIN" $PUSH_OPTIONS "$@" <"$WORK/fifo" >"$WORK/out" 2>"$WORK/err" &
    pid=$!
    exec 9>"$WORK/fifo"
}

push_end() {
    exec 9>&-
    push_wait
}

push_wait() {
    status=0
    wait "$pid" || status=$?
    pid=
    err=$(cat "$WORK/err")
}

requests() {
    find "$WORK/$1" -name '*.head' | wc -l
}

stored() {
    { [ ! -e "$WORK/$1/stored" ] || sort -u "$WORK/$1/stored"; } | wc -l
}

remote_write_text() {
    python3 "$ROOT/tests/lib/remote_write.py" "$1" "$WORK/$2/$3.body" 2>&1
}

stored_at_least() {
    [ "$(stored "$1")" -ge "$2" ]
}

requests_at_least() {
    [ "$(requests "$1")" -ge "$2" ]
}

# adds_up WHAT: in the counts that $err ends with, all that was read has become
# something, at every output.
adds_up() {
    printf '%s\n' "$err" | awk '
        function number(what) {
            return match($0, "[0-9]+ " what) ? substr($0, RSTART, RLENGTH) + 0 : 0
        }
        /^tsdb-exporter: [0-9]+ read/ { read = number("read"); unfit = number("refused \\(") }
        /[:,] [0-9]+ delivered/ {
            outputs++
            sum = unfit + number("delivered") + number("merged") + number("possibly incomplete")
            sum += number("refused by the database") + number("lost")
            wrong += sum != read
        }
        END { exit !outputs || wrong }'
    ok $? "$1"
}

# once PATTERN WHAT: a line of $err, and no other, matches
once() {
    is "$(printf '%s\n' "$err" | grep -cE -e "$1")" 1 "$2"
}

# seconds_between NAME A B: from the arrival of request A to that of B
seconds_between() {
    awk -v a="$2" -v b="$3" '$1 == a { from = $2 } $1 == b { to = $2 } END { print to - from }' \
        "$WORK/$1/log"
}

at_least() {
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'
    ok $? "$3 ($1 >= $2)"
}

# connections NAME: how many connections the requests came over
connections() {
    cut -d ' ' -f 3 "$WORK/$1/log" | sort -u | wc -l
}

# header NAME NUMBER FIELD: the values of a request's header, a line each
header() {
    sed -n "s/^$3: *\(.*\)$(printf '\r')\$/\1/Ip" "$WORK/$1/$2.head"
}

# request_line NAME NUMBER
request_line() {
    head -n 1 "$WORK/$1/$2.head" | tr -d '\r'
}
