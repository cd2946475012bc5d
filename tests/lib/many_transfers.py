#!/usr/bin/env python3
"""many_transfers.py COUNT: so many objects of three protocols, the same ones each
time: HTTP/3 connects more slowly, one in 50 fails."""
import math
import sys

OBJECT = (
    '{"ts":%.6f,"curl":{"exitcode":%d,"http_code":%d,"http_version":"%s","num_connects":1,'
    '"response_code":%d,"scheme":"https","size_download":1000,"size_header":200,"size_request":80,'
    '"size_upload":0,"time_appconnect":%.6f,"time_connect":%.6f,"time_namelookup":%.6f,'
    '"time_posttransfer":%.6f,"time_pretransfer":%.6f,"time_starttransfer":%.6f,"time_total":%.6f,'
    '"url.host":"host%d","curl_version":"libcurl/8.14.1"}}'
)
state = 1


def uniform():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return ((state >> 32) + 0.5) / 2**32


def around(median, spread):
    normal = math.sqrt(-2 * math.log(uniform())) * math.cos(2 * math.pi * uniform())
    return median * math.exp(spread * normal)


for i in range(int(sys.argv[1])):
    version = ("1.1", "2", "3")[i % 3]
    steps = [
        around(0.0001, 0.3),
        around(0.002 if version == "3" else 0.001, 0.3),
        around(0.004, 0.3),
        0.00002,
        around(0.00005, 0.4),
        around(0.02, 0.5),
        around(0.005, 0.5),
    ]
    total = [sum(steps[: n + 1]) for n in range(7)]
    exitcode, code = 0, 200
    if i % 50 == 49:
        exitcode, code = ((0, 404), (28, 200), (0, 503))[i // 50 % 3]
    lookup, connect, tls, pre, post, start, end = total
    print(
        OBJECT % (1700000000 + i / 100, exitcode, code, version, code,
                  tls, connect, lookup, post, pre, start, end, i % 130)
    )
