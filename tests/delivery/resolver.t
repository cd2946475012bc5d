#!/bin/sh
# A name server that never answers holds up nobody but the destination whose name it
# should know: not another destination, not a signal, not the end of the process.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# getaddrinfo() that sleeps for "dead.test" longer than this test may take
cat >"$WORK/resolver.c" <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result)
{
    int (*const real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(
            RTLD_NEXT, "getaddrinfo");
    if (node && strcmp(node, "dead.test") == 0)
        sleep(60);
    return real(node, service, hints, result);
}
END
if ! ${CC:-cc} -shared -fPIC -o "$WORK/resolver.so" "$WORK/resolver.c" -ldl; then
    echo '1..0 # SKIP no compiler'
    exit
fi
cat >"$WORK/preloaded" <<END
#!/bin/sh
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD='$WORK/resolver.so' exec '$BIN' "\$@"
END
chmod +x "$WORK/preloaded"
BIN=$WORK/preloaded
dead=http://dead.test:8086/db

# quick WHAT SECONDS COMMAND...
quick() {
    what=$1 limit=$2 begin=$(date +%s)
    shift 2
    "$@"
    took=$(($(date +%s) - begin))
    [ "$took" -le "$limit" ]
    ok $? "$what: in time"
    echo "# $took s of $limit s"
}

transfers 10 >"$WORK/in"
quick 'no answer from the name server' 5 push --timeout 2s --retry-max-time 0 -o "influxdb=$dead"
is "$status" 69 'no answer from the name server: exit 69'
like "$err" 'influxdb http://dead.test:8086/write: .*(timed out|timeout)' 'and what happened is told'

export http_proxy=http://dead.test:3128
quick 'a proxy with such a name' 5 push --timeout 2s --retry-max-time 0 -o 'influxdb=http://192.0.2.1/db'
unset http_proxy
is "$status" 69 'a proxy with such a name: exit 69'

quick 'tried again' 8 push --timeout 1s --retry-max-time 4s -o "influxdb=$dead"
is "$status" 69 'tried again: exit 69'

serve healthy 204
push_begin -i 10ms --timeout 2s --retry-max-time 3s -o "influxdb=$dead" -o "influxdb=$url"
for i in 0 1 2 3 4 5 6 7 8 9; do
    transfers 1 "$i" >&9
    sleep 0.3
done
all_stored() {
    [ "$(stored healthy)" -eq 10 ]
}
quick 'another destination' 2 wait_for all_stored
is "$(stored healthy)" 10 'another destination gets all its transfers meanwhile'
kill -TERM "$pid"
quick 'a signal' 6 push_wait
exec 9>&-
is "$status" 69 'a signal: exit 69, since one destination has lost all'

"$BIN" --timeout 2s --retry-max-time 2s -q --spool "$WORK/spool" -o "influxdb=$dead" <"$WORK/in"
drain() {
    status=0
    "$BIN" --timeout 2s --retry-max-time 2s --spool "$WORK/spool" -o "influxdb=$dead" --drain 2>"$WORK/err" || status=$?
}
quick '--drain' 12 drain
is "$status" 75 '--drain: exit 75, the transfers are kept'
tap_done
