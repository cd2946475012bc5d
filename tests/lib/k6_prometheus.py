#!/usr/bin/env python3
"""Asks a Prometheus what k6's own dashboards for it ask, 19665 and 18030 of
grafana.com, and compares the answers with what is worked out here from curl's
objects, with k6's definitions.

    k6_prometheus.py URL <INPUT

INPUT: objects of `stored.py wrap`, of which the database has what `grafana.py cycles`
makes. Prints a line for each query: "0|what" if the answer is right, "1|what" if not;
then how many of the 63 answer.
"""
import collections
import json
import math
import sys

import grafana
import k6_dashboards as k6
import stored

# How often 19665 and 18030 ask it, and the query, as it is in k6-prometheus.json and
# k6-prometheus-native-histogram.json of github.com/grafana/xk6-output-prometheus-remote
# (the dashboards themselves are under the AGPL, and are not kept here).
QUERIES = [
    (1, 1, 'sum(k6_vus{testid=~"$testid"})'),
    (4, 0, 'avg(k6_http_req_duration_$quantile_stat{testid=~"$testid"})'),
    (3, 3, 'sum(irate(k6_http_reqs_total{testid=~"$testid"}[$__rate_interval]))'),
    (1, 1, 'avg(round(k6_http_req_failed_rate{testid=~"$testid"}, 0.1)*100)'),
    (2, 2, 'sum(irate(k6_http_reqs_total{testid=~"$testid", expected_response="false"}[$__rate_interval]))'),
    (1, 1, 'sum(k6_http_reqs_total{testid=~"$testid"})'),
    (1, 1, 'sum(k6_http_reqs_total{testid=~"$testid", expected_response="false"})'),
    (1, 1, 'avg(irate(k6_data_sent_total{testid=~"$testid"}[$__rate_interval]))'),
    (1, 1, 'avg(irate(k6_data_received_total{testid=~"$testid"}[$__rate_interval]))'),
    (1, 0, 'avg(k6_iteration_duration_$quantile_stat{testid=~"$testid"})'),
    (1, 1, 'avg(k6_dropped_iterations_total{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_blocked_$quantile_stat{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_tls_handshaking_$quantile_stat{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_sending_$quantile_stat{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_waiting_$quantile_stat{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_receiving_$quantile_stat{testid=~"$testid"})'),
    (1, 0, 'avg(k6_http_req_duration_$quantile_stat{testid=~"$testid", expected_response="true"})'),
    (1, 0, 'avg(k6_http_req_duration_$quantile_stat{testid=~"$testid", expected_response="false"})'),
    (1, 1, 'sum(irate(k6_http_reqs_total{testid=~"$testid", expected_response="true"}[$__rate_interval]))'),
    (1, 0, 'avg by(name, method, status) (k6_http_req_duration_min{testid=~"$testid"})'),
    (1, 0, 'avg by(name, method, status) (k6_http_req_duration_max{testid=~"$testid"})'),
    (1, 0, 'avg by(name, method, status) (k6_http_req_duration_p95{testid=~"$testid"})'),
    (1, 0, 'avg by(name, method, status) (k6_http_req_duration_p99{testid=~"$testid"})'),
    (1, 2, 'round(k6_checks_rate{testid=~"$testid"}, 0.1)'),
    (1, 1, 'avg(round(k6_checks_rate{testid=~"$testid"}, 0.1)*100)'),
    (0, 1, 'histogram_quantile($quantile, sum by (le) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 2, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_iteration_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_blocked_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_tls_handshaking_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_sending_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_waiting_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_receiving_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by (le) ((rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval]))))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_waiting_seconds{testid=~"$testid", expected_response="true"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile($quantile, sum by(le) (rate(k6_http_req_waiting_seconds{testid=~"$testid", expected_response="false"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile(0, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile(1, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile(0.95, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
    (0, 1, 'histogram_quantile(0.99, sum by(le, name, method, status) (rate(k6_http_req_duration_seconds{testid=~"$testid"}[$__rate_interval])))'),
]
# What curl does not know, and why
UNKNOWN = {"k6_vus": "curl has no virtual users", "k6_iteration_duration": "curl has no iterations",
           "k6_dropped_iterations": "curl has no iterations", "k6_checks": "curl has no checks"}
SHARE, STAT = 0.95, "p95" # of the dashboards' variables
NEAR = 2 ** (2 / 8)       # what is estimated is within two buckets

# k6's error codes of curl's exit codes; of others 1000
ERROR_CODES = {6: 1101, 7: 1210, 28: 1050, 35: 1300, 52: 1200, 56: 1200, 60: 1300}

VALUES = {name.removeprefix("http_req_"): value_of for name, value_of in k6.MEASUREMENTS.items()}


def series_of(curl):
    """The labels of a series, as far as they differ"""
    error_code = ERROR_CODES.get(curl["exitcode"], 1000) if k6.broken(curl) else 0
    return (stored.host(curl), curl.get("method"), k6.status(curl), k6.proto(curl), k6.failed(curl), error_code)


def values(objects, name):
    """In seconds, those there are"""
    return sorted(value / 1000 for value in map(VALUES[name], objects) if value is not None)


def split(objects, key):
    groups = collections.defaultdict(list)
    for curl in objects:
        groups[key(curl)].append(curl)
    return groups


def stat_of(found, stat):
    """(lowest, highest) that the gauge may be"""
    found = sorted(found * grafana.CYCLES)
    if stat in ("min", "max"):
        return (found[0], found[0]) if stat == "min" else (found[-1], found[-1])
    rank = int(stat[1:]) / 100 * (len(found) - 1)
    return found[math.floor(rank)] / NEAR, found[math.ceil(rank)] * NEAR


def average_stat(objects, name, stat):
    """The average of the gauges of all series"""
    stats = [stat_of(found, stat) for found in (values(own, name) for own in split(objects, series_of).values()) if found]
    return tuple(sum(ends) / len(stats) for ends in zip(*stats))


def quantile(objects, name, share):
    found = values(objects, name)
    rank = share * len(found)
    return (found[max(math.ceil(rank) - 1, 0)] / NEAR, found[min(math.floor(rank), len(found) - 1)] * NEAR)


def exactly(number):
    return number, number


def is_in(value, ends):
    """Between both, as far as a double tells"""
    return ends[0] * (1 - 1e-9) - 1e-12 <= value <= ends[1] * (1 + 1e-9) + 1e-12


def failed_percent(objects):
    groups = split(objects, lambda c: (stored.host(c), c.get("method"), k6.proto(c))).values()
    shares = [sum(map(k6.failed, own)) / len(own) for own in groups]
    return exactly(sum(math.floor(share * 10 + 0.5) * 10 for share in shares) / len(shares))


def named(objects):
    return split(objects, lambda c: (stored.host(c), c.get("method") or "", k6.status(c)))


def each(objects, what):
    """{labels: what} of those that have durations"""
    return {key: what(own) for key, own in named(objects).items() if values(own, "duration")}


def expected(query, objects):
    """{labels: (lowest, highest)}, or None if only an answer is asked for"""
    words = query.replace("(", " ").replace("{", " ").replace(",", " ").split()
    bad, good = [c for c in objects if k6.failed(c)], [c for c in objects if not k6.failed(c)]
    own = bad if '"false"' in query else good if '"true"' in query else objects
    metric = next(word for word in words if word.startswith("k6_"))
    a_second = grafana.CYCLE if "irate" in query else 1 / grafana.CYCLES
    if metric == "k6_http_reqs_total":
        return {(): exactly(len(own) / a_second)}
    if metric == "k6_data_received_total":
        return {(): exactly(sum(c["size_header"] + c["size_download"] for c in own) / a_second)}
    if metric == "k6_data_sent_total":
        return {(): exactly(sum(c["size_request"] + c["size_upload"] * (c["size_upload"] > c["size_request"])
                                for c in own) / a_second)}
    if metric == "k6_http_req_failed_rate":
        return {(): failed_percent(own)}
    name, _, stat = metric.removeprefix("k6_http_req_").rpartition("_")
    if name.startswith("tls_handshaking"):
        return None
    if stat == "seconds":
        share = words[1].replace("$quantile", str(SHARE))
        if " name" in query:
            return each(own, lambda some: quantile(some, name, float(share)))
        return {(): quantile(own, name, float(share))}
    stat = STAT if stat == "stat" else stat
    name = name.removesuffix("_$quantile")
    if "by(name" in query:
        return each(own, lambda some: average_stat(some, name, stat))
    return {(): average_stat(own, name, stat)}


def ask(url, query, end):
    for name, put in (("$testid", ".*"), ("$quantile_stat", STAT), ("$quantile", str(SHARE)),
                      ("$__rate_interval", f"{grafana.WINDOW}s")):
        query = query.replace(name, put)
    answer = json.loads(stored.get(url + "/api/v1/query_range", query=query, start=end - 40, end=end, step=20))
    found = {}
    for series in answer["data"]["result"]:
        time, value = series["values"][-1]
        if time == end and value != "NaN":
            metric = series["metric"]
            labels = tuple(metric.get(label, "") for label in ("name", "method", "status")) if metric else ()
            found[labels] = float(value)
    return found


def main():
    wrapped = [stored.read(line) for line in sys.stdin.buffer]
    objects = [one["curl"] for one in wrapped]
    end = wrapped[0]["ts"] + grafana.CYCLES * grafana.CYCLE
    answered, wrong = 0, 0
    for first, second, query in QUERIES:
        got = ask(sys.argv[1], query, end)
        why = next((why for metric, why in UNKNOWN.items() if metric in query), None)
        answered += (first + second) * bool(got)
        want = {} if why else expected(query, objects)
        good = bool(got) if want is None else got.keys() == want.keys() and all(
            is_in(value, want[key]) for key, value in got.items())
        wrong += not good
        what = f"{query}: {why}, no answer" if why else query
        print(f"{0 if good else 1}|{what}" + ("" if good else f": {str(got)[:400]} instead of {str(want)[:400]}"))
    asked = sum(first + second for first, second, _ in QUERIES)
    print(f"{0 if (answered, asked) == (52, 63) else 1}|{answered} of {asked} queries answer")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
