#!/usr/bin/env python3
"""Counts transfers by itself, and compares that with what a database tells of totals.

    totals.py make COUNT [RATE START]   transfers as curl writes them, a line each; with
                                        a rate (a second) and a Unix time also their ts
    totals.py check URL FORM LABEL FILE...
                                        a line "1|what" or "0|what" for each comparison of
                                        the counters and histograms with label=LABEL at URL
                                        with the transfers in the files; FORM is classic,
                                        native, or vmrange for native ones in VictoriaMetrics
    totals.py quantile URL QUERY Q FILE...
                                        the same for a quantile of the duration: it is in
                                        the bucket of schema 3 of the exact one, or the next
"""
import json
import math
import random
import sys
import urllib.parse
import urllib.request

BOUNDS = [m * 10 ** n for n in range(-4, 2) for m in (1, 2, 5)] + [60]
BOUNDS = sorted(b for b in BOUNDS if b <= 60)


def make(count, rate=0, start=0):
    rng = random.Random(count)
    for i in range(count):
        # no time is a bound of a bucket: none ends with two zeros
        us = [int(rng.lognormvariate(mu, 0.7)) // 10 * 10 + 7 for mu in (7, 9, 6, 10, 8)]
        at = [sum(us[:k + 1]) for k in range(5)]
        failed = rng.random() < 0.1
        curl = {"curl_version": "x", "scheme": "HTTPS", "method": "GET", "http_version": "2",
                "url": "https://h.example/", "num_connects": 1,
                "http_code": 503 if failed else 200, "time_namelookup": at[0] / 1e6,
                "time_connect": (at[0] + us[1] // 2) / 1e6, "time_appconnect": at[1] / 1e6,
                "time_pretransfer": at[2] / 1e6, "time_starttransfer": at[3] / 1e6,
                "time_total": at[4] / 1e6, "size_header": 200, "size_request": 90 + i % 7,
                "size_download": rng.randrange(10000)}
        print(json.dumps({"ts": round(start + i / rate, 6), "curl": curl} if rate else curl))


def transfers(files):
    for name in files:
        with open(name, encoding="utf-8") as lines:
            for line in lines:
                read = json.loads(line)
                yield read.get("curl", read)


def us(transfer, key):
    return round(transfer["time_" + key] * 1e6)


def values(files):
    """The values, in microseconds, of each histogram."""
    found = {"curl_duration_seconds": [], "dns": [], "handshake": [], "wait": [], "transfer": []}
    for t in transfers(files):
        found["curl_duration_seconds"].append(us(t, "total"))
        found["dns"].append(us(t, "namelookup"))
        found["handshake"].append(us(t, "appconnect") - us(t, "namelookup"))
        found["wait"].append(us(t, "starttransfer") - us(t, "pretransfer"))
        found["transfer"].append(us(t, "total") - us(t, "starttransfer"))
    return found


def ask(url, query):
    with urllib.request.urlopen(url + "/api/v1/query?" + urllib.parse.urlencode({"query": query}),
                                timeout=60) as answer:
        return json.load(answer)["data"]["result"]


def number(url, query):
    return sum(float(series["value"][1]) for series in ask(url, query))


class Checks:
    def __init__(self):
        self.lines = 0

    def tell(self, good, what):
        print(f"{int(bool(good))}|{what}")

    def same(self, got, want, what):
        self.tell(got == want, what if got == want else f"{what}: {got}, not {want}")

    def near(self, got, want, what):
        good = abs(got - want) <= 1e-9 * abs(want) + 1e-9
        self.tell(good, what if good else f"{what}: {got}, not {want}")


def check_classic(checks, url, name, labels, found):
    got = {}
    for series in ask(url, f"{name}_bucket{{{labels}}}"):
        bound = float(series["metric"]["le"].replace("Inf", "inf"))
        got[bound] = got.get(bound, 0) + float(series["value"][1])
    want = {b: float(sum(v <= b * 1e6 for v in found)) for b in BOUNDS + [math.inf]}
    differ = {b: (got.get(b), want[b]) for b in want if got.get(b) != want[b]}
    checks.tell(not differ and len(got) == len(want),
                f"{name}: each bucket" + (f": {differ}, {len(got)} of them" if differ else ""))


def check_native(checks, url, name, labels, found):
    got = {}
    for series in ask(url, f"{name}{{{labels}}}"):
        histogram = series["histogram"][1]
        checks.same(float(histogram["count"]), float(len(found)), f"{name}: its count")
        for _, _, upper, count in histogram["buckets"]:
            index = round(math.log2(float(upper)) * 8)
            got[index] = got.get(index, 0) + int(count)
    want = {}
    for value in found:
        index = math.ceil(math.log2(value / 1e6) * 8)
        want[index] = want.get(index, 0) + 1
    checks.same(got, want, f"{name}: each native bucket")


def check(url, form, label, *files):
    checks = Checks()
    own = f'label="{label}"'
    every = list(transfers(files))
    checks.same(number(url, f"curl_transfers_total{{{own}}}"), float(len(every)), "transfers")
    failed = [t for t in every if t["http_code"] >= 400]
    checks.same(number(url, f'curl_transfers_failed_total{{{own},reason="HTTP 5xx"}}'),
                float(len(failed)), "failed ones")
    received = sum(t["size_header"] + t["size_download"] for t in every)
    checks.same(number(url, f"curl_received_bytes_total{{{own}}}"), float(received), "bytes")
    for name, found in values(files).items():
        labels = own
        if name != "curl_duration_seconds":
            name, labels = "curl_phase_duration_seconds", own + f',phase="{name}"'
        if form == "native":
            check_native(checks, url, name, labels, found)
            continue
        checks.same(number(url, f"{name}_count{{{labels}}}"), float(len(found)), f"{name}_count")
        checks.near(number(url, f"{name}_sum{{{labels}}}"), sum(found) / 1e6, f"{name}_sum")
        if form == "classic":
            check_classic(checks, url, name, labels, found)


def quantile(url, query, share, *files):
    found = sorted(us(t, "total") / 1e6 for t in transfers(files))
    exact = found[max(0, math.ceil(float(share) * len(found)) - 1)]
    got = number(url, query)
    off = abs(math.log2(got / exact) * 8) if got > 0 else math.inf
    Checks().tell(off <= 1, f"quantile {share}: {got:.4f}, exactly {exact:.4f}, "
                            f"{off:.2f} buckets off")


def main():
    what, *arguments = sys.argv[1:]
    if what == "make":
        make(*(int(a) for a in arguments))
    elif what == "check":
        check(*arguments)
    else:
        quantile(*arguments)


main()
