#!/bin/sh
# Whose transfers they are: what tells two users of one database apart gives each a queue of
# its own, and never stands in it.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

serve db 204
at=${url#http://}
mkdir "$WORK/home-a" "$WORK/home-b" "$WORK/certs-a" "$WORK/certs-b"

# as WORD...: one transfer with these variables, and the program with these options
as() {
    status=0
    object | env "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
    err=$(cat "$WORK/err")
}
queues() {
    find "$SPOOL" -mindepth 1 -maxdepth 1 -type d | wc -l
}

# two NUMBER WHAT A B: transfers with A and with B, each VARIABLES -- OPTIONS, are in so many queues
two() {
    SPOOL=$WORK/spool-two
    rm -rf "$SPOOL"
    title=$2
    for words in "$3" "$4"; do
        # shellcheck disable=SC2086 # lists
        as FAULT=fork=EIO ${words%% -- *} "$BIN_FAULTS" --spool "$SPOOL" --fields time_total ${words#* -- }
        is "$status" 0 "$title: written"
    done
    is "$(queues)" "$1" "$title: queues"
    is "$(grep -rlE 's3cr3t|tenant-[ab]' "$SPOOL")" '' "$title: neither users nor secrets stand in the spool"
}
O="-o influxdb=$url"
P="-o prometheus=http://$at"
two 2 'two users in the URL' "A=1 -- -o influxdb=http://tenant-a:s3cr3t@$at" "A=1 -- -o influxdb=http://tenant-b:s3cr3t@$at"
two 1 'a changed password in the URL' "A=1 -- -o influxdb=http://tenant-a:s3cr3t1@$at" \
    "A=1 -- -o influxdb=http://tenant-a:s3cr3t2@$at"
two 2 'a user and none' "A=1 -- -o influxdb=http://tenant-a:s3cr3t@$at" "A=1 -- $O"
two 2 'tokens without a user in the URL' "A=1 -- -o influxdb=http://:s3cr3t1@$at" "A=1 -- -o influxdb=http://:s3cr3t2@$at"
two 2 'remote write, two users' "A=1 -- -o prometheus=http://tenant-a:s3cr3t@${at%/db}" \
    "A=1 -- -o prometheus=http://tenant-b:s3cr3t@${at%/db}"
two 2 'INFLUX_TOKEN' "INFLUX_TOKEN=s3cr3t1 -- $O" "INFLUX_TOKEN=s3cr3t2 -- $O"
two 2 'INFLUX_USERNAME' "INFLUX_USERNAME=tenant-a INFLUX_PASSWORD=s3cr3t -- $O" \
    "INFLUX_USERNAME=tenant-b INFLUX_PASSWORD=s3cr3t -- $O"
two 1 'INFLUX_PASSWORD, changed' "INFLUX_USERNAME=tenant-a INFLUX_PASSWORD=s3cr3t1 -- $O" \
    "INFLUX_USERNAME=tenant-a INFLUX_PASSWORD=s3cr3t2 -- $O"
two 1 'a user in the URL or the environment' "A=1 -- -o influxdb=http://tenant-a:s3cr3t@$at" \
    "INFLUX_USERNAME=tenant-a INFLUX_PASSWORD=s3cr3t -- $O"
two 1 'INFLUX_TOKEN is not for remote write' "INFLUX_TOKEN=s3cr3t1 -- $P" "INFLUX_TOKEN=s3cr3t2 -- $P"
w="http://${at%/db}/write?db=db"
two 2 '?u=' "A=1 -- -o influxdb=$w&u=tenant-a&p=s3cr3t" "A=1 -- -o influxdb=$w&u=tenant-b&p=s3cr3t"
two 1 '?p= of the same user' "A=1 -- -o influxdb=$w&u=tenant-a&p=s3cr3t1" "A=1 -- -o influxdb=$w&u=tenant-a&p=s3cr3t2"
two 2 '?p= without a user' "A=1 -- -o influxdb=$w&p=s3cr3t1" "A=1 -- -o influxdb=$w&p=s3cr3t2"
two 2 '?token=' "A=1 -- -o influxdb=$w&token=s3cr3t1" "A=1 -- -o influxdb=$w&token=s3cr3t2"
two 2 '?authKey=' "A=1 -- -o influxdb=$w&authKey=s3cr3t1" "A=1 -- -o influxdb=$w&authKey=s3cr3t2"
two 2 -H "A=1 -- $P -H X-Scope-OrgID:tenant-a" "A=1 -- $P -H X-Scope-OrgID:tenant-b"
two 2 '-H Authorization' "A=1 -- $P -H Authorization:s3cr3t1" "A=1 -- $P -H Authorization:s3cr3t2"
two 2 '-H authorization' "A=1 -- $P -H authorization:s3cr3t1" "A=1 -- $P -H authorization:s3cr3t2"
two 2 '-H Cookie' "A=1 -- $P -H Cookie:s3cr3t1" "A=1 -- $P -H Cookie:s3cr3t2"
two 2 --cert "A=1 -- $P --cert $WORK/certs-a/c.pem" "A=1 -- $P --cert $WORK/certs-b/c.pem"
two 2 '--netrc of two homes' "HOME=$WORK/home-a -- $P --netrc" "HOME=$WORK/home-b -- $P --netrc"
two 1 'two homes without --netrc' "HOME=$WORK/home-a -- $P" "HOME=$WORK/home-b -- $P"

# basic WORDS: the value of such a header
basic() {
    printf %s "$1" | base64
}
SPOOL=$WORK/spool-basic
for login in tenant-a:s3cr3t1 tenant-a:s3cr3t2 tenant-b:s3cr3t1; do
    as FAULT=fork=EIO "$BIN_FAULTS" --spool "$SPOOL" -o "${P#-o }" -H "Authorization: Basic $(basic $login)"
done
is "$(queues)" 2 'Basic in a header: the user counts, the password does not'
SPOOL=$WORK/spool-relative
for directory in certs-a certs-b certs-b; do
    (cd "$WORK/$directory" && as FAULT=fork=EIO "$BIN_FAULTS" --spool "$SPOOL" -o "${P#-o }" --cert c.pem)
done
is "$(queues)" 2 '--cert of two directories'

# --- each is sent as whose it is ---
serve_stop db
serve both 204
at=${url#http://}
SPOOL=$WORK/spool-both
for tenant in a b a b; do
    TO=influxdb=http://tenant-$tenant:k$tenant@$at
    put "$tenant"
done
for tenant in a b; do
    TO=influxdb=http://tenant-$tenant:new-k$tenant@$at
    drain
    is "$status" 0 "tenant-$tenant: sent, after the password has changed"
    is "$(header both "0000$(requests both)" Authorization)" "Basic $(basic "tenant-$tenant:new-k$tenant")" \
        "tenant-$tenant: with that"
    is "$(sed -n 's/.*id=\([ab]\) .*/\1/p' "$WORK/both/0000$(requests both).body" | paste -sd ' ' -)" "$tenant $tenant" \
        "tenant-$tenant: and nobody else's"
done

# a changed token is told: the queue waits under the old one
SPOOL=$WORK/spool-token
TO=influxdb=$url
export INFLUX_TOKEN=s3cr3t1
put x
queue
waits=$QUEUE
export INFLUX_TOKEN=s3cr3t2
drain
like "$err" '1 transfers? waits? in this spool for other outputs' 'another token: --drain tells what waits'
like "$("$BIN" --spool "$SPOOL" --spool-status)" "queue $(basename "$waits")\)" 'and --spool-status the queue'
export INFLUX_TOKEN=s3cr3t1
drain
is "$status" 0 'and with the old token it is sent'
unset INFLUX_TOKEN

# --- queues of the first versions had names without the user ---
# old_name TEXT: the name that such a text gave (FNV-1a)
old_name() {
    printf '%s\n' "$1" | python3 -c '
import sys
h = 0xcbf29ce484222325
for byte in sys.stdin.buffer.read():
    h = (h ^ byte) * 0x100000001b3 % 2**64
print(f"{h:016x}")'
}
for user in '' tenant-a:ka@; do
    SPOOL=$WORK/spool-old$user
    TO=influxdb=http://$user$at
    put old
    queue
    mv "$QUEUE" "$SPOOL/$(old_name "influxdb http://${at%/db}/write?db=db&precision=ns
metric

time_total
0")"
    put new
    is "$(queues)" 1 "an old queue, user '$user': it is found"
    drain
    like "$err" '2 delivered|^$' "an old queue, user '$user': drained"
    is "$(grep -c -e id=old -e id=new "$WORK/both/0000$(requests both).body")" 2 "an old queue, user '$user': both are sent"
done
# --- layouts, and queues of older versions ---
# named OPTION...: the queue that these options drain
named() {
    SPOOL=$WORK/spool-named
    rm -rf "$SPOOL"
    "$BIN_FAULTS" --spool "$SPOOL" "$@" --drain </dev/null >/dev/null 2>&1
    ls "$SPOOL"
}
I=influxdb=http://127.0.0.1:1/a
is "$(named -o $I)" a7897a2bd3b333f0 'a queue keeps the name that it has had'
is "$(named -o $I --layout wide --fields 'time_*')" 2c934ba8648b420b 'with a layout and fields too'
is "$(named -o $I --layout k6 --text)" 437a4f735abc5482 'and with texts'
is "$(named -o influxdb/wide=${I#*=} --fields 'time_*')" 2c934ba8648b420b 'TYPE/LAYOUT is --layout for one output'
is "$(named -o influxdb/wide=${I#*=} -o influxdb/wide=http://127.0.0.1:2/b)" \
    "$(named -o $I -o influxdb=http://127.0.0.1:2/b --layout wide)" 'and for several with the same'
M=prometheus=http://127.0.0.1:2
is "$({ named -o $I -o $M; named -o influxdb/wide=${I#*=} -o $M; named -o $I -o "prometheus/totals=${M#*=}"; } |
    sort -u | wc -l)" 3 'outputs whose layouts differ have queues of their own'
tap_done
