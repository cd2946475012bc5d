#!/usr/bin/env python3
"""Asks an InfluxDB what k6's public dashboards ask (grafana.com 2587 and others
made for k6's output to InfluxDB 1), and compares the answers with what is worked
out here from curl's objects, with k6's definitions.

    k6_dashboards.py URL DB <INPUT

INPUT: objects of `stored.py wrap`. Prints a line for each answer: "0|what" if it
is right, "1|what" if not.
"""
import collections
import json
import math
import re
import statistics
import sys

import curl_phases
import stored

TIME = "time >= 1699999900s and time <= 1700000300s" # $timeFilter
MEASUREMENTS = {
    "http_req_duration": lambda c: ms(c["time_total"] - ready(c)) if answered(c) else None,
    "http_req_blocked": lambda c: ms(ready(c)) if answered(c) else None,
    "http_req_connecting": lambda c: connecting(c),
    "http_req_looking_up": lambda c: looking_up(c),
    "http_req_receiving": lambda c: positive(c["time_total"] - first_byte(c)) if answered(c) else None,
    "http_req_sending": lambda c: positive(sent(c) - ready(c)) if answered(c) else None,
    "http_req_waiting": lambda c: positive(first_byte(c) - sent(c)) if answered(c) else None,
}

wrong = 0


def check(what, got, want):
    global wrong
    good = same(got, want)
    wrong += not good
    print(f"{0 if good else 1}|{what}" + ("" if good else f": {str(got)[:300]} instead of {str(want)[:300]}"))


def same(got, want):
    if isinstance(want, dict):
        return got.keys() == want.keys() and all(same(got[key], want[key]) for key in want)
    if isinstance(want, list):
        return len(got) == len(want) and all(map(same, got, want))
    if isinstance(want, (float, int)) and isinstance(got, (float, int)):
        return math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)
    return got == want


# --- k6's definitions ---

def ms(seconds):
    return round(seconds * 1000, 3)


def positive(seconds):
    """A phase without length is left out"""
    return ms(seconds) if ms(seconds) > 0 else None


def answered(c):
    return curl_phases.has_phases(c)


def version(c):
    return tuple(int(n) for n in re.match(r"libcurl/(\d+)\.(\d+)", c["curl_version"]).groups())


def queued(c):
    return min(c.get("time_queue", 0), c["time_namelookup"] if c["num_connects"] else c["time_pretransfer"])


def ready(c):
    """When the connection is there: after TLS, without TLS after TCP; else when the request could be sent"""
    if c["num_connects"] == 0:
        return queued(c)
    done, pre = c["time_appconnect"] or c["time_connect"], c["time_pretransfer"]
    several = c["num_redirects"] and c["num_connects"] > 1
    quic = c["http_version"] == "3" and not ("ngtcp2/" in c["curl_version"] and 0 < c["time_connect"] < done)
    return done if c["time_namelookup"] < done <= pre and not several and not quic else pre


def first_byte(c):
    first = c["time_starttransfer"]
    early = c["size_upload"] and (version(c) < (8, 3) or c["time_pretransfer"] < first < c.get("time_posttransfer", 0))
    return first if ready(c) <= first and not early else c["time_total"]


def sent(c):
    done = c.get("time_posttransfer", 0) if c["size_upload"] else c["time_pretransfer"]
    return done if c["time_starttransfer"] > c["time_pretransfer"] and ready(c) <= done <= first_byte(c) else ready(c)


def connecting(c):
    if answered(c) and (c["num_connects"] == 0 or c["http_version"] == "3"):
        return 0
    if c["num_connects"] == 0 or (c["num_redirects"] and (c["num_connects"] > 1 or not answered(c))):
        return None
    if not answered(c) and c["time_appconnect"]: # it may have been QUIC
        return None
    return positive(c["time_connect"] - c["time_namelookup"])


def looking_up(c):
    if answered(c) and c["num_connects"] == 0:
        return 0
    if not answered(c) and c["num_redirects"]:
        return None
    took = positive(c["time_namelookup"] - min(c.get("time_queue", 0), c["time_namelookup"]))
    return took if took or not answered(c) else 0


def code(c):
    return c["http_code"] if curl_phases.speaks_http(c) else 0


def broken(c):
    return c.get("exitcode", 0) != 0 and code(c) < 400


failed = curl_phases.failed


def status(c):
    return "0" if broken(c) else str(code(c))


def proto(c):
    return {"0": "", "1": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2.0", "3": "HTTP/3.0"}[c["http_version"]]


def counted(objects, *keys):
    counts = collections.Counter(tuple(key(c) for key in keys) for c in objects)
    return {key if len(keys) > 1 else key[0]: count for key, count in counts.items()}


def nearest_rank(values, percent):
    return sorted(values)[max(math.floor(len(values) * percent / 100 + 0.5) - 1, 0)]


# --- the questions ---

class Database:
    def __init__(self, url, name):
        self.url, self.name = url, name

    def series(self, query):
        answer = json.loads(stored.get(self.url + "/query", db=self.name, q=query, epoch="ms"))["results"][0]
        if "error" in answer:
            raise ValueError(f"{query}: {answer['error']}")
        return answer.get("series", [])

    def one(self, query):
        return self.series(query)[0]["values"][0][1]

    def all(self, query):
        return [row[1] for series in self.series(query) for row in series["values"] if row[1] is not None]

    def grouped(self, query, *tags):
        found = {tuple(series["tags"][tag] for tag in tags): series["values"][0][1] for series in self.series(query)}
        return {key if len(tags) > 1 else key[0]: value for key, value in found.items()}


def trends(db, objects):
    """The rows of 2587, for each measurement that it offers"""
    for name, value_of in MEASUREMENTS.items():
        values = [value for value in map(value_of, objects) if value is not None]
        above = [value for value in values if value > 0]
        for function, want in (('mean("value")', statistics.mean(values)), ('max("value")', max(values)),
                               ('median("value")', statistics.median(values)),
                               ('percentile("value", 90)', nearest_rank(values, 90)),
                               ('percentile("value", 95)', nearest_rank(values, 95))):
            check(f"{name}: {function}", db.one(f"SELECT {function} FROM {name} WHERE {TIME}"), want)
        check(f"{name}: smallest above 0", db.one(f'SELECT min("value") FROM {name} WHERE {TIME} and value > 0'), min(above))
        check(f"{name}: largest in all windows",
              max(db.all(f'SELECT max("value") FROM /^{name}$/ WHERE {TIME} and value > 0 GROUP BY time(10s) fill(none)')),
              max(above))
        check(f"{name}: heat map", sorted(db.all(f'SELECT "value" FROM {name} WHERE {TIME} and value > 0')), sorted(above))


def totals(db, objects):
    bad = [c for c in objects if failed(c)]
    check("requests in all windows", sum(db.all(f'SELECT sum("value") FROM "http_reqs" WHERE {TIME} GROUP BY time(1s) fill(null)')),
          len(objects))
    check("errors in percent", db.one(f'SELECT mean("value") * 100 FROM "http_req_failed" WHERE {TIME}'),
          100 * len(bad) / len(objects))
    check("failed requests", db.one(f'SELECT sum("value") FROM "http_req_failed" WHERE {TIME}'), len(bad))
    check("unexpected responses", db.one(f'SELECT sum("value") FROM "http_reqs" WHERE "expected_response" = \'false\' AND {TIME}'),
          len(bad))
    check("HTTP errors", db.one(f'SELECT sum("value") FROM "http_reqs" WHERE "status" =~ /^[45]../ AND {TIME}'),
          sum(status(c) >= "400" for c in objects))
    check("bytes received", db.one(f'SELECT sum("value") FROM "data_received" WHERE {TIME}'),
          sum(c["size_header"] + c["size_download"] for c in objects))
    check("bytes sent", db.one(f'SELECT sum("value") FROM "data_sent" WHERE {TIME}'),
          sum(c["size_request"] + c["size_upload"] * (c["size_upload"] > c["size_request"]) for c in objects))


def tables(db, objects):
    hosts = {stored.host(c) for c in objects} - {""}
    check("names to choose from", {row[1] for series in db.series('SHOW TAG VALUES FROM "http_req_duration" WITH KEY = "name"')
                                   for row in series["values"]} == {stored.host(c) for c in objects if answered(c)} - {""}, True)
    check("one name", db.one(f'SELECT sum("value") FROM "http_reqs" WHERE "name" =~ /^({"|".join(sorted(hosts))})$/ AND {TIME}'),
          sum(stored.host(c) in hosts for c in objects))
    check("requests by name, method and status",
          db.grouped(f'SELECT sum("value") FROM "http_reqs" WHERE {TIME} GROUP BY "name", "method", "status"',
                     "name", "method", "status"),
          counted(objects, stored.host, lambda c: c.get("method") or "", status))
    check("requests by protocol", db.grouped(f'SELECT sum("value") FROM "http_reqs" WHERE {TIME} GROUP BY "proto"', "proto"),
          counted(objects, proto))
    check("requests by scenario", db.grouped(f'SELECT count("value") FROM "http_reqs" WHERE {TIME} GROUP BY "scenario"', "scenario"),
          {"default": len(objects)})
    codes = db.grouped(f'SELECT sum("value") FROM "http_reqs" WHERE "error_code" != \'\' AND {TIME} GROUP BY "error_code", "error"',
                       "error_code", "error")
    check("errors by code and words", {key: codes.get(key) for key in
                                       (("1101", "lookup: no such host"), ("1050", "request timeout"), ("1404", ""))},
          {("1101", "lookup: no such host"): sum(c.get("exitcode") == 6 for c in objects),
           ("1050", "request timeout"): sum(c.get("exitcode") == 28 for c in objects),
           ("1404", ""): sum(c["http_code"] == 404 for c in objects)})
    check("URLs", sorted(db.all(f'SELECT "url"::field FROM "http_reqs" WHERE {TIME}')),
          sorted(stored.clean(stored.bare_url(c["url"])) for c in objects if c.get("url") and
                 stored.bare_url(c["url"])))


def main():
    db = Database(*sys.argv[1:])
    objects = [stored.read(line)["curl"] for line in sys.stdin.buffer]
    for questions in (trends, totals, tables):
        questions(db, objects)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
