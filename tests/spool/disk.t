#!/bin/sh
# A spool that cannot take what it is given: a full disk, a disk that fails, a limit
# that is reached, and directories that are not fit to be trusted.

# A file system of this test's own, where that may be mounted: it goes with its namespace.
if [ -z "${SPOOL_NAMESPACE-}" ] && unshare -m true 2>/dev/null; then
    SPOOL_NAMESPACE=own exec unshare -m "$0"
fi
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"
# shellcheck source=tests/lib/spool.sh
. "$ROOT/tests/lib/spool.sh"

serve db 204
TO=influxdb=$url
here=$TO

spool_run_with_faults() {
    spool_faults=$FAULTS
    spool_run "$@" </dev/null
}

# refused WHAT MESSAGE: the last put was, and said so
refused() {
    is "$status" 73 "$1: exit 73"
    like "$err" "$2" "$1: said"
}

# --- what fails for a moment: nothing is promised, and nothing is in the way after it ---
put first
for fault in write=ENOSPC write=EIO write-half=short,write-rest=ENOSPC write-half=short,write-rest=EIO \
    head-write=ENOSPC head-write=EIO head-read=EIO segment=ENOSPC segment=EACCES cut=EIO lock=EIO \
    open=EACCES directory=EACCES signals=EIO; do
    with "$fault" put "failed-$fault"
    case $fault in
    *ENOSPC) why='No space left on device' ;;
    *EACCES) why='Permission denied' ;;
    *) why='Input/output error' ;;
    esac
    refused "$fault" "^tsdb-exporter: .*$WORK/spool.*: .*$why"
    put "after-$(echo "$fault" | tr '=,' '--')"
    is "$status" 0 "$fault, over: the next one is taken"
    unlike "$err" 'unfinished line' "$fault, over: nothing was left torn"
done
drain
is "$status $err" '0 ' 'what fails for a moment: the rest is delivered'
is "$(grep -c 'failed-' "$WORK/db/stored")" 0 'what fails for a moment: nothing is stored of what was refused'
promised db 'what fails for a moment'

# --- what fails before anything is read ---
with signals=EIO drain
refused 'no pipe for signals' "^tsdb-exporter: --spool $WORK/spool: cannot make a pipe: Input/output error\$"
with directory=EACCES drain
refused '--drain of a spool that cannot be used' "^tsdb-exporter: --spool $WORK/spool: cannot make it: Permission denied\$"
rm -f "$FAULT_LOG"
object | FAULT=signals=EIO "$BIN_FAULTS" -o "file=$WORK/nothing" 2>"$WORK/err"
is $? 69 'no pipe for signals, without a spool: exit 69'
is "$(cat "$WORK/err" "$FAULT_LOG")" 'tsdb-exporter: cannot make a pipe: Input/output error; nothing was read
signals' 'no pipe for signals, without a spool: said'
is "$(cat "$WORK/nothing")" '' 'no pipe for signals, without a spool: nothing is delivered'
rm -f "$FAULT_LOG"
object | FAULT=input-read@2=EIO "$BIN_FAULTS" -o "file=$WORK/half" 2>"$WORK/err"
is $? 69 'an input that fails: exit 69, since what came then is lost'
is "$(cat "$WORK/err" "$FAULT_LOG")" 'tsdb-exporter: cannot read standard input: Input/output error; transfers after this are lost
tsdb-exporter: 1 read, the rest could not be read, 1 delivered
input-read' 'an input that fails: said'
is "$(grep -c time_total "$WORK/half")" 1 'an input that fails: what came before is delivered'
rm -f "$FAULT_LOG"
object | FAULT=input-decode=ENOMEM "$BIN_FAULTS" -o "file=$WORK/nothing" 2>"$WORK/err"
is $? 69 'no memory for what has been read: exit 69'
is "$(cat "$WORK/err" "$FAULT_LOG")" 'tsdb-exporter: cannot read standard input: Cannot allocate memory; transfers after this are lost
tsdb-exporter: 0 read, the rest could not be read, 0 delivered
input-decode' 'no memory for what has been read: said, and not called empty'
with input-read=EIO spool_run_with_faults
is "$status" 69 'an input that fails, with a spool: exit 69'
with add=ENOMEM put no-memory
refused 'no memory for a transfer' '1 read, 0 in the spool, 1 lost \(.*: out of memory, or a transfer of more than 2 MiB\)'
queue
cp "$QUEUE/lock" "$WORK/lock"
: >"$QUEUE/lock"
with list=EIO put not-listed
refused 'a head that cannot be made again' 'cannot list it: Input/output error'
cp "$WORK/lock" "$QUEUE/lock"
with list=EIO spool_run_with_faults --spool-status
refused '--spool-status that cannot list' "^tsdb-exporter: --spool $WORK/spool: cannot list it: Input/output error\$"

for fault in destinations=ENOSPC destinations=EIO replace=EACCES; do # only when a queue is made
    SPOOL=$WORK/new-${fault#*=}
    with "$fault" put failed
    refused "$fault" 'No space left on device|Input/output error|Permission denied'
    is "$(find "$SPOOL" -type f)" '' "$fault: nothing is left"
    put "after-${fault#*=}"
    is "$status" 0 "$fault, over: the next one is taken"
    drain
done
promised db 'destinations'

SPOOL=$WORK/sync
put fsync --fsync
is "$status $(printf '%s\n' "$err" | grep -vc 'cannot start the background sender')" '0 0' '--fsync: taken'
with sync=EIO put not-safe --fsync
refused '--fsync on a disk that fails' 'cannot bring it to the disk: Input/output error'
with sync=kill put killed --fsync
is "$status" 137 '--fsync: killed before it'
put last --fsync
drain
is "$status $err" '0 ' '--fsync: delivered'
promised db '--fsync'

# Several at once, of which some have room: those are promised, and counted.
SPOOL=$WORK/some
transfers 2000 >"$WORK/in"
with write@2=ENOSPC put_bulk
is "$status" 73 'room for some: exit 73'
taken=$(printf '%s\n' "$err" | sed -n 's/.* 2000 read, \([0-9]*\) in the spool, .*/\1/p')
like "$err" "2000 read, $taken in the spool, $((2000 - ${taken:-0})) lost \(.*No space left" 'room for some: counted'
drain
is "$(grep -c '^time_total,id=bulk ' "$WORK/db/stored")" "$taken" 'room for some: those are delivered'

# --- a limit that is reached ---
SPOOL=$WORK/spool-limit
serve limit 204
TO=influxdb=$url
transfers 70000 >"$WORK/in"
put_bulk -q --spool-max 4M
is "$status" 73 '--spool-max: exit 73'
taken=$(printf '%s\n' "$err" | sed -n 's/.* 70000 read, \([0-9]*\) in the spool, .*/\1/p')
like "$err" "lost \(.*it is full \(--spool-max is 4 MiB\): the database must take what waits first; see --spool-status" \
    '--spool-max: said'
at_least "${taken:-0}" 50000 '--spool-max: what there was room for is taken'
transfers 2000 >"$WORK/in"
put_bulk -q --spool-max 4M # a commit is larger than a transfer: there may be room for some
at_least "$(cat "$SPOOL"/*/*.lp | wc -c)" 4000000 '--spool-max: as much as was allowed'
is "$(cat "$SPOOL"/*/*.lp | wc -c | awk '{ print ($1 <= 4.3 * 1048576) }')" 1 '--spool-max: and not much more'
waiting=$(cat "$SPOOL"/*/*.lp | grep -vc '^#')
drain
is "$status $err" '0 ' '--spool-max: what was taken is delivered'
is "$(wc -l <"$WORK/limit/stored")" "$waiting" '--spool-max: all of it'
put room --spool-max 4M
is "$status" 0 '--spool-max: then there is room again'
drain
promised limit '--spool-max'
TO=$here

# --- a disk that the spool itself has filled ---
mkdir -m 700 "$WORK/full"
if [ -n "${SPOOL_NAMESPACE-}" ] && mount -t tmpfs -o size=128k,mode=700 none "$WORK/full" 2>/dev/null; then
    SPOOL=$WORK/full
    serve disk 204
    TO=influxdb=$url
    transfers 3000 >"$WORK/in"
    put_bulk -q
    refused 'a full disk' 'No space left on device'
    taken=$(printf '%s\n' "$err" | sed -n 's/.* 3000 read, \([0-9]*\) in the spool, .*/\1/p')
    at_least "${taken:-0}" 100 'a full disk: what there was room for is taken'
    drain -b 100
    is "$status $err" '0 ' 'a full disk: what is there is delivered'
    is "$(stored disk)" "$taken" 'a full disk: all of it'
    put room
    is "$status" 0 'a full disk: then there is room again'
    drain
    is "$status $err" '0 ' 'a full disk: and all goes on'
    promised disk 'a full disk'
    umount "$WORK/full"
    TO=$here
else
    echo '# no file system may be mounted here: the full disk is only a named fault'
fi

# --- directories ---
SPOOL=$WORK/no/such
put x
refused 'a missing parent' "--spool $WORK/no/such: cannot make it: No such file or directory; nothing was read"
SPOOL=$WORK/file
echo kept >"$SPOOL"
put x
refused 'a file in its place' 'it is not a directory, or it is a symbolic link, which is not followed'
is "$(cat "$SPOOL")" kept 'a file in its place: it is as it was'
mkdir -m 700 "$WORK/real"
ln -s real "$WORK/link"
for SPOOL in "$WORK/link" "$WORK/link/"; do
    put x
    refused "a symbolic link: ${SPOOL#"$WORK/"}" 'it is not a directory, or it is a symbolic link, which is not followed'
done
is "$(ls "$WORK/real")" '' 'a symbolic link: nothing is made behind it'
SPOOL=$WORK/open
for mode in 770 702 1777; do
    mkdir -p "$SPOOL"
    chmod "$mode" "$SPOOL"
    put x
    refused "a directory of mode $mode" 'others may write to it: use chmod go-w, or another directory'
    is "$(ls "$SPOOL")" '' "a directory of mode $mode: nothing is made in it"
done
chmod 755 "$SPOOL"
put fit
is "$status" 0 'a directory that others may read: taken'
is "$(find "$SPOOL" -mindepth 1 -perm /077)" '' 'but what is in it they may not'
drain
promised db 'a directory that others may read'
(
    umask 0
    SPOOL=$WORK/umask
    put x
)
is "$(find "$WORK/umask" -perm /077)" '' 'without a umask: for the owner only'
queue
for name in lock 0000000001.lp 0.cursor 0.drainer destinations; do
    SPOOL=$WORK/linked-$name
    put "linked-$name"
    queue
    rm -f "$QUEUE/$name"
    echo kept >"$WORK/outside"
    ln -s "$WORK/outside" "$QUEUE/$name"
    put x
    drain
    is "$(cat "$WORK/outside")" kept "$name is a symbolic link: what it leads to is as it was"
done
mv "$SPOOL" "$WORK/moved"
mkdir -m 700 "$SPOOL"
ln -s "$WORK/moved/$(basename "$QUEUE")" "$SPOOL/$(basename "$QUEUE")"
put x
refused 'a queue that is a symbolic link' 'symbolic link'

if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
    chmod 711 "$WORK"
    cp "$BIN_FAULTS" "$WORK/program" && chmod 755 "$WORK/program"
    as_nobody() {
        own=$BIN_FAULTS
        BIN_FAULTS=$WORK/as_nobody
        "$@"
        BIN_FAULTS=$own
    }
    printf '#!/bin/sh\nunset FAULT_LOG FAULT\nexec setpriv --reuid=65534 --clear-groups "%s" "$@"\n' "$WORK/program" >"$WORK/as_nobody"
    chmod 755 "$WORK/as_nobody"
    SPOOL=$WORK/nobodys
    mkdir -m 700 "$SPOOL" && chown 65534 "$SPOOL"
    put x
    refused "somebody else's directory" 'it belongs to another user \(65534, not 0\): use a directory of your own'
    is "$(ls "$SPOOL")" '' "somebody else's directory: nothing is made in it"
    spool_run --spool-status </dev/null
    is "$status" 73 "somebody else's directory: not even looked into"
    SPOOL=$WORK/roots
    mkdir -m 755 "$SPOOL"
    as_nobody put x
    refused "root's directory" 'it belongs to another user \(0, not 65534\): use a directory of your own'
    SPOOL=$WORK/read-only
    mkdir -m 500 "$SPOOL" && chown 65534 "$SPOOL"
    as_nobody put x
    refused 'a directory that may not be written to' "--spool $SPOOL: cannot make it: Permission denied"
    SPOOL=$WORK/read-only/below
    as_nobody put x
    refused 'one that may not be made' "--spool $SPOOL: cannot make it: Permission denied"
else
    echo '# not root: no other user to be'
fi
tap_done
