#!/bin/sh
# One long stream: a single curl fetches all URLs of a list, 20 at a time, into a
# single exporter, which sends a batch a second. The cheapest way by far.
#
#     examples/stream.sh urls.txt [curl's options]
#
# curl 8.16 and newer tell when a transfer ended. With an older curl its time is when
# its object arrives, so stdbuf keeps curl from holding objects back.
list=${1:?usage: stream.sh FILE_OF_URLS [CURL_OPTION...]}
shift
sed 's/["\\]/\\&/g; s/.*/url = "&"\noutput = "\/dev\/null"/' "$list" |
    stdbuf -oL curl --no-progress-meter -Z --parallel-max 20 "$@" -K - \
        -w '{"ts":"%time{%Y-%m-%dT%H:%M:%S.%fZ}","curl":%{json}}\n' |
    tsdb-exporter
