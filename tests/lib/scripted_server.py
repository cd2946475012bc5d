#!/usr/bin/env python3
"""An HTTP server that answers by a script, for what a real database will not do
on demand, and that writes down everything it was sent.

    scripted_server.py [OPTION...] DIR STEP...

Every request gets the next STEP; the last one repeats, and "3*503" stands for
three times "503". A step is an answer and how to give it:

    204 503 ...         that status
    limit=BYTES         413 for a body above BYTES, else 204
    raw=FILE            the bytes of that file, and a close; counts as 200
    bad-line=TEXT       400 while TEXT stands in the body, else 204: nothing of
                        the request is stored because of one line
    partial             400 as InfluxDB says that some lines were not stored
    hang                no answer, ever
    empty               the connection is closed instead of an answer
    reset               the same with a TCP reset

    retry-after=TEXT    a Retry-After header
    retry-after-date=N  the same, as the date N seconds from now, rounded up
    location=URL        a Location header
    header=NAME:VALUE   any other
    early               answers before the body is read, and closes
    cut                 closes before the whole body of the answer is sent
    close               closes behind the answer
    endless=SECONDS     the body of the answer never ends; so long between pieces
    slow=SECONDS        waits before the answer
    echo=FORM           the answer's body is the head of the request, on one line:
                        plain; json, percent; or values, without the names of the
                        headers, and with what Basic encodes
    body=TEXT           the answer's body: all the rest of the step; every X for
                        a number in body-length=N instead

for instance: '429 retry-after=2' '500 body={"error":"no disk"}' 204

DIR gets, the requests being numbered from 00001:

    port            where it listens; if it exists, that port is taken again and
                    the numbers go on, so that a server can go away and return
    NUMBER.head     request line and headers
    NUMBER.body     the body as it came
    log             a line each: NUMBER TIME CONNECTION STATUS BODY-BYTES; time in
                    seconds, connections numbered, "-" for no status
    stored          the bodies of requests answered with 2xx, decompressed, one
                    behind the other: what a database would have now

All of it is written before the answer is given. The server ends with SIGTERM or
with the process that started it.

    --tls CERT KEY      speak HTTPS
    --client-ca FILE    and want a client certificate signed by this CA
"""
import argparse
import base64
import collections
import email.utils
import errno
import gzip
import json
import os
import pathlib
import random
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

Step = collections.namedtuple("Step", "answer options")

PARTIAL = '{"error":"partial write: field type conflict dropped=1"}'


class Gone(Exception):
    """The client has closed the connection."""


def parse_step(text):
    """'503 slow=1' -> Step('503', {'slow': '1'})"""
    text, is_body, body = text.partition("body=")
    words = text.split()
    options = {}
    for word in words[1:]:
        name, _, value = word.partition("=")
        options[name] = value
    if is_body:
        options["body"] = body
    return Step(words[0], options)


def parse_script(texts):
    script = []
    for text in texts:
        times, star, step = text.partition("*")
        if star and times.isdigit():
            script += [parse_step(step)] * int(times)
        else:
            script.append(parse_step(text))
    return script


class Record:
    """The directory; one thread at a time."""

    def __init__(self, directory, script):
        self.directory = directory
        self.script = script
        self.lock = threading.Lock()
        self.number = len(list(directory.glob("*.head")))
        self.connections = 0
        self.steps_taken = 0

    def connection(self):
        with self.lock:
            self.connections += 1
            return self.connections

    def request(self, head):
        """Takes down a request; returns its number and step."""
        with self.lock:
            self.number += 1
            step = self.script[min(self.steps_taken, len(self.script) - 1)]
            self.steps_taken += 1
            (self.directory / f"{self.number:05}.head").write_bytes(head)
            return self.number, step

    def answer(self, number, connection, arrived, status, body):
        with self.lock:
            (self.directory / f"{number:05}.body").write_bytes(body)
            if status // 100 == 2:
                with open(self.directory / "stored", "ab") as stored:
                    stored.write(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            with open(self.directory / "log", "a", encoding="ascii") as log:
                log.write(f"{number:05} {arrived:.6f} {connection} {status or '-'} {len(body)}\n")


class Client(threading.Thread):
    """One connection."""

    def __init__(self, plain, record, context):
        super().__init__(daemon=True)
        self.socket = plain
        self.record = record
        self.context = context
        self.number = record.connection()
        self.pending = b""

    def run(self):
        try:
            if self.context:
                self.socket = self.context.wrap_socket(self.socket, server_side=True)
            while self.serve():
                pass
        except (OSError, Gone):
            pass
        self.socket.close()

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise Gone
        return data

    def read_head(self):
        data = self.pending
        while b"\r\n\r\n" not in data:
            data += self.receive()
        head, _, self.pending = data.partition(b"\r\n\r\n")
        return head + b"\r\n"

    def read_body(self, head):
        length = re.search(rb"\ncontent-length: *(\d+)", head, re.I)
        length = int(length.group(1)) if length else 0
        parts, have = [self.pending], len(self.pending)
        while have < length:
            parts.append(self.receive())
            have += len(parts[-1])
        body = b"".join(parts)
        self.pending = body[length:]
        return body[:length]

    def serve(self):
        """One request; false when the connection is to be closed."""
        head = self.read_head()
        arrived = time.time()
        number, step = self.record.request(head)
        body = b"" if "early" in step.options else self.read_body(head)
        status, text = judge(step, body)
        if "echo" in step.options:
            text = echo(head.decode(), step.options["echo"])
        self.record.answer(number, self.number, arrived, status, body)
        time.sleep(float(step.options.get("slow", 0)))
        if step.answer == "hang":
            threading.Event().wait()
        if step.answer == "reset":
            # lingering for 0 s makes close() send a reset
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if not status:
            return False
        if step.answer.startswith("raw="):
            self.socket.sendall(pathlib.Path(step.answer[4:]).read_bytes())
            return False
        self.socket.sendall(answer_bytes(status, text, step.options))
        while "endless" in step.options:
            self.socket.sendall(b"x" * 10000)
            time.sleep(float(step.options["endless"]))
        return not step.options.keys() & {"early", "cut", "close"}


def judge(step, body):
    """What the step means for a request: a status, 0 for none, and a text."""
    text = step.options.get("body", "X" * int(step.options.get("body-length", 0)))
    name, _, value = step.answer.partition("=")
    if name in ("hang", "empty", "reset"):
        return 0, ""
    if name == "partial":
        return 400, text or PARTIAL
    if name == "raw":
        return 200, ""
    if name == "limit":
        return (413, "too large") if len(body) > int(value) else (204, "")
    if name == "bad-line":
        return (400, text or f"cannot parse: {value}") if value.encode() in body else (204, "")
    return int(name), text


def echo(head, form):
    """The head of a request as a server might repeat it."""
    if form == "values":
        words = re.sub(r"^[^ ]*: *", "", head, flags=re.M).split()
        for i, word in enumerate(words[:-1]):
            if word == "Basic":
                words[i] = base64.b64decode(words[i + 1]).decode()
        return " ".join(words)
    if form == "json":
        return json.dumps({"head": head}).replace("&", "\\u0026")
    return urllib.parse.quote(head) if form == "percent" else " ".join(head.split())


def answer_bytes(status, text, options):
    headers = []
    if "retry-after" in options:
        headers.append("Retry-After: " + options["retry-after"])
    if "retry-after-date" in options:
        date = time.time() + float(options["retry-after-date"])
        headers.append("Retry-After: " + email.utils.formatdate(int(date) + 1, usegmt=True))
    if "location" in options:
        headers.append("Location: " + options["location"])
    if "header" in options:
        headers.append(options["header"].replace(":", ": ", 1))
    body = text.encode()
    if status != 204 and "endless" not in options:
        length = len(body) + (100 if "cut" in options else 0)
        headers.append(f"Content-Length: {length}")
    lines = [f"HTTP/1.1 {status} Scripted"] + headers + ["", ""]
    return "\r\n".join(lines).encode() + body


def bind(listener, port_file):
    """To its port of before; else to one that the kernel gives nobody, whose own
    choice begins at 32768: nobody has it when this server is started again."""
    if port_file.exists():
        listener.bind(("127.0.0.1", int(port_file.read_text())))
        return
    while True:
        try:
            return listener.bind(("127.0.0.1", random.randrange(10000, 20000)))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise


def listen(directory):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port_file = directory / "port"
    bind(listener, port_file)
    listener.listen(64)
    # a rename, so that who waits for the file finds it whole
    new = directory / "port.new"
    new.write_text(f"{listener.getsockname()[1]}\n")
    new.rename(port_file)
    return listener


def end_with_parent():
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--client-ca")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("step", nargs="+")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    end_with_parent()
    context = None
    if args.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*args.tls)
        if args.client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(args.client_ca)
    args.directory.mkdir(parents=True, exist_ok=True)
    record = Record(args.directory, parse_script(args.step))
    listener = listen(args.directory)
    while True:
        plain, _ = listener.accept()
        Client(plain, record, context).start()


if __name__ == "__main__":
    main()
