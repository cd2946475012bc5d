#!/bin/sh
# What is refused as a whole is halved: until it fits, or until what is wrong
# stands alone, is named, and all the rest is stored.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# answered NAME STATUS: how many requests had that answer
answered() {
    awk -v status="$2" '$4 == status { n++ } END { print n + 0 }' "$WORK/$1/log" 2>/dev/null
}

# spoil LINE: makes that line of the input one that the servers below refuse
spoil() {
    sed -i "$1s/0\\.25/0.666/" "$WORK/in"
}

# --- too large ---
serve limit limit=30000
push_begin -b 5000 -i 100ms -o "influxdb=$url"
for round in 1 2 3 4 5; do
    before=$(answered limit 413)
    transfers 5000 $((round * 5000)) >&9
    wait_for stored_at_least limit $((round * 5000))
    ok $? "413: round $round is stored"
done
is "$(answered limit 413)" "$before" '413: by then the batches are as small as the server wants them'
push_end
is "$status" 0 '413: exit 0'
is "$err" '' '413: no reason for a word'
is "$(stored limit)" 25000 '413: everything is stored'
is "$(wc -l <"$WORK/limit/stored")" 25000 '413: and nothing twice'

# the answer comes before the body is read, and a reset behind it
transfers 10000 >"$WORK/in"
serve early '3*413 early' 204
push -b 10000 -o "influxdb=$url"
is "$status" 0 'early 413: exit 0'
is "$(stored early)" 10000 'early 413: everything is stored'
for number in 00001 00002 00003; do
    at_least $(($(header early $number Content-Length) * 6 / 10)) \
        "$(header early "$(printf %05d $((${number#0000} + 1)))" Content-Length)" \
        "early 413: request $number is understood, the next is half of it"
done

serve words '400 body=points batch is too large' '400 body=line exceeds limit' '400 body=too big' 204
push -b 10000 -o "influxdb=$url"
is "$status" 0 '400 about the size: exit 0'
is "$(stored words)" 10000 '400 about the size: everything is stored'

transfers 5 >"$WORK/in"
serve tiny 413
push -o "influxdb=$url"
is "$status" 69 'no size fits: exit 69'
is "$(requests tiny)" 9 'no size fits: 5, and their halves down to each alone'
like "$err" '5 read, 0 delivered, 5 lost$' 'no size fits: counts'
once 'HTTP 413' 'no size fits: why, once'

# --- all or nothing because of one line ---
transfers 10000 >"$WORK/in"
spoil 7777
for path in db write?db=db api/v2/write?bucket=db api/v3/write_lp?db=db; do
    name=one$(printf %s "$path" | tr -c a-z0-9 _)
    serve "$name" 'bad-line=value=0.666'
    push -b 10000 -o "influxdb=${url%/db}/$path"
    is "$status" 65 "one bad line, /$path: exit 65"
    is "$(stored "$name")" 9999 "one bad line, /$path: all others are stored"
    is "$(wc -l <"$WORK/$name/stored")" 9999 "one bad line, /$path: once"
    at_least 40 "$(requests "$name")" "one bad line, /$path: few requests"
    like "$err" 'refused .time_total value=0\.666 1500007776000000000.*cannot parse' \
        "one bad line, /$path: named, with the reason"
    like "$err" '10000 read, 9999 delivered, 1 refused by the database' "one bad line, /$path: counts"
    adds_up "one bad line, /$path: the counts add up"
done

# one line of a transfer that has many
transfers 100 >"$WORK/in"
spoil 50
serve lines 'bad-line=value=0.666'
push --fields '*' -o "influxdb=$url"
is "$status" 65 'one line of many a transfer: exit 65'
like "$err" '100 read, 99 delivered, 1 refused' 'one line of many a transfer: the transfer counts once'
is "$(sort "$WORK/lines/stored" | cut -d ' ' -f 1 | uniq -c | awk '{ print $1, $2 }')" \
    "$(printf '%s\n' '100 failed' '100 http_code' '99 time_total')" \
    'one line of many a transfer: its other lines are stored'

# first, last, neighbours, and several batches
transfers 1000 >"$WORK/in"
for line in 1 2 500 501 1000; do spoil "$line"; done
serve several 'bad-line=value=0.666'
push -b 400 -o "influxdb=$url"
is "$status" 65 'five bad lines: exit 65'
is "$(stored several)" 995 'five bad lines: all others are stored'
is "$(printf '%s\n' "$err" | grep -c "refused 'time_total value=0.666")" 5 'five bad lines: each is named'
like "$err" '1000 read, 995 delivered, 5 refused' 'five bad lines: counts'

# a database that refuses everything one by one is not asked for ever
transfers 5000 >"$WORK/in"
serve all 400
push -b 1250 -o "influxdb=$url"
is "$status" 69 'everything is refused: exit 69'
at_least 10 "$(requests all)" 'everything is refused: a bounded number of requests'
at_least 12 "$(printf '%s\n' "$err" | wc -l)" 'everything is refused: a few words about it'
like "$err" '5000 read, 0 delivered, 5000 lost$' 'everything is refused: counts'
adds_up 'everything is refused: the counts add up'

# while it is being halved, an outage changes nothing
transfers 1000 >"$WORK/in"
spoil 123
serve both '2*bad-line=value=0.666' 503 empty 'bad-line=value=0.666'
push -o "influxdb=$url"
is "$status" 65 'an outage in between: exit 65'
is "$(stored both)" 999 'an outage in between: all others are stored'
like "$err" '1000 read, 999 delivered, 1 refused by the database$' 'an outage in between: counts'
once 'refused .*: HTTP 400: cannot parse' 'an outage in between: the reason of the refusal'

# --- a transfer of many samples: 41 series, one of which has a name of its own ---
# wide N [BAD]: N transfers with 41 samples (one is `failed`); transfer BAD also has one called xqzj, instead
# of one of the others
wide() {
    awk -v n="$1" -v bad="${2-0}" 'BEGIN {
        for (i = 1; i <= n; i++) {
            printf "{\"ts\":%d,\"curl\":{\"curl_version\":\"x\"", 1500000000 + i
            for (k = 1; k <= 40; k++)
                printf ",\"%s\":%d", i == bad && k == 23 ? "xqzj" : "number_" k, k
            print "}}"
        }
    }'
}

# samples NAME: how many different ones are in the requests that were answered with 204
samples() {
    awk '$4 == 204 { print $1 }' "$WORK/$1/log" | while read -r number; do
        remote_write_text 1 "$1" "$number"
    done | awk '/^\{/ { series = $0; next } { print series, $0 }' | sort -u | wc -l
}

# wide_push NAME STEP...: the same to a server that does that
wide_push() {
    serve "$@"
    push --fields '*' -o "prometheus=${url%/db}"
}

wide 1 >"$WORK/in"
wide_push whole '400 body=out of order sample'
is "$status" 65 'a transfer refused whole: exit 65'
is "$(requests whole)" 3 'a transfer refused whole: 3 requests'
like "$err" '1 read, 0 delivered, 1 refused by the database$' 'a transfer refused whole: counts'
once "refused 'failed\{\} 1 @ 1500000001000' and 40 more of the same transfer: HTTP 400: out of order sample" \
    'a transfer refused whole: named, with the reason'

wide 1 1 >"$WORK/in"
wide_push sample bad-line=xqzj
is "$status" 65 'one bad sample of 41: exit 65'
at_least 14 "$(requests sample)" 'one bad sample of 41: few requests'
is "$(samples sample)" 40 'one bad sample of 41: the other 40 are stored'
like "$err" '1 read, 0 delivered, 1 refused by the database$' 'one bad sample of 41: the transfer counts as refused'
once "refused 'xqzj\{\} 23 @ 1500000001000': HTTP 400" 'one bad sample of 41: named'

wide 100 77 >"$WORK/in"
wide_push among 'bad-line=xqzj body=invalid label'
at_least 28 "$(requests among)" 'one bad sample of 4,100: few requests'
is "$(samples among)" 4099 'one bad sample of 4,100: all others are stored'
like "$err" '100 read, 99 delivered, 1 refused by the database$' 'one bad sample of 4,100: counts'
once "refused 'xqzj\{\} 23 @ 1500000077000'" 'one bad sample of 4,100: named'

# what is too large says nothing of its halves
wide 1 >"$WORK/in"
wide_push small '3*413' 204
is "$status $err" '0 ' 'one transfer that is too large: delivered'
is "$(samples small)" 41 'one transfer that is too large: all of it'
tap_done
