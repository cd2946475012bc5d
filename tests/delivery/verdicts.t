#!/bin/sh
# What each answer of a database means: whether it is sent again, how the program
# ends, and that every transfer is counted as one thing.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

transfers 3 >"$WORK/in"

# answers STEPS EXIT REQUESTS END [WORDS]: the steps, '|' between them, lead to that exit
# code after so many requests, and to an end line that matches END; what matches WORDS
# is said once.
count=0
answers() {
    count=$((count + 1))
    name=answer$count
    steps=$1
    IFS='|'
    # shellcheck disable=SC2086 # split at |
    serve "$name" $steps
    unset IFS
    push -v --retry-max-time 5 -o "influxdb=$url"
    is "$status" "$2" "$steps: exit $2"
    is "$(requests "$name")" "$3" "$steps: requests"
    like "$err" "tsdb-exporter: 3 read, $4" "$steps: counts"
    [ $# -lt 5 ] || once "$5" "$steps: why, once"
    adds_up "$steps: the counts add up"
    serve_stop "$name"
}

# stored
answers '204' 0 1 '3 delivered$'
answers '200' 0 1 '3 delivered$'

# may be stored later: the same again
for again in 408 425 429 500 502 503 504 599 empty reset cut; do
    case $again in
    cut) step='200 cut body=half an answer' ;;
    *) step=$again ;;
    esac
    answers "$step|204" 0 2 '3 delivered$'
    is "$(stored "$name")" 3 "$again: all is stored in the end"
    cmp -s "$WORK/$name/00001.body" "$WORK/$name/00002.body"
    ok $? "$again: the second request is the same bytes"
done

# never will be
words='{"error":"in its own words"}'
answers "401 body=$words" 77 1 '0 delivered, 3 lost$' 'HTTP 401: .*in its own words'
answers "403 body=$words" 77 1 '0 delivered, 3 lost$' 'HTTP 403: .*in its own words'
answers "404 body=$words" 69 1 '0 delivered, 3 lost$' 'HTTP 404: .*in its own words'
answers "405 body=$words" 69 1 '0 delivered, 3 lost$' 'HTTP 405: .*in its own words'
answers "410 body=$words" 69 1 '0 delivered, 3 lost$' 'HTTP 410: .*in its own words'
answers "415 body=$words" 69 1 '0 delivered, 3 lost$' 'HTTP 415: .*in its own words'

# InfluxDB stores the good lines and says so; sending again would be of no use
answers 'partial' 65 1 '0 delivered, 3 possibly incomplete$' 'partial write: field type'
answers '422 body={"code":"unprocessable entity"}' 65 1 '0 delivered, 3 possibly incomplete$' \
    ': HTTP 422: .*unprocessable'
answers '400 header=X-Influxdb-Version:1.6.7 body=unable to parse' 65 1 \
    '0 delivered, 3 refused by the database$' ': HTTP 400: unable to parse'

# an answer that never ends is judged by its beginning
for pause in 0 0.1; do
    for step in "404 endless=$pause body=not here" "200 endless=$pause body=<html>a page" \
        "400 endless=$pause header=X-Influxdb-Version:1 body=unable to parse"; do
        case $pause$step in
        0.1200*) continue ;; # it may still end, and is tried again
        esac
        serve endless "$step"
        began=$(date +%s)
        push --timeout 2 --retry-max-time 20 -o "influxdb=$url"
        unlike "$status" '^0$' "$step: exit $status"
        is "$(requests endless)" 1 "$step: one request"
        like "$err" 'not here|a page|unable to parse' "$step: its words"
        at_least 5 $(($(date +%s) - began)) "$step: soon"
        serve_stop endless
        rm -r "$WORK/endless"
    done
done

# redirects are not followed: nobody said that the data may go there
serve elsewhere 204
for code in 301 302 303 307 308; do
    answers "$code location=$url" 69 1 '0 delivered, 3 lost$' 'redirect'
    like "$err" "HTTP $code" "$code: said"
done
is "$(requests elsewhere)" 0 'nothing went where the redirects lead'

# what lasts longer than --retry-max-time is lost, and said in the server's words
serve broken '500 body={"error":"retention policy not found"}'
push --retry-max-time 1 -o "influxdb=$url"
is "$status" 69 '500 for good: exit 69'
like "$err" '3 read, 0 delivered, 3 lost$' '500 for good: counts'
once 'HTTP 500: .*retention policy not found' '500 for good: its body, once'
push -q --retry-max-time 0 -o "influxdb=$url"
is "$(printf '%s\n' "$err" | wc -l)" 1 '500 for good, -q: one line'
like "$err" '3 read, 0 delivered, 3 lost \(.*HTTP 500: .*retention policy not found' \
    '500 for good, -q: its body is in that line'
at_least "$(requests broken)" 2 '500 for good: it was tried again'
adds_up '500 for good: the counts add up'

# a long run after a refusal: everything later is lost, without a request
serve denied 401
transfers 300 >"$WORK/in"
push -b 10 -o "influxdb=$url"
is "$status" 77 '401, many batches: exit 77'
is "$(requests denied)" 1 '401, many batches: one request'
like "$err" '300 read, 0 delivered, 300 lost' '401, many batches: counts'
is "$(printf '%s\n' "$err" | wc -l)" 2 '401, many batches: said once, counted once'

# the reason in the last line is that of the loss, not of a trouble that was overcome
serve mixed partial '503 body=only for a moment' 204
transfers 2 >"$WORK/in"
push -b 1 -o "influxdb=$url"
is "$status" 65 'partial, then 503, then 204: exit 65'
like "$err" '2 read, 1 delivered, 1 possibly incomplete$' 'partial, then 503, then 204: counts'
once 'partial write' 'partial, then 503, then 204: the reason is that of the partial write'
serve mixed2 partial '503 body=only for a moment' 204
push -q -b 1 -o "influxdb=$url"
like "$err" '2 read, 1 delivered, 1 possibly incomplete \(.*partial write' \
    'partial, then 503, then 204, -q: the reason is that of the partial write'
tap_done
