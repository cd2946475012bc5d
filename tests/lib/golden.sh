# shellcheck shell=sh
# What the tests share that compare with files which somebody has read and found
# right. To be sourced behind tap.sh. UPDATE=1 writes what they see.

# golden_objects: real objects of each kind, at fixed times: plain HTTP, HTTPS
# with certificates, HTTP/3, reuse, redirects, failures, secrets.
golden_objects() {
    for golden_line in 1 3 4 9 12 18 53 54 57 60 66 75 105 118 121 149 152 155 166 175 198; do
        sed -n "${golden_line}s/^\(.*\)\$/{\"ts\":1700000$((100 + golden_line)).000000001,\"curl\":\1}/p" \
            "$ROOT/tests/data/corpus_public.ndjson"
    done
}

# golden FILE GOT WHAT: passes if file GOT is the same as FILE
golden() {
    [ -z "${UPDATE:-}" ] || cp "$2" "$1"
    diff "$1" "$2" >"$WORK/diff"
    ok $? "$3"
    head -n 20 "$WORK/diff" | sed 's/^/# /'
}
