#!/usr/bin/env python3
"""damage_spool.py PROGRAM COUNT [SEED]: damages the files of a spool at random, COUNT
times, and looks at what becomes of the transfers in it.

PROGRAM is the one with faults (see base/fault.h). Each round takes a spool of which a part
is delivered, damages one of its files once, adds a transfer, drains, adds another one and
drains again. What must hold is in `judge`. Prints a line for each round that failed, with
its number and the seed, and at the end how many did; exits 1 if any did. A round depends on
the seed and its number only: FIRST=N in the environment begins there.
"""
import gzip
import http.server
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM, COUNT = os.path.abspath(sys.argv[1]), int(sys.argv[2])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**9)
FIRST = int(os.environ.get("FIRST", "0"))
OBJECT = '{"http_code":200,"time_total":%s,"curl_version":"x"}\n'
WORK = pathlib.Path(tempfile.mkdtemp())


class Database(http.server.BaseHTTPRequestHandler):
    """Stores lines; `left` requests are answered with 204, the others with 503."""

    lines, left = [], 10**9

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        Database.left -= 1
        if Database.left >= 0:
            Database.lines += body.decode("utf-8", "replace").splitlines()
        self.send_response(204 if Database.left >= 0 else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Database)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = "influxdb=http://127.0.0.1:%d/write?db=d" % SERVER.server_port


def run(spool, *options, objects=""):
    """The exit code and what it said; a new process never starts a background sender."""
    done = subprocess.run(
        [PROGRAM, "--spool", str(spool), "--fields", "time_total", "-o", URL, *options],
        input=objects.encode(), capture_output=True, timeout=30,
        env={"FAULT": "" if "--drain" in options else "fork=EIO", "FAULT_LOG": str(WORK / "hits")})
    said = [line for line in done.stderr.decode("utf-8", "replace").splitlines()
            if "cannot start the background sender" not in line]
    return done.returncode, "\n".join(said)


def put(spool, value, *options):
    return run(spool, *options, objects=OBJECT % value)


def records(queue):
    """The records of a queue: (file, begin, end, line as it will be stored)."""
    found = []
    for path in sorted(queue.glob("*.lp")):
        begin = end = 0
        for line in path.read_bytes().splitlines(keepends=True):
            end += len(line)
            if line.startswith(b"#"):
                continue
            series, value, when = line.decode().rstrip("\n").rsplit(" ", 2)
            found.append((path.name, begin, end, "time_total%s value=%s %s" % (
                series[len("curl"):], value.rpartition("time_total=")[2], when)))
            begin = end
    return found


class Template:
    """A spool with transfers, of which the database has got the first."""

    def __init__(self, name, count, label, batch):
        self.spool = WORK / name
        self.options = ["-l", label]
        run(self.spool, *self.options, objects="".join(OBJECT % (i + 0.25) for i in range(count)))
        queue, = self.spool.iterdir()
        self.records = records(queue)
        assert len(self.records) == count, len(self.records)
        Database.left, Database.lines = 1, []
        run(self.spool, *self.options, "--drain", "-b", str(batch), "--retry-max-time", "0")
        Database.left = 10**9
        self.delivered = set(Database.lines)
        assert len(self.delivered) == batch, len(self.delivered)


def damage(queue, dice):
    """Damages a file. Returns its name, and what part of it is not what it was."""
    path = dice.choice(sorted(p for p in queue.iterdir() if p.is_file() and p.stat().st_size))
    was = path.read_bytes()
    at = dice.randrange(len(was))
    long = dice.choice((1, 2, 10, 100, 5000))
    how = dice.choice(("flip", "digit", "swap", "truncate", "delete", "zero", "cut", "insert"))
    now, end = bytearray(was), at + 1
    if how == "flip":
        now[at] ^= 1 << dice.randrange(8)
    elif how in ("digit", "swap"):
        digits = [i for i in range(len(was) - 1) if 48 <= was[i] <= 57 and 48 <= was[i + 1] <= 57]
        if not digits:
            return path.name, how, at, at
        at = dice.choice(digits)
        end = at + 1 + (how == "swap")
        if how == "swap":
            now[at], now[at + 1] = now[at + 1], now[at]
        else:
            now[at] = dice.choice(b"0123456789")
    elif how == "truncate":
        now, end = now[:at], len(was)
    elif how == "delete":
        path.unlink()
        return path.name, how, 0, len(was)
    elif how == "zero":
        end = min(at + long, len(was))
        now[at:end] = bytes(end - at)
    elif how == "cut":
        end = min(at + long, len(was))
        del now[at:end]
    else:
        now[at:at] = bytes(dice.randrange(256) for _ in range(long))
    path.write_bytes(now)
    return path.name, how, at, end


def judge(template, hit, said, codes, new, status):
    """Why the round failed, or None."""
    name, _, begin, end = hit
    stored = set(Database.lines)
    acknowledged = {record[3] for record in template.records}
    lost = acknowledged - template.delivered - stored
    touched = {r[3] for r in template.records if r[0] == name and r[1] < end and r[2] > begin}
    fresh = {}
    for line in stored - acknowledged:
        match = re.fullmatch(r"time_total,\S* value=([0-9.]+) ([0-9]+)", line)
        if not match or match[1] not in new or abs(int(match[2]) / 1e9 - time.time()) > 60:
            return "stored what was never given: " + line[:200]
        fresh.setdefault(match[1], set()).add(match[2])
    if any(len(times) > 1 for times in fresh.values()):
        return "stored with two times"
    if set(fresh) != set(new):
        return "a new transfer is not stored: %s of %s" % (sorted(fresh), new)
    if lost - touched:
        return "%d lost that were not touched" % len(lost - touched)
    if lost and not said:
        return "%d lost in silence" % len(lost)
    if any(code not in (0, 65) for code in codes):
        return "exit codes %s" % codes
    if status != 0:
        return "something is said to wait in the end"
    return None


def play(number, template):
    dice = random.Random(SEED * 1000003 + number)
    spool = WORK / "now"
    shutil.rmtree(spool, ignore_errors=True)
    shutil.copytree(template.spool, spool)
    queue, = spool.iterdir()
    hit = damage(queue, dice)
    Database.lines = []
    codes, said, new = [], "", []
    try:
        for value in ("900001.5", "900002.5"):
            if value == "900002.5" or dice.random() < 0.5:
                new.append(value)
                code, words = put(spool, value, *template.options)
                codes.append(code)
                said += words
            code, words = run(spool, *template.options, "--drain")
            codes.append(code)
            said += words
        status = run(spool, "--spool-status")[0]
        why = judge(template, hit, said, codes, new, status)
    except subprocess.TimeoutExpired as late:
        why = str(late)
    if why:
        print("round %d of seed %d: %s %s %s %d..%d: %s\n%s" % (
            number, SEED, template.spool.name, *hit, why, said), flush=True)
    return not why


def main():
    templates = [Template("small", 25, "id=x", 10),
                 Template("large", 900, "pad=" + 3500 * "p", 140)]
    failed = 0
    for number in range(FIRST, FIRST + COUNT):
        failed += not play(number, templates[number % 10 == 9])
    print("seed %d: %d damages, %d failed" % (SEED, COUNT, failed))
    shutil.rmtree(WORK)
    return failed > 0


sys.exit(main())
