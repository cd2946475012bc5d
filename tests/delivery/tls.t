#!/bin/sh
# HTTPS: who is trusted, and client certificates.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/delivery.sh
. "$ROOT/tests/lib/delivery.sh"

# authority NAME, and certificate NAME AUTHORITY [HOST]: files NAME.pem and NAME.key
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj "/CN=$1" -keyout "$WORK/$1.key" -out "$WORK/$1.pem" 2>>"$WORK/openssl"
}
certificate() {
    echo "subjectAltName=${3-IP:127.0.0.1}" >"$WORK/names"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$WORK/$1.key" -out "$WORK/$1.csr" 2>>"$WORK/openssl" &&
        openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/$2.pem" -CAkey "$WORK/$2.key" \
            -CAcreateserial -days 2 -extfile "$WORK/names" -out "$WORK/$1.pem" 2>>"$WORK/openssl"
}
authority ca && authority stranger && certificate server ca && certificate client ca &&
    certificate forger stranger && certificate other ca DNS:other.example
ok $? 'certificates are made'

transfers 3 >"$WORK/in"
SERVE_OPTIONS="--tls $WORK/server.pem $WORK/server.key"
serve tls 204
url=https://${url#http://}

push --cacert "$WORK/ca.pem" -o "influxdb=$url"
is "$status" 0 '--cacert: exit 0'
is "$(stored tls)" 3 '--cacert: stored'
push -k -o "influxdb=$url"
is "$status" 0 '-k: exit 0'
is "$(requests tls)" 2 '-k: sent'

# refused TITLE REASON OPTION...: such a run ends in 69, and says that
refused() {
    title=$1
    reason=$2
    shift 2
    push --retry-max-time 1 "$@" -o "influxdb=$url"
    is "$status" 69 "$title: exit 69"
    like "$err" '3 lost$' "$title: counts"
    like "$err" "$reason" "$title: said why"
    is "$(printf '%s\n' "$err" | grep -oE "http.*: .*${reason}[^;)]*" | sort | uniq -d)" '' "$title: once"
    adds_up "$title: the counts add up"
}
verify='([Cc]ertificate|SSL|TLS|trust anchors)' # curl 8.22: the last
refused 'an unknown authority' "$verify"
refused 'the wrong authority' "$verify" --cacert "$WORK/stranger.pem"
refused 'a CA file that is not there' "$verify.*none\\.pem" --cacert "$WORK/none.pem"
refused 'a CA file that is none' "$verify" --cacert "$WORK/in"
is "$(requests tls)" 2 'nothing was sent to a server that is not trusted'

SERVE_OPTIONS="--tls $WORK/other.pem $WORK/other.key"
serve other 204
url=https://${url#http://}
refused 'a certificate for another host' "$verify" --cacert "$WORK/ca.pem"
is "$(requests other)" 0 'nothing was sent to another host'

SERVE_OPTIONS="--tls $WORK/server.pem $WORK/server.key --client-ca $WORK/ca.pem"
serve mutual 204
url=https://${url#http://}
set -- --cacert "$WORK/ca.pem"
push "$@" --cert "$WORK/client.pem" --key "$WORK/client.key" -o "influxdb=$url"
is "$status" 0 'a client certificate: exit 0'
is "$(stored mutual)" 3 'a client certificate: stored'
cat "$WORK/client.pem" "$WORK/client.key" >"$WORK/both.pem"
push "$@" --cert "$WORK/both.pem" -o "influxdb=$url"
is "$status" 0 'certificate and key in one file: exit 0'
# with TLS 1.3 the server's refusal may come as any kind of broken connection
refused 'no client certificate' . "$@"
refused 'a client certificate of the wrong authority' . "$@" \
    --cert "$WORK/forger.pem" --key "$WORK/forger.key"
refused 'a key that does not fit' 'key' "$@" --cert "$WORK/client.pem" --key "$WORK/forger.key"
refused 'a client certificate that is not there' 'certificate' "$@" \
    --cert "$WORK/none" --key "$WORK/none"
is "$(requests mutual)" 2 'nothing was sent without the right certificate'
tap_done
