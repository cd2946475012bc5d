# shellcheck shell=sh
# The pages that a test looks at, to be sourced.
#
#     make_cases     draws them all into the working directory, NAME.html
#     case_names     their names

# transfers ...: as tests/report/transfers.py
transfers() {
    "$ROOT/tests/report/transfers.py" "$@"
}

# draw NAME OPTION...: the page of the objects on standard input
draw() {
    case_name=$1
    shift
    "$BIN" -q -o file=/dev/null --report "$case_name.html" "$@" 2>"$case_name.stderr"
}

# What somebody might hope to run in the page, or to hide there: one a line.
hostile_names() {
    printf '%s\n' '</title><script>alert(1)</script>' '"><svg onload=alert(1)>' '<!-- x' \
        'a‮b' "$(printf '%0300d' 0)" "it's & that" 'javascript:alert(1)' '--><b>bold' \
        'style="x"' 'שלום עולם, שלום' '日本語のとても長い名前です' '&lt;&#60;'
}

case_names() {
    echo none one few group three six turned hundred failed some_failed hostile hostile_rows stalled
}

make_cases() {
    hostile_names >names
    head -n 6 names >names6
    draw none --allow-empty --threshold 'transfers:count>0' </dev/null
    transfers 1 | draw one -l quic
    transfers 12 --seconds 6 | draw few -l quic
    transfers 900 --protocols 2 --failed 0 --seconds 0.4 | draw group -l quic -l site=fra1
    transfers 8000 | draw three -l quic -l site=fra1 --threshold 'time_total{failed=0}:p(95)<400ms' \
        --threshold 'time_total:med<50ms' --threshold 'failed:rate<0.1%' --threshold 'cert_expiry:min>1d' --threshold 'time_total{failed=1}:med<45ms' \
        --summary-export three.json
    transfers 8000 --groups 6 | draw six -l quic --summary-by group
    { transfers 300; transfers 300 --groups 2 --start 1795630000; } | draw turned -l quic --summary-by group
    transfers 4000 --groups 100 | draw hundred -l quic --summary-by group
    transfers 300 --failed 1 --seconds 60 | draw failed -l quic --threshold 'failed:rate<1%'
    { transfers 100 --groups 1; transfers 50 --groups 1 --failed 1 | sed 's/group-00/down/'
        transfers 1 --groups 1 | sed 's/group-00/once/'; } |
        draw some_failed -l quic --summary-by group
    transfers 1500 --names names6 | draw hostile --summary-by group \
        -l 'x=</title><script>alert(1)</script>' -l 'y="><svg onload=alert(1)>' \
        -l "z=$(printf 'a\377b\342\200\256c')" -l "long=$(printf '%0300d' 0)" \
        --threshold 'time_total{group="</title><script>alert(1)</script>"}:p(95)<400ms' \
        --threshold 'time_total{group="<!--"}:max<400ms'
    transfers 1200 --names names | draw hostile_rows -l '<!--' --summary-by group
    transfers 2000 --protocols 2 --stall --seconds 6000 | draw stalled -l quic
}
