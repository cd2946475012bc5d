#!/bin/sh
# Wrong usage, as the whole program answers it: exit code 64, one line that says
# what is wrong, nothing on standard output, and nothing done. What each option
# takes is tested in tests/unit/options.c.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

cd "$WORK" || exit 1

# wrong MESSAGE ARGUMENT...
wrong() {
    message=$1
    shift
    out=$("$BIN" "$@" < "$ROOT/tests/data/pretty.json" 2> stderr)
    code=$?
    is "$code|$out|$(cat stderr)" "64||tsdb-exporter: $message" "$*"
}

wrong "there is no option --lable; did you mean --label?" --lable=x
wrong "there is no option -x; try --help" -x
wrong "--label needs a value; try --help" --label
wrong "--tee takes no value" --tee=1
wrong "unexpected argument 1: transfers are read from standard input" x.json
wrong "--layout: there is no layout 'wied'; did you mean 'wide'?" --layout wied
wrong "--tag-field: curl has no key 'metod'; did you mean 'method'?" -t metod
wrong "--tag-field: 'url.password' can hold secrets and is never sent" -t url.password
wrong "--fields: curl has no key 'time_totl'; did you mean 'time_total'?" --fields time_totl
wrong "--fields: the layout k6 always sends all that it has" --layout k6 --fields time_total
wrong "--fields: 'http_code' names only tags of this run, so no field is left; add one, such as time_total" \
    --layout wide --fields http_code
wrong "--fields: 'exitcode,http_code' names only tags of this run, so no field is left; add one, such as time_total" \
    --layout wide -t exitcode --fields exitcode,http_code
wrong "--output: the layout totals is for prometheus=: file= gets the transfers themselves; use metric or wide here" \
    --layout totals -o file=- -o prometheus=http://localhost:9090
wrong "--label: label 'label' is empty; databases take no empty label" -l ''
wrong "--label: label 'a' is given twice" -l a=1 -l a=2
wrong "--batch: 'many' is not a whole number from 1 to 1000000, such as 5000" -b many
wrong "--timeout: 'soon' is not a time from 1ms to 30d, such as 10s" --timeout soon
wrong "--max-object: '1T' is not a size from 1K to 1G, such as 1M" --max-object 1T
P=prometheus=http://localhost:1
wrong "labels 'a.b' and 'a_b' have one name in Prometheus; rename one of them" -l a.b=1 -l a_b=2 -o $P
wrong "labels 'a-b' and 'a.b' have one name in Prometheus; rename one of them" -o file=- -o $P -l a-b=1 -l a.b=2
wrong "labels 'url.host' and 'url_host' have one name in Prometheus; rename one of them" \
    -l url_host=x -t url.host -o $P --spool "$WORK/spool"
wrong "labels 'url-host' and 'url.host' have one name in Prometheus; rename one of them" \
    -t url-host=method -t url.host -o $P
is "$(echo '{"time_total":1,"http_code":200,"curl_version":"x"}' | "$BIN" --layout wide --fields http_code,time_total -o file=- | cut -d ' ' -f 1,2)" \
    'curl,http_code=200 time_total=1' 'a tag among --fields: the others are stored'
is "$(echo '{"time_total":1,"curl_version":"x"}' | "$BIN" -l a.b=1 -l a_b=2 -o file=- --fields time_total | cut -d ' ' -f 1)" \
    'time_total,a.b=1,a_b=2' 'elsewhere they are two'
wrong "a label cannot be called 'time_total': that is a number of curl's; rename it" --label time_total=x
wrong "--header takes one line 'Name: value'" -H x
wrong "--tee and -o file=- both write to standard output; use one" --tee -o file=-
wrong "there is no group 'tag' of options; did you mean 'tags'?" --help tag
wrong "--output: an output is TYPE=TARGET, such as influxdb=URL" -o http://localhost:8086/db
wrong "--output: there is no output 'influx'; did you mean influxdb=?" -o influx=http://localhost:8086/db
wrong "--output: the URL names no database; write http://host:8086/DATABASE" -o influxdb=http://localhost:8086
wrong "--output: the URL must begin with http:// or https://" -o influxdb=localhost:8086/db
wrong "--output: times are sent in nanoseconds; leave precision= out of the URL" \
    -o 'influxdb=http://localhost:8086/write?db=x&precision=s'
wrong "--output: cannot open '/no/such/x': No such file or directory" -o file=made -o file=/no/such/x
TSDB_EXPORTER_LABLE=x
export TSDB_EXPORTER_LABLE
wrong "there is no variable TSDB_EXPORTER_LABLE; did you mean TSDB_EXPORTER_LABEL?"
unset TSDB_EXPORTER_LABLE
TSDB_EXPORTER_BATCH=many
export TSDB_EXPORTER_BATCH
wrong "TSDB_EXPORTER_BATCH: 'many' is not a whole number from 1 to 1000000, such as 5000"
unset TSDB_EXPORTER_BATCH
wrong "--output: this is not a URL; write http://localhost:8086/DATABASE" -o influxdb=http:///db
wrong "--output: the URL holds an '@' that is not the one between a password and the host; \
encode it as %40, and a '/' in a password as %2F" -o 'influxdb=http://u:s3/cret@h/db'
wrong "--output: the URL holds a space; encode it as %20" -o 'prometheus=http://h/my prometheus'

wrong "--tee and --summary-export - both write to standard output; use one" --tee -o file=x --summary-export -
wrong "--summary-export - and -o file=- both write to standard output; use one" -o file=- --summary-export -
for option in cacert cert key; do
    wrong "--$option: standard input holds the transfers; name a file" -o influxdb=http://h/db "--$option" -
done
wrong "--summary-percentiles: 'p95' is not a percentile from 0 to 100, such as 99.9" --summary-percentiles 50,p95
wrong "--summary-percentiles: '50,' is not a list of percentiles, such as 50,90,95,99" --summary --summary-percentiles 50,
wrong "--abort-on-fail needs --threshold EXPR" --abort-on-fail

# the spool
for option in wait drain spool-status fsync; do
    wrong "--$option needs --spool DIR" "--$option"
done
wrong "--follow needs --drain" --spool spool --follow
wrong "--drain and --spool-status exclude each other" --spool spool --drain --spool-status
for option in tee summary summary-export=x threshold=x abort-on-fail progress; do
    wrong "--${option%=*} needs input, and --drain reads none" --spool spool --drain "--$option"
    wrong "--${option%=*} needs input, and --spool-status reads none" --spool spool --spool-status "--$option"
done
wrong "--spool-max: '1M' is not a size from 4M to 1024G, such as 1G" --spool spool --spool-max 1M
wrong "-o file= needs no --spool; leave out one of them" --spool spool -o file=x
wrong "--output: the URL must begin with http:// or https://" --spool spool -o influxdb=localhost:8086/db
[ ! -e spool ]
ok $? 'wrong usage makes no spool'

# a password in a URL that is refused is not shown
"$BIN" -o 'influxdb=http://u:s3cret@h:x/db' < /dev/null 2> stderr
unlike "$(cat stderr)" s3cret "a wrong URL's password is not shown"
tap_done
