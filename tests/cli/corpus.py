"""Every number of every real object arrives, equal to the last digit; nothing
else does but what is documented; and no secret does.

An independent reading: python's json, exact decimals, and the rules as the
README states them, not as the program computes them. Prints TAP."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal
from urllib.parse import urlsplit

BIN = os.environ["BIN"]
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
SECRET_KEYS = {"certs", "referer"} | {
    f"{url}.{part}" for url in ("url", "urle") for part in ("user", "password", "query", "fragment", "options")
}
URL_KEYS = {"url", "url_effective", "redirect_url"}
WIDE_TAGS = {"host", "http_code", "http_version", "method", "scheme"}
SECRETS = ["s3cret", "SECRETTOKEN", "SECRETREF", "hunter2", "PROXYSECRET", "USECRET", "COOKIESECRET", "HDRSEC", "alice"]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("TSDB_EXPORTER_", "INFLUX_")) and not name.lower().endswith("_proxy")
}

results = []


def check(good, name, *remarks):
    results.append(good)
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    for remark in [] if good else remarks:
        print("#", str(remark)[:500])


def run(text, *options):
    done = subprocess.run([BIN, "-o", "file=-", *options], input=text.encode(), capture_output=True, env=ENVIRONMENT)
    return done.stdout.decode(), done.stderr.decode(), done.returncode


# what should be there


def timing(transfer, key):
    return transfer.get(key, Decimal(0))


def version(transfer):
    return tuple(map(int, re.match(r"libcurl/(\d+)\.(\d+)", transfer["curl_version"]).groups()))


def boundaries(transfer):
    """Q, D, H, E and F of a transfer with a response."""
    queue, lookup, connect, tls, ready, posted, first, total = (
        timing(transfer, f"time_{name}")
        for name in ("queue", "namelookup", "connect", "appconnect", "pretransfer", "posttransfer", "starttransfer", "total")
    )
    made, quic, upload = transfer["num_connects"] > 0, transfer["http_version"] == "3", transfer["size_upload"] > 0
    q = min(queue, lookup if made else ready)
    d = h = q
    if made:
        d = lookup
        h = tls or connect
        if mixed(transfer) or not d < h <= ready:
            h = ready
        if quic and not ("ngtcp2/" in transfer["curl_version"] and 0 < connect < tls):
            h = ready
    e, f = posted if upload else ready, first
    if upload and (version(transfer) < (8, 3) or ready < first < e):
        f = total
    if first <= ready or (upload and version(transfer) < (8, 10)):
        e = h
    f = f if h <= f <= total else total
    return q, d, h, e if h <= e <= f else h, f


def mixed(transfer):
    return transfer["num_redirects"] > 0 and transfer["num_connects"] > 1


def speaks_http(transfer):
    scheme = transfer["scheme"] or urlsplit(transfer["url_effective"] or transfer["url"] or "").scheme or "http"
    return scheme.lower() in ("http", "https", "ws", "wss", "rtsp")


def answered(transfer):
    if not speaks_http(transfer):
        return transfer["exitcode"] == 0
    return transfer["http_code"] > 0 and not (transfer["num_redirects"] > 0 and transfer["exitcode"])


def phases(transfer):
    """What lies between the boundaries, where it is known."""
    lookup, connect, tls, total = (timing(transfer, f"time_{name}") for name in ("namelookup", "connect", "appconnect", "total"))
    made, redirected = transfer["num_connects"] > 0, transfer["num_redirects"] > 0
    found = {}
    if answered(transfer):
        q, d, h, e, f = boundaries(transfer)
        found = {"queue": q, "dns": d - q, "handshake": h - d, "send": e - h, "wait": f - e, "transfer": total - f}
        if made and not mixed(transfer):
            if transfer["http_version"] == "3":
                found["tls"] = h - d
            else:
                found["connect"] = connect - d if d < connect <= h else 0
                found["tls"] = h - connect if tls and not transfer["http_connect"] else 0
    elif not redirected:
        q = min(timing(transfer, "time_queue"), lookup)
        found = {"queue": q, "dns": lookup - q}
        if made and tls > lookup:
            found["handshake"] = tls - lookup
        elif made and connect > lookup:
            found["connect"] = connect - lookup
            if transfer["scheme"].lower() == "http":
                found["handshake"] = connect - lookup
    return {f"phase_{name}": float(value) for name, value in found.items() if value}


def expiry(certificates):
    dates = re.findall(r"^Expire date:(.*) GMT$", certificates or "", re.MULTILINE)
    times = [datetime.strptime(date, "%b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc) for date in dates]
    return {"cert_expiry": min(times).timestamp()} if times else {}


def numbers(transfer):
    found = {key: float(value) for key, value in transfer.items() if isinstance(value, (int, Decimal))}
    found["http_version"] = float(transfer["http_version"])
    refused = speaks_http(transfer) and not 0 < transfer["http_code"] < 400
    found["failed"] = float(transfer["exitcode"] != 0 or refused)
    return found | phases(transfer) | expiry(transfer["certs"])


def public(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else parts.path


def texts(transfer):
    found = {}
    for key, value in transfer.items():
        if isinstance(value, str) and value and key not in SECRET_KEYS and key != "http_version":
            found[key] = public(value) if key in URL_KEYS else value
    if "scheme" in found:
        found["scheme"] = found["scheme"].lower()
    found["host"] = transfer.get("url.host") or re.sub(r":\d*$", "", urlsplit(transfer["url"]).netloc.rpartition("@")[2])
    return {key: value for key, value in found.items() if value}


def expected(transfer, layout, with_texts):
    """{(measurement, field): value} and the tags."""
    values = numbers(transfer)
    words = texts(transfer)
    if layout == "metric":
        points = {(key, "value"): value for key, value in values.items()}
        if with_texts:
            points |= {(key, "value_text"): value for key, value in words.items()}
        return points, {"label": "corpus"}
    tags = {key: words.get(key) or (repr_number(values[key]) if key in values else None) for key in WIDE_TAGS}
    tags = {key: value for key, value in tags.items() if value} | {"label": "corpus"}
    if with_texts:
        values |= words
    return {("curl", key): value for key, value in values.items() if key not in tags}, tags


def repr_number(value):
    return repr(int(value)) if value == int(value) else repr(value)


# what is there


def split(text, separator):
    """At unescaped separators outside quotes."""
    parts, start, quoted, at = [], 0, False, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            quoted = not quoted
        elif text[at] == separator and not quoted:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return parts + [text[start:]]


def unescape(text):
    return re.sub(r"\\([,= ])", r"\1", text)


def value_of(text):
    if text.startswith('"'):
        return re.sub(r'\\(["\\])', r"\1", text[1:-1])
    return float(text)


def parse(output):
    """{time: [(measurement, tags, {field: value})]}"""
    found = {}
    for line in output.splitlines():
        key, fields, time = split(line, " ")
        measurement, *tags = split(key, ",")
        found.setdefault(int(time), []).append(
            (
                unescape(measurement),
                {unescape(name): unescape(value) for name, value in (split(tag, "=") for tag in tags)},
                {unescape(name): value_of(value) for name, value in (split(field, "=") for field in split(fields, ","))},
            )
        )
    return found


def same(got, want):
    return type(got) is type(want) and repr(got) == repr(want)


def compare(transfers, times, layout, with_texts):
    options = ["--layout", layout, "-l", "corpus"] + (["--text"] if with_texts else [])
    output, messages, code = run(wrapped, *options)
    name = layout + (" with texts" if with_texts else "")
    check((messages, code) == ("", 0), f"{name}: all is delivered, without a word", messages)
    found = parse(output)
    check(set(found) == set(times), f"{name}: every transfer is at its own time, and nothing at another")
    missing, strange, different, wrong_tags, twice = [], [], [], [], []
    for number, (transfer, time) in enumerate(zip(transfers, times), 1):
        want, want_tags = expected(transfer, layout, with_texts)
        got = {}
        for measurement, tags, fields in found.get(time, []):
            if tags != want_tags:
                wrong_tags.append((number, tags, want_tags))
            for field, value in fields.items():
                if (measurement, field) in got:
                    twice.append((number, measurement, field))
                got[measurement, field] = value
        missing += [(number, key) for key in want.keys() - got.keys()]
        strange += [(number, key, got[key]) for key in got.keys() - want.keys()]
        different += [(number, key, got[key], want[key]) for key in want.keys() & got.keys() if not same(got[key], want[key])]
    check(not missing, f"{name}: everything is there", *missing[:5])
    check(not strange, f"{name}: nothing else is", *strange[:5])
    check(not different, f"{name}: every value is equal to the last digit", *different[:5])
    check(not twice, f"{name}: nothing is there twice", *twice[:5])
    check(not wrong_tags, f"{name}: the tags are right", *wrong_tags[:3])
    return output + messages


with open(os.path.join(DATA, "corpus_public.ndjson"), encoding="utf-8", errors="surrogateescape") as file:
    lines = file.read().splitlines()
transfers = [json.loads(line, parse_float=Decimal) for line in lines]
times = [1700000000 * 10**9 + number * 1000000007 for number in range(len(lines))]
wrapped = "".join(
    f'{{"ts":{time // 10**9}.{time % 10**9:09},"curl":{line}}}\n' for time, line in zip(times, lines)
)

everything = "".join(
    compare(transfers, times, layout, with_texts) for layout in ("metric", "wide") for with_texts in (False, True)
)

off = [
    number
    for number, transfer in enumerate(transfers, 1)
    if answered(transfer)
    and sum(Decimal(repr(value)) for name, value in phases(transfer).items() if name not in ("phase_connect", "phase_tls"))
    != transfer["time_total"]
]
check(not off, "the phases of every response add up to its total, to the last digit", off)

# secrets

keys = sorted({key for transfer in transfers for key in transfer})
refused = {key for key in keys if run("", "-t", key)[2] == 64}
check(refused == SECRET_KEYS & set(keys), "exactly the secret keys are refused as tags", refused ^ SECRET_KEYS)
allowed = [key for key in keys if key not in refused]
for layout in ("metric", "wide", "k6"):
    output, messages, code = run(wrapped, "--layout", layout, "--text", "-v", "-t", ",".join(allowed))
    check(code == 0 and output.count("\n") >= len(lines), f"{layout}: every allowed key can be a tag", messages)
    everything += output + messages
for name in sorted(os.listdir(DATA)):
    if os.path.isfile(os.path.join(DATA, name)) and not name.endswith(".md"):
        with open(os.path.join(DATA, name), "rb") as file:
            # broken in the middle of each line as well
            text = file.read().decode("utf-8", "replace")
        for variant in (text, re.sub(r'("url":"[^"]*)"', r"\1", text), text.replace('":"http', '":http')):
            everything += "".join(run(variant, "--text")[:2])

values = {
    str(transfer[key])
    for transfer in transfers
    for key in SECRET_KEYS - {"certs"}
    if len(transfer.get(key) or "") >= 4
}
present = [secret for secret in SECRETS if any(secret in line for line in lines)]
check(len(present) >= 4, "the corpus holds secrets", present)
leaked = sorted(secret for secret in set(SECRETS) | values if secret in everything)
check(not leaked, "none of them is in any output or message", leaked)
check("BEGIN CERTIFICATE" not in everything, "nor is a certificate")

print(f"1..{len(results)}")
sys.exit(not all(results))
