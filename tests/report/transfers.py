#!/usr/bin/env python3
"""Prints curl objects of a made-up run, with stored times, as curl writes them.

    transfers.py COUNT [--seconds S] [--protocols 1.1,2,3] [--failed SHARE] [--stall]
                 [--groups N | --names FILE] [--start UNIX] [--seed N]

Times are lognormal, phases as over a link of 24 ms; one connection in four is reused.
--groups gives each object a key "group" of N values; --names takes them from the lines of a
file. The same arguments give the same objects.
"""
import argparse
import json
import math
import random

parser = argparse.ArgumentParser()
parser.add_argument("count", type=int)
parser.add_argument("--seconds", type=float, default=598)
parser.add_argument("--protocols", default="1.1,2,3")
parser.add_argument("--failed", type=float, default=0.005)
parser.add_argument("--stall", action="store_true")
parser.add_argument("--groups", type=int, default=0)
parser.add_argument("--names")
parser.add_argument("--start", type=float, default=1795628531.0107584)
parser.add_argument("--seed", type=int, default=1)
args = parser.parse_args()
chance = random.Random(args.seed)
protocols = args.protocols.split(",")
names = ["group-%02d" % i for i in range(args.groups)]
if args.names:
    with open(args.names, encoding="utf-8") as lines:
        names = lines.read().splitlines()


def lognormal(median, sigma):
    return median * math.exp(chance.gauss(0, sigma))


def failure(curl, total):
    """Half of them are answers, the others get none."""
    if chance.random() < 0.75:
        curl["response_code"] = curl["http_code"] = chance.choice([503, 503, 503, 404])
        return
    kind = chance.choice([(28, 5.0), (7, 0.030)])
    curl.update(exitcode=kind[0], errormsg="failed", response_code=0, http_code=0, http_version="0",
                num_connects=0, time_total=kind[1] if kind[0] == 28 else total / 3,
                time_namelookup=0.001, time_connect=0, time_appconnect=0, time_pretransfer=0,
                time_posttransfer=0, time_starttransfer=0)


def transfer(protocol, slow):
    quic = protocol == "3"
    new = chance.random() < 0.77
    queue = chance.uniform(10e-6, 40e-6)
    at = queue
    times = {"time_queue": queue}
    if new:
        at += lognormal(0.0013, 0.25) + (0.045 if chance.random() < 0.02 else 0)
        times["time_namelookup"] = at
        loss = 1.0 if chance.random() < 0.01 and not quic else 0
        if quic:
            times["time_connect"] = at + 0.0241
            at += lognormal(0.0305, 0.03)
        else:
            at += lognormal(0.0246, 0.02) + loss
            times["time_connect"] = at
            at += lognormal(0.0297, 0.03)
        times["time_appconnect"] = at
    else:
        times.update(time_namelookup=0, time_connect=0, time_appconnect=0)
    at += chance.uniform(40e-6, 160e-6)
    times["time_pretransfer"] = times["time_posttransfer"] = at
    tail = chance.random() < (0.03 if quic else 0.04)
    at += lognormal(0.037, 0.1) * slow + (chance.uniform(0.15, 0.6) if tail else 0)
    times["time_starttransfer"] = at
    at += lognormal(0.0148 if quic else 0.0160, 0.35) * slow
    times["time_total"] = at
    return {name: round(value, 6) for name, value in times.items()}


for i in range(args.count):
    share = (i + chance.random() * 0.5) / args.count
    if args.stall and 0.74 < share < 0.77:
        continue
    slow = 3.0 if args.stall and 0.58 < share < 0.66 else 1.0
    group = names[i % len(names)] if names else None
    if args.groups:
        slow *= 1 + (i % len(names)) * 0.03
    protocol = protocols[i % len(protocols)]
    curl = transfer(protocol, slow)
    curl.update(curl_version="libcurl/8.14.1 OpenSSL/3.5.4", exitcode=0, errormsg=None,
                http_version=protocol, scheme="HTTPS", response_code=200, http_code=200,
                num_connects=1 if curl["time_connect"] else 0, size_download=62000, size_header=310,
                size_request=96, size_upload=0, url="https://example.com/", method="GET")
    if chance.random() < args.failed:
        failure(curl, curl["time_total"])
    whole = {"ts": round(args.start + share * args.seconds, 6), "curl": curl}
    if group is not None:
        whole["group"] = group
    print(json.dumps(whole))
