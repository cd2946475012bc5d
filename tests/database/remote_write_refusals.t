#!/bin/sh
# What real receivers of remote write refuse, in their own words, and what they
# take without storing it. TSDB_NEWEST=1: also Debian's newest.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/database.sh
. "$ROOT/tests/lib/database.sh"

PUSH_OPTIONS='--fields time_total --tag-field host'
now=$(date +%s)

# from HOST TIME [COUNT [SECONDS]]: so many transfers, so far apart
from() {
    awk -v host="$1" -v at="$2" -v n="${3-1}" -v step="${4-1}" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "{\"ts\":%.3f,\"curl\":{\"url\":\"http://%s/\",\"time_total\":0.25,\"curl_version\":\"x\"}}\n",
                   at + i * step, host
    }'
}

sent() {
    printf '%s\n' "$err" | grep -c sending
}

# One of 10,000 that cannot be stored: its series has a newer sample already.
poison() {
    fresh prometheus
    from bad "$now" >"$WORK/in"
    push -o "prometheus=$url"
    is "$status $err" '0 ' "$1: the newer sample"
    {
        from good $((now - 2600)) 7000 0.25
        from bad $((now - 2000))
        from good $((now - 800)) 2999 0.25
    } >"$WORK/in"
    push -v -b 10000 --remote-write "$2" -o "prometheus=$url"
    is "$status" 65 "$1: exit 65"
    is "$(counts 'time_total{host="good"}' "$now")" 9999 "$1: all others are stored"
    is "$(counts 'time_total{host="bad"}' "$now")" 1 "$1: it is not"
    like "$err" 'HTTP 400: .*out of order' "$1: the words of the database"
    like "$err" 'share a --spool' "$1: what helps"
    adds_up "$1: the counts add up"
}

one_of_many() {
    title="one bad sample of 10,000 ($suite)"
    poison "$title" 1
    at_least 39 "$(sent)" "$title: few requests"
    echo "# $(sent) requests"
    like "$err" "refused 'time_total\{host=\"bad\"\} 0.25 @ $((now - 2000))000': HTTP 400: .*out of order" \
        "$title: named, with the reason"
    like "$err" '10000 read, 9999 delivered, 1 refused by the database' "$title: counts"
    # in 2.0 the good ones are stored, if the receiver speaks it
    poison "$title, 2.0" 2
    if printf '%s\n' "$err" | grep -q 'older form'; then
        like "$err" '10000 read, 9999 delivered, 1 refused by the database' "$title, 2.0: in 1.0"
    else
        is "$(sent)" 1 "$title, 2.0: one request"
        like "$err" '9999 of 10000 samples' "$title, 2.0: the difference"
        like "$err" '10000 read, 0 delivered, 10000 possibly incomplete' "$title, 2.0: counts"
    fi

    # two hours behind the newest is too old to be stored, in whatever words
    fresh prometheus
    from good "$now" >"$WORK/in"
    push -o "prometheus=$url"
    from other $((now - 7200)) >"$WORK/in"
    push --retry-max-time 1 -o "prometheus=$url"
    unlike "$status" '^0$' "too old ($suite): no success"
    like "$err" 'HTTP [45]00: .*(out of bounds|too old)' "too old ($suite): the words of the database"
}

# wide HOST TIME: one transfer of 41 samples
wide() {
    printf '{"ts":%s,"curl":{"url":"http://%s/","time_total":0.25,"curl_version":"x"' "$2" "$1"
    seq 39 | awk '{ printf ",\"number_%d\":%d", $1, $1 }'
    echo '}}'
}

# A transfer that is refused whole is not taken to pieces; of one with a bad sample, the
# others are stored.
one_transfer() {
    title="one transfer ($suite)"
    fresh prometheus
    wide whole "$now" >"$WORK/in"
    push --fields '*' -o "prometheus=$url"
    is "$status $err" '0 ' "$title: stored"
    all=$(prometheus_values 'count({host="whole"})')
    is "$all" 41 "$title: it has 41 samples"
    wide whole $((now - 60)) >"$WORK/in"
    push -v --fields '*' -o "prometheus=$url"
    is "$status $(sent)" '65 3' "$title, out of order: refused with 3 requests"
    like "$err" '1 read, 0 delivered, 1 refused by the database' "$title, out of order: counts"
    once 'out of order sample' "$title, out of order: why, once"
    from bad "$now" >"$WORK/in"
    push -o "prometheus=$url"
    wide bad $((now - 60)) >"$WORK/in"
    push -v --fields '*' -o "prometheus=$url"
    is "$status" 65 "$title, one bad sample: exit 65"
    at_least 14 "$(sent)" "$title, one bad sample: few requests"
    echo "# $(sent) requests"
    is "$(prometheus_values 'count({host="bad"})')" "$all" "$title, one bad sample: all others are stored"
    like "$err" "refused 'time_total\{host=\"bad\"\} 0.25 @ $((now - 60))000': HTTP 400: .*out of order" \
        "$title, one bad sample: named"
}

prometheus_major() {
    "$("$SERVERS_LIB/fetch.sh" ${SERVERS_SUITE:+--suite "$SERVERS_SUITE"} prometheus)" --version 2>&1 |
        sed -n '1s/.*version \([0-9]*\).*/\1/p'
}

# What version goes to whom: 1.0 to those that say nothing of what they have
# written, and all of it is stored.
versions() {
    for server in prometheus victoria_metrics; do
        title="2.0 to $server ($suite)"
        fresh "$server"
        from good $((now - 2600)) 3000 0.5 >"$WORK/in"
        push -v -b 1000 --remote-write 2 -o "prometheus=$url"
        is "$status" 0 "$title: exit 0"
        is "$(counts 'time_total' "$now")" 3000 "$title: stored"
        case $(printf '%s\n' "$err" | grep -c 'older form') in
        0) is "$(sent)" 3 "$title: a request a batch" ;;
        *) is "$(sent)" 4 "$title: the first batch twice, in 1.0 from then on" ;;
        esac
        knows_2=$(printf '%s\n' "$err" | grep -c 'older form')
        case $server:$(prometheus_major) in
        prometheus:2) is "$knows_2" 1 "$title: Prometheus 2 does not know it" ;;
        prometheus:*) is "$knows_2" 0 "$title: Prometheus 3 does" ;;
        esac
    done
}

each_suite one_of_many
each_suite one_transfer
each_suite versions
tap_done
