"""What the phases of a transfer should be, worked out from curl's object as the
README defines them, independently of the program under test.

curl's timers count from the start. Five moments divide the total: the end of the
queue, the name known, the connection ready, the request sent, the first byte. Each
phase is the time from one to the next; those of length 0 are left out. All times
here are whole microseconds, as curl writes them, so nothing is rounded.
"""
import re

STACK = ("queue", "dns", "handshake", "send", "wait", "transfer")


def us(curl, timer):
    return round(1e6 * curl.get("time_" + timer, 0))


def version(curl):
    return tuple(int(n) for n in re.match(r"libcurl/(\d+)\.(\d+)", curl["curl_version"]).groups())


def speaks_http(curl):
    url = curl.get("url_effective") or curl.get("url") or ""
    scheme = curl.get("scheme") or (url.split("://")[0] if "://" in url else "http")
    return scheme.lower() in ("http", "https", "ws", "wss", "rtsp")


def failed(curl):
    refused = speaks_http(curl) and not 0 < curl["http_code"] < 400
    return curl.get("exitcode", 0) != 0 or refused


def has_phases(curl):
    """Whether there was a response, and the timers are those of one that is complete."""
    if not speaks_http(curl):
        return not failed(curl)
    return curl["http_code"] > 0 and not (curl["num_redirects"] > 0 and curl.get("exitcode", 0) != 0)


def is_made(curl):
    return curl["num_connects"] > 0


def is_mixed(curl):
    """Redirected over several connections: the timers are sums, some over only some of them."""
    return curl["num_redirects"] > 0 and curl["num_connects"] > 1


def is_quic(curl):
    return float(curl["http_version"] or 0) == 3


def within(value, low, high, instead):
    return value if low <= value <= high else instead


def ready(curl, known):
    """When the connection could carry the request."""
    connect, appconnect, pretransfer = us(curl, "connect"), us(curl, "appconnect"), us(curl, "pretransfer")
    at = appconnect or connect
    # only ngtcp2 tells QUIC's in order; else the request's beginning is the next best
    told = not is_quic(curl) or "ngtcp2/" in curl["curl_version"] and 0 < connect < appconnect
    return at if told and not is_mixed(curl) and known < at <= pretransfer else pretransfer


def moments(curl):
    """(queue's end, name known, ready, sent, first byte, total)"""
    total, pretransfer, start = us(curl, "total"), us(curl, "pretransfer"), us(curl, "starttransfer")
    queued = min(us(curl, "queue"), us(curl, "namelookup") if is_made(curl) else pretransfer)
    queued = within(queued, 0, total, 0)
    known = at = queued
    if is_made(curl):
        known = within(us(curl, "namelookup"), queued, total, queued)
        at = within(ready(curl, known), known, total, known)
    upload = curl["size_upload"] > 0
    sent = us(curl, "posttransfer") if upload else pretransfer
    first = start
    if upload and (version(curl) < (8, 3) or pretransfer < start < sent):
        first = total
    first = within(first, at, total, total)
    if start <= pretransfer or upload and version(curl) < (8, 10):
        sent = at
    return queued, known, at, within(sent, at, first, at), first, total


def begun(curl):
    """{name: us} of what is known of a transfer without a response"""
    if has_phases(curl) or curl["num_redirects"] > 0:
        return {}
    total = us(curl, "total")
    queued = within(min(us(curl, "queue"), us(curl, "namelookup")), 0, total, 0)
    known = within(us(curl, "namelookup"), queued, total, queued)
    at = known
    if is_made(curl):
        plain = curl.get("scheme", "").lower() == "http"
        at = within(us(curl, "appconnect") or (us(curl, "connect") if plain else 0), known, total, known)
    ends = (queued, known, at)
    return {name: end - begin for name, begin, end in zip(STACK, (0, *ends), ends) if end > begin}


def stack(curl):
    """{name: us} of the phases that make up the total of a transfer with a response"""
    if not has_phases(curl):
        return {}
    ends = moments(curl)
    return {name: end - begin for name, begin, end in zip(STACK, (0, *ends), ends) if end > begin}
