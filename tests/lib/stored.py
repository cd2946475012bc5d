#!/usr/bin/env python3
"""Compares what a database holds with what it should hold, down to the last
digit. What should be there is worked out from the JSON here, independently of
the program under test.

    stored.py wrap <OBJECTS >INPUT
        gives each object (one a line) a fixed time of its own:
        {"ts":1700000000.000000007,"curl":{...}}
    stored.py influxdb URL DB LAYOUT LABEL [text] <INPUT
    stored.py victoria URL LABELS LAYOUT LABEL <INPUT
        LABELS: those that every series has beside its tags, as "db=x" or ""
    stored.py prometheus URL "" LAYOUT LABEL <INPUT
        through remote write, and asked in Prometheus's language
    stored.py samples URL MATCH TIME
        how many samples there are under each name, in the hour before TIME, of the
        series that MATCH matches: one number, if it is the same for all

Prints how many values were compared, and the first differences; exits with 1 if
there are any. Nothing may be there that is not expected, but for the derived
fields, of which only what needs no second implementation is checked: phase_*,
failed, cert_expiry.
"""
import collections
import json
import re
import sys
import urllib.parse
import urllib.request

import curl_phases

SECRETS = re.compile(r"certs|referer|urle?\.(user|password|options|query|fragment)")
URLS = {"url", "url_effective", "redirect_url"}
DERIVED = re.compile(r"phase_(queue|dns|handshake|connect|tls|send|wait|transfer)|failed|cert_expiry")
TOLD_SECRETS = re.compile(r"s3cret|hunter2|token=|password=")

# A string; a value that is missing; zeros before a number
NOT_JSON = re.compile(r'("(?:[^"\\]|\\.)*")|(:)(?=\s*[,}])|(?<=:)0+(?=[0-9])')

# One number or text of one transfer. time: ns
Value = collections.namedtuple("Value", "series field tags time")


def read(line):
    """curl's object as Python reads it, but for the two places where curl does
    not write JSON."""
    text = line.decode("utf-8", "surrogateescape")
    return json.loads(NOT_JSON.sub(lambda m: m[1] or (":null" if m[2] else ""), text))


def clean(text, tag=False):
    """What a text may become: controls are spaces, bytes that are no UTF-8 U+FFFD."""
    text = re.sub("[\x00-\x1f\x7f]", " ", text)
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    if tag:
        text = text.replace("\\", "/")
    return text.encode()[:4096].decode("utf-8", "ignore")


def bare_url(text):
    text = re.split("[?#]", text)[0]
    return re.sub(r"^([a-z0-9+.-]+://)[^/]*@", r"\1", text, flags=re.I)


def host(curl):
    if curl.get("url.host"):
        return curl["url.host"]
    url = curl.get("url") or curl["url_effective"]
    netloc = urllib.parse.urlsplit(url if "://" in url else "//" + url).netloc.rpartition("@")[2]
    return netloc if netloc.endswith("]") else netloc.rpartition(":")[0] or netloc


def numbers(curl):
    found = {key: float(value) for key, value in curl.items()
             if isinstance(value, (int, float)) and not isinstance(value, bool)}
    if isinstance(curl.get("http_version"), str) and curl["http_version"]:
        found["http_version"] = float(curl["http_version"])
    return found


def texts(curl):
    for key, value in curl.items():
        if not isinstance(value, str) or not value or SECRETS.fullmatch(key):
            continue
        if key == "scheme":
            yield key, value.lower() # capitals before curl 8.8
        elif key != "http_version":
            yield key, clean(bare_url(value) if key in URLS else value)
    if host(curl):
        yield "host", clean(host(curl))


def number_text(value):
    return str(int(value)) if value == int(value) else repr(value)


def tags(curl, layout, label):
    found = {"label": label}
    if layout == "wide":
        for key in ("http_code", "http_version"):
            if key in numbers(curl):
                found[key] = number_text(numbers(curl)[key])
        for key, value in (("host", host(curl)), ("method", curl.get("method")),
                           ("scheme", (curl.get("scheme") or "").lower())):
            if value:
                found[key] = clean(value, tag=True)
    return frozenset(found.items())


def expected(lines, layout, label, text):
    """Value -> number or str, and (tags, time) -> curl's object."""
    values, transfers = {}, {}
    for line in lines:
        wrapped = read(line)
        curl, time = wrapped["curl"], ns(re.search(rb'"ts":([0-9.]+)', line)[1].decode())
        its_tags = tags(curl, layout, label)
        transfers[its_tags, time] = curl
        found = dict(numbers(curl))
        if text:
            found.update(texts(curl))
        for key, value in found.items():
            if layout == "wide" and key in dict(its_tags):
                continue # a key that is a tag is no field
            if layout == "wide":
                place = Value("curl", key, its_tags, time)
            else:
                field = "value_text" if isinstance(value, str) else "value"
                place = Value(key, field, its_tags, time)
            values[place] = value
    return values, transfers


def ns(seconds):
    whole, _, fraction = seconds.partition(".")
    return int(whole) * 10**9 + int(fraction.ljust(9, "0"))


def get(url, **query):
    with urllib.request.urlopen(url + "?" + urllib.parse.urlencode(query), timeout=60) as answer:
        return answer.read().decode()


def in_influxdb(url, database):
    def select(query):
        results = json.loads(get(url + "/query", db=database, q=query, epoch="ns"))["results"]
        return results[0].get("series", [])

    for names in select("SHOW MEASUREMENTS"):
        for (name,) in names["values"]:
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            fields = [row[0] for series in select(f'SHOW FIELD KEYS FROM "{quoted}"')
                      for row in series["values"]]
            wanted = ", ".join('"%s"::field' % field.replace('"', '\\"') for field in fields)
            for series in select(f'SELECT {wanted} FROM "{quoted}" GROUP BY *'):
                its_tags = frozenset((k, v) for k, v in series["tags"].items() if v)
                for time, *row in series["values"]:
                    for field, value in zip(fields, row):
                        if value is not None:
                            yield Value(name, field, its_tags, time), value


def in_victoria(url, labels, layout):
    get(url + "/internal/force_flush")
    everywhere = set(urllib.parse.parse_qsl(labels))
    for line in get(url + "/api/v1/export", **{"match[]": '{__name__!=""}'}).splitlines():
        series = json.loads(line)
        name = series["metric"].pop("__name__")
        if layout == "wide":
            measurement, _, field = name.partition("_")
        else:
            measurement, _, field = name.rpartition("_")
        its_tags = set(series["metric"].items())
        if not everywhere <= its_tags:
            yield Value(name, f"lacks {labels}", frozenset(its_tags), 0), None
        for time, value in zip(series["timestamps"], series["values"]):
            yield Value(measurement, field, frozenset(its_tags - everywhere), time * 10**6), value


def in_prometheus(url, layout, transfers):
    times = [time // 10**9 for _, time in transfers]
    query = '{__name__!=""}[%ds]' % (max(times) - min(times) + 20)
    answer = json.loads(get(url + "/api/v1/query", query=query, time=max(times) + 10))
    for series in answer["data"]["result"]:
        name = series["metric"].pop("__name__")
        if layout == "wide":
            measurement, _, field = name.partition("_")
        else:
            measurement, field = name, "value"
        its_tags = frozenset(series["metric"].items())
        for time, value in series["values"]:
            yield Value(measurement, field, its_tags, round(time * 1000) * 10**6), float(value)


def samples(url, match, time):
    answer = json.loads(get(url + "/api/v1/query", query=match + "[1h]", time=time))
    found = collections.Counter()
    for series in answer["data"]["result"]:
        found[series["metric"]["__name__"]] += len(series["values"])
    return sorted(set(found.values()))


def derived_is_right(place, value, transfers):
    """Whether a value that curl did not write may be there."""
    name = place.series if place.field == "value" else place.field
    curl = transfers.get((place.tags, place.time))
    if not DERIVED.fullmatch(name) or curl is None:
        return False
    if name == "failed":
        return value == curl_phases.failed(curl)
    if name == "cert_expiry":
        return "Expire date" in curl["certs"]
    return 0 <= value <= curl["time_total"]


def same(key, wanted, got):
    if key == "errormsg" and re.search("://|@|[?]", wanted):
        return isinstance(got, str) and got != "" # URLs in it are shortened
    return wanted == got and isinstance(wanted, str) == isinstance(got, str)


def compare(wanted, stored, transfers):
    compared, derived, wrong, seen = 0, 0, [], set()
    for place, value in stored:
        if place in seen:
            wrong.append(f"stored twice: {place}")
        seen.add(place)
        if isinstance(value, str) and TOLD_SECRETS.search(value):
            wrong.append(f"a secret: {value!r} {place}")
        if place not in wanted:
            derived += 1
            if not derived_is_right(place, value, transfers):
                wrong.append(f"should not be there: {value!r} {place}")
            continue
        compared += 1
        key = place.field if place.series == "curl" else place.series
        if not same(key, wanted[place], value):
            wrong.append(f"{value!r} instead of {wanted[place]!r}: {place}")
    wrong += [f"missing: {wanted[place]!r} {place}" for place in wanted if place not in seen]
    return compared, derived, wrong


def wrap():
    for i, line in enumerate(sys.stdin.buffer):
        time = b"%d.%09d" % (1700000000 + i, i * 1000003 % 10**9)
        sys.stdout.buffer.write(b'{"ts":%s,"curl":%s}\n' % (time, line.strip()))


def main():
    if sys.argv[1] == "wrap":
        wrap()
        return 0
    if sys.argv[1] == "samples":
        print(*samples(*sys.argv[2:]))
        return 0
    kind, url, where, layout, label, *text = sys.argv[1:]
    wanted, transfers = expected(sys.stdin.buffer, layout, label, bool(text))
    if kind == "influxdb":
        stored = in_influxdb(url, where)
    else:
        if kind == "prometheus":
            stored = in_prometheus(url, layout, transfers)
        else:
            stored = in_victoria(url, where, layout)
        # milliseconds, cut off
        wanted = {p._replace(time=p.time // 10**6 * 10**6): v for p, v in wanted.items()}
        transfers = {(t, time // 10**6 * 10**6): c for (t, time), c in transfers.items()}
    compared, derived, wrong = compare(wanted, stored, transfers)
    print(f"{compared} values of {len(transfers)} transfers compared, {derived} derived, "
          f"{len(wrong)} wrong")
    for line in wrong[:20]:
        print(line.encode("ascii", "backslashreplace").decode())
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
