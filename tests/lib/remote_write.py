#!/usr/bin/env python3
"""Reads the body of a Prometheus remote write request and prints it as text,
with decoders of its own: of snappy's block format and of protobuf's wire format,
from their descriptions. What the protocol forbids ends it with an error.

    remote_write.py 1|2 BODY        1: prometheus.WriteRequest, 2: of remote write 2.0
    remote_write.py 1|2 BODY count  only how many series and samples it has

    {__name__="time_total",label="x"}      a series, its labels as they were sent
      gauge, seconds: Duration ...         in 2.0: type, unit and help
      0.25 @ 1700000000000                 its samples
      4 values, sum 0.6 @ 1700000000000    or native histograms
"""
import re
import struct
import sys

TYPES = {1: "counter", 2: "gauge", 3: "histogram"}


class Wrong(Exception):
    """What was sent is not what the protocol allows."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


def varint(data, at):
    value = shift = 0
    while True:
        need(at < len(data) and shift < 64, "a number is cut off")
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def unsnappy(data):
    """google/snappy, format_description.txt"""
    length, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:  # a literal
            size = tag >> 2
            if size >= 60:
                extra = size - 59
                size = int.from_bytes(data[at:at + extra], "little")
                at += extra
            size += 1
            need(at + size <= len(data), "snappy: a literal is cut off")
            out += data[at:at + size]
            at += size
            continue
        if tag & 3 == 1:
            size = (tag >> 2 & 7) + 4
            offset = (tag >> 5) << 8 | data[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            size = (tag >> 2) + 1
            offset = int.from_bytes(data[at:at + width], "little")
            at += width
        need(0 < offset <= len(out), "snappy: a copy from nowhere")
        for _ in range(size):  # it may overlap with what it makes
            out.append(out[-offset])
    need(len(out) == length, "snappy: another length than promised")
    return bytes(out)


def fields(data):
    """Pairs of field number and value: int, float or bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 1:
            need(at + 8 <= len(data), "a double is cut off")
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        else:
            need(key & 7 == 2, f"wire type {key & 7}")
            size, at = varint(data, at)
            need(at + size <= len(data), "bytes are cut off")
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def message(data, known):
    """Field number -> list of its values, for the numbers in `known`."""
    found = {number: [] for number in known}
    for number, value in fields(data):
        need(number in found, f"an unknown field {number}")
        found[number].append(value)
    return found


def one(values, otherwise):
    need(len(values) <= 1, "a field twice")
    return values[0] if values else otherwise


def packed(values):
    """Numbers of a repeated field, packed or not."""
    for value in values:
        if isinstance(value, int):
            yield value
            continue
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            yield number


def number(value):
    if value != value:
        return "NaN"
    return str(int(value)) if value == int(value) else repr(value)


def signed(value):
    return value - (1 << 64 if value >> 63 else 0)


def sample(data):
    found = message(data, (1, 2, 3))
    return signed(one(found[2], 0)), number(one(found[1], 0.0))


def zigzag(value):
    return value >> 1 ^ -(value & 1)


def histogram(data):
    """Of whole counts; its buckets, told as differences, and the zeros are all its values."""
    found = message(data, (1, 3, 4, 5, 6, 10, 11, 12, 15, 17))
    need(zigzag(one(found[4], 0)) == 3, "a histogram of another schema")
    spans = [message(span, (1, 2)) for span in found[11]]
    deltas = [zigzag(delta) for delta in packed(found[12])]
    need(sum(one(span[2], 0) for span in spans) == len(deltas), "buckets beside the spans")
    count, values, bucket = one(found[1], 0), one(found[6], 0), 0
    for delta in deltas:
        bucket += delta
        need(bucket >= 0, "a bucket below 0")
        values += bucket
    need(values == count, f"{count} values, and {values} in the buckets")
    return signed(one(found[15], 0)), f"{count} values, sum {number(one(found[3], 0.0))}"


def check_labels(labels):
    names = [name for name, _ in labels]
    need(names == sorted(names), f"labels in disorder: {names}")
    need(len(names) == len(set(names)), f"a label twice: {names}")
    need("__name__" in names, f"no name: {names}")
    for name, value in labels:
        need(name and value, f"an empty label: {name}={value}")
        allowed = "[a-zA-Z_:][a-zA-Z0-9_:]*" if name == "__name__" else "[a-zA-Z_][a-zA-Z0-9_]*"
        need(re.fullmatch(allowed, value if name == "__name__" else name), f"{name}={value}")


def check_samples(samples):
    need(samples, "a series without samples")
    times = [time for time, _ in samples]
    need(times == sorted(times), "samples in disorder")
    need(len(times) == len(set(times)), "two samples in one millisecond")


def its_samples(samples, histograms):
    need(not samples or not histograms, "samples of both kinds in a series")
    return [sample(part) for part in samples] + [histogram(part) for part in histograms]


def read_v1(data):
    for series in message(data, (1,))[1]:
        found = message(series, (1, 2, 4))
        labels = []
        for label in found[1]:
            pair = message(label, (1, 2))
            labels.append((one(pair[1], b"").decode(), one(pair[2], b"").decode()))
        yield labels, None, its_samples(found[2], found[4])


def read_v2(data):
    request = message(data, (4, 5))
    symbols = [symbol.decode() for symbol in request[4]]
    need(symbols and symbols[0] == "", "the first symbol is not empty")
    need(len(symbols) == len(set(symbols)), "a symbol twice")
    used = {0}

    def text(ref):
        need(ref < len(symbols), "a reference to no symbol")
        used.add(ref)
        return symbols[ref]

    for series in request[5]:
        found = message(series, (1, 2, 3, 5, 6))
        refs = list(packed(found[1]))
        need(len(refs) % 2 == 0, "an odd number of references")
        labels = [(text(refs[i]), text(refs[i + 1])) for i in range(0, len(refs), 2)]
        about = message(one(found[5], b""), (1, 3, 4))
        kind = TYPES[one(about[1], 0)]
        metadata = (kind, text(one(about[4], 0)), text(one(about[3], 0)))
        yield labels, metadata, its_samples(found[2], found[3])
    need(len(used) == len(symbols), "a symbol that nobody uses")


def show(labels, metadata, samples):
    print("{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}")
    if metadata:
        kind, unit, about = metadata
        print(f"  {kind}{', ' if unit else ''}{unit}{': ' if about else ''}{about}")
    for time, value in samples:
        print(f"  {value} @ {time}")


def main():
    version, path, *count = sys.argv[1:]
    with open(path, "rb") as body:
        data = unsnappy(body.read())
    series, samples, seen = 0, 0, set()
    for labels, metadata, its in (read_v1 if version == "1" else read_v2)(data):
        check_labels(labels)
        check_samples(its)
        need(tuple(labels) not in seen, f"a series twice: {labels}")
        seen.add(tuple(labels))
        series += 1
        samples += len(its)
        if not count:
            show(labels, metadata, its)
    if count:
        print(f"{series} series, {samples} samples")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"remote_write.py: {wrong}")
