"""What tsdb-exporter replaces: a Python script that reads one object of curl's
from standard input and POSTs it to InfluxDB, one line a key.

Rebuilt from what such a script does and kept as cheap as Python allows: only the
standard library, one request for all keys (its forerunners loaded a client
library, or sent a request a key). With "requests" it uses that library, as many
such scripts do.

    curl -w '%{json}' ... | python3 exporter.py LABEL URL [requests]
"""
import json
import sys


def to_number(value):
    """The value as a float, as it is stored; None for what is no number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def to_lines(measured, label):
    """time_total,label=curl-http value=0.063902"""
    lines = []
    for key, value in measured.items():
        number = to_number(value)
        if number is not None:
            lines.append(f"{key},label={label} value={number}")
    return "\n".join(lines) + "\n"


def post(url, body):
    import urllib.request
    with urllib.request.urlopen(urllib.request.Request(url, data=body)) as answer:
        answer.read()


def post_with_requests(url, body):
    import requests
    requests.post(url, data=body, timeout=10).raise_for_status()


def main():
    label, url, *library = sys.argv[1:]
    body = to_lines(json.load(sys.stdin), label).encode()
    (post_with_requests if library else post)(url, body)


if __name__ == "__main__":
    main()
