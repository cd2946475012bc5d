#!/usr/bin/env python3
"""What tsdb-exporter costs, beside the same work done by others.

    tests/bench/bench.py [BUILD [ROWS...]]
        BUILD: where make put things ("build")
        ROWS: one, parallel, stream, report, protocols, totals, spool, writers, drain; or all

Every row is measured in this run: the contenders take turns (A B C D, A B C D),
so that a machine that gets slower or busier does so for all of them, and each
figure is the median of its turns. Time is user + system time of all processes
of a contender; the database is a sink that answers 204, which is not counted.
Memory is the largest single process. How both are taken: measure.c.

Targets are printed, not enforced: a busy machine is no failed test. What does
fail the run is work that was not done, a contender that exits with an error or
lines that do not arrive.

BENCH_TURNS (60), BENCH_PARALLEL (1000), BENCH_STREAM (100000), BENCH_WRITERS
(20000) and BENCH_SPOOL (100000) change the sizes; all of it takes three to four
minutes on two cores.
"""
import array
import contextlib
import fcntl
import glob
import importlib.util
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import textwrap
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build"))
OURS = os.path.join(BUILD, "tsdb-exporter")
TOOLS = os.path.join(BUILD, "bench")
CORPUS = os.path.join(ROOT, "tests", "data", "corpus_public.ndjson")

TURNS = int(os.environ.get("BENCH_TURNS", 60))
PARALLEL = int(os.environ.get("BENCH_PARALLEL", 1000))
STREAM = int(os.environ.get("BENCH_STREAM", 100000))
WRITERS = int(os.environ.get("BENCH_WRITERS", 20000))
SPOOL = int(os.environ.get("BENCH_SPOOL", 100000))
PARALLEL_TURNS = 5  # with a fifth of the objects each
STREAM_TURNS = 5
REPORT_TURNS = 9
WRITERS_TURNS = 3

# A user's own settings must not decide what is measured.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C"}

# One line a number, as exporter.py writes it; null and texts left out.
JQ = (r'to_entries[] | select(.value | type == "number")'
      r' | "\(.key),label=curl-http value=\(.value)"')


def fail(what):
    sys.exit(f"bench: {what}")


class Sink:
    """The receiver; it stops when this process ends, however that happens."""

    def __enter__(self):
        self.process = subprocess.Popen([os.path.join(TOOLS, "sink")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        port = self.process.stdout.readline().strip()
        if not port:
            fail("the sink does not start")
        self.base = f"http://127.0.0.1:{port}"
        self.url = f"{self.base}/write?db=metrics"
        self.database = f"{self.base}/metrics"
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(5)

    def counts(self):
        """What arrived since the last call; this call is one connection of it."""
        with self.opener.open(self.base) as answer:
            counts = json.load(answer)
        counts["connections"] -= 1
        return counts


class Contender:
    def __init__(self, name, command, lines=None, **expected):
        self.name = name
        self.command = command
        self.before = None  # called before each run, which it is not part of
        self.expected = expected
        if lines is not None:
            self.expected["lines"] = lines
        self.times_us = []
        self.peak_kib = 0
        self.bytes = 0  # of the bodies that arrived

    def run(self, stdin, sink):
        if self.before:
            self.before()
        sink.counts()
        answer = subprocess.run([os.path.join(TOOLS, "measure"), stdin, "/dev/null", *self.command],
                                stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, check=False)
        if answer.returncode != 0:
            fail(f"{self.name}: cannot be measured")
        time_us, peak_kib, status = map(int, answer.stdout.split())
        counts = sink.counts()
        if status != 0:
            fail(f"{self.name}: exit code {status}")
        for what, expected in self.expected.items():
            if counts[what] != expected:
                fail(f"{self.name}: {counts[what]} {what} arrived, not {expected}")
        self.times_us.append(time_us)
        self.bytes = counts["bytes"]
        self.peak_kib = max(self.peak_kib, peak_kib)

    def median_us(self):
        return statistics.median(self.times_us)


def take_turns(contenders, turns, stdin, sink, warm_up=True):
    for contender in contenders if warm_up else []:
        contender.run(stdin, sink)
        contender.times_us.clear()
    for _ in range(turns):
        for contender in contenders:
            contender.run(stdin, sink)


def time_text(us):
    return f"{us / 1e3:.1f} ms" if us < 1e6 else f"{us / 1e6:.2f} s"


def table(title, contenders, targets, notes=()):
    """Our row first; for each other one, how much of its time ours takes."""
    ours = contenders[0]
    print(f"\n{title}")
    print(f"  {'':30}{'user+sys':>10}{'peak':>11}   ours / this")
    for contender in contenders:
        row = f"  {contender.name:30}{time_text(contender.median_us()):>10}" \
              f"{contender.peak_kib / 1024:>7.1f} MiB"
        if contender is not ours and not contender.name.startswith("("):
            row += f"   {ours.median_us() / contender.median_us():6.3f}"
        if contender.name in targets:
            row += f"  (target <= {targets[contender.name]})"
        print(row)
    for note in notes:
        print(f"  {note}")
    sys.stdout.flush()


def write_objects(directory, count):
    """`count` objects of the corpus, a file each; returns the list of files."""
    with open(CORPUS, "rb") as corpus:
        objects = [line for line in corpus if b'"certs":,' not in line]  # jq would refuse it
    names = os.path.join(directory, "names")
    with open(names, "w", encoding="ascii") as listing:
        for i in range(count):
            path = os.path.join(directory, f"object{i}")
            with open(path, "wb") as file:
                file.write(objects[i % len(objects)])
            listing.write(path + "\n")
    return names


def write_stream(path, count):
    with open(CORPUS, "rb") as corpus:
        objects = corpus.read().splitlines(keepends=True)
    with open(path, "wb") as file:
        whole, rest = divmod(count, len(objects))
        for _ in range(whole):
            file.writelines(objects)
        file.writelines(objects[:rest])


def lines_of(stdin):
    """The line protocol that ours makes of the file."""
    with open(stdin, "rb") as file:
        return subprocess.run([OURS, "-l", "curl-http", "-o", "file=-"], stdin=file, check=True,
                              stdout=subprocess.PIPE, env=ENVIRONMENT).stdout


def bench_one(sink, directory):
    one = os.path.join(directory, "one")
    body = os.path.join(directory, "body")
    with open(CORPUS, "rb") as corpus, open(one, "wb") as file:
        file.write(corpus.readlines()[1])
    text = lines_of(one)
    lines = text.count(b"\n")
    with open(body, "wb") as file:
        file.write(text)
    contenders = [
        Contender("tsdb-exporter", [OURS, "-l", "curl-http", "-o", f"influxdb={sink.database}"],
                  lines, requests=1),
        Contender("curl --data-binary @body",
                  ["curl", "-s", "--data-binary", f"@{body}", sink.url], lines, requests=1),
        Contender("jq | curl", ["jq", "-r", JQ, "|", "curl", "-s", "--data-binary", "@-", sink.url],
                  requests=1),
        Contender("exporter.py",
                  [sys.executable, os.path.join(HERE, "exporter.py"), "curl-http", sink.url],
                  requests=1),
    ]
    if importlib.util.find_spec("requests"):
        contenders.append(Contender("exporter.py with requests",
                                    [*contenders[-1].command, "requests"], requests=1))
    take_turns(contenders, TURNS, one, sink)
    table(f"One object, a process each ({TURNS} turns)", contenders,
          {"curl --data-binary @body": 1.15, "exporter.py": 0.1,
           "exporter.py with requests": 0.1},
          ["curl's body is the line protocol that tsdb-exporter sends, ready-made"])


def bench_parallel(sink, directory):
    objects = PARALLEL // PARALLEL_TURNS
    names = write_objects(directory, objects)
    python = f"{sys.executable} {HERE}/exporter.py"

    def each(name, script, **expected):
        return Contender(name, ["xargs", "-P20", "-I{}", "sh", "-c", script], **expected)

    contenders = [
        each("tsdb-exporter", f"exec {OURS} -l curl-http -o influxdb={sink.database} <{{}}",
             requests=objects),
        each("jq | curl", f"jq -r '{JQ}' <{{}} | curl -s --data-binary @- '{sink.url}'",
             requests=objects),
        each("exporter.py", f"exec {python} curl-http '{sink.url}' <{{}}", requests=objects),
        each("(xargs and sh alone)", "exec true <{}", requests=0),
    ]
    take_turns(contenders, PARALLEL_TURNS, names, sink, warm_up=False)
    table(f"{objects * PARALLEL_TURNS} objects under xargs -P20, a process each"
          f" ({PARALLEL_TURNS} turns of {objects})", contenders, {"exporter.py": 0.1},
          [f"time of {objects} objects; xargs and its shells are counted in every row"])


def bench_stream(sink, directory):
    stream = os.path.join(directory, "stream")
    write_stream(stream, STREAM)
    lines = 0
    with open(CORPUS, "rb") as corpus:
        rows = corpus.read().splitlines(keepends=True)
    for part, times in ((rows, STREAM // len(rows)), (rows[:STREAM % len(rows)], 1)):
        piece = os.path.join(directory, "piece")
        with open(piece, "wb") as file:
            file.writelines(part)
        lines += lines_of(piece).count(b"\n") * times
    send = [OURS, "-l", "curl-http", "-o", f"influxdb={sink.database}"]
    metric = Contender("tsdb-exporter, metric", send, lines, connections=1)
    wide = Contender("tsdb-exporter, wide", [*send, "--layout", "wide"], STREAM, connections=1)
    parse = Contender("bare cJSON parse, malloc", [os.path.join(TOOLS, "parse")], requests=0)
    take_turns([metric, parse, wide, parse], STREAM_TURNS, stream, sink, warm_up=False)
    mib = os.path.getsize(stream) / 1048576
    print(f"\nA stream of {STREAM} objects ({mib:.0f} MiB), one connection ({STREAM_TURNS} turns)")
    print(f"  {'':24}{'user+sys':>9}{'peak':>11}{'objects/s':>11}  x cJSON's")
    for contender in (metric, wide, parse):
        rate = STREAM / contender.median_us() * 1e6
        row = f"  {contender.name:24}{time_text(contender.median_us()):>9}" \
              f"{contender.peak_kib / 1024:>7.1f} MiB{rate:>11,.0f}"
        if contender is not parse:
            row += f"  {parse.median_us() / contender.median_us():.3f} (target >= 0.8)"
        print(row)
    print("  objects/s: of user+system time. Targets: at least 52,000, twice the 26,000\n"
          "  that fluent-bit was once measured to do; peak at most 16 MiB")


def write_timed(directory):
    """A stream of objects that are 10 ms apart."""
    stream = os.path.join(directory, "stream")
    timed = os.path.join(directory, "timed")
    write_stream(stream, STREAM)
    with open(stream, "rb") as objects, open(timed, "wb") as file:
        for i, line in enumerate(objects):
            file.write(b'{"ts":%.2f,"curl":%s}\n' % (1700000000 + i / 100, line.strip()))
    return timed


def bench_report(sink, directory):
    timed = write_timed(directory)
    page = os.path.join(directory, "page.html")
    send = [OURS, "-l", "curl-http", "-o", f"influxdb={sink.database}"]
    without = Contender("without a report", send, connections=1)
    report = Contender("--report", [*send, "--report", page], connections=1)
    take_turns([without, report], REPORT_TURNS, timed, sink, warm_up=False)
    more = statistics.median(one / other for one, other in zip(report.times_us, without.times_us)) - 1
    kib = report.peak_kib - without.peak_kib
    print(f"\nLooking at a stream of {STREAM} objects, 10 ms apart ({REPORT_TURNS} turns)")
    for contender in (without, report):
        print(f"  {contender.name:24}{time_text(contender.median_us()):>9}"
              f"{contender.peak_kib / 1024:>7.1f} MiB")
    print(f"  {100 * more:+.1f} % (target <= 5 %), {kib / 1024:+.1f} MiB (target <= 4 MiB)")
    sys.stdout.flush()


def bench_protocols(sink, directory):
    """The objects have times of their own: of what comes faster than a sample a
    millisecond, Prometheus keeps less."""
    timed = write_timed(directory)
    influxdb, prometheus = f"influxdb={sink.database}", f"prometheus={sink.base}"
    contenders = [
        Contender(name, [OURS, "-l", "curl-http", "-o", *command], connections=1)
        for name, command in (("line protocol", [influxdb]),
                              ("line protocol, --gzip", [influxdb, "--gzip"]),
                              ("line protocol, wide", [influxdb, "--layout", "wide"]),
                              ("remote write 1.0", [prometheus]),
                              ("remote write 2.0", [prometheus, "--remote-write", "2"]))]
    take_turns(contenders, STREAM_TURNS, timed, sink, warm_up=False)
    print(f"\nProtocols: {STREAM} objects, 10 ms apart ({STREAM_TURNS} turns)")
    print(f"  {'':24}{'user+sys':>9}{'peak':>11}{'objects/s':>11}{'bytes sent':>13}"
          f"{'an object':>11}")
    for contender in contenders:
        rate = STREAM / contender.median_us() * 1e6
        print(f"  {contender.name:24}{time_text(contender.median_us()):>9}"
              f"{contender.peak_kib / 1024:>7.1f} MiB{rate:>11,.0f}{contender.bytes:>13,}"
              f"{contender.bytes / STREAM:>11,.0f}")
    sys.stdout.flush()


def bench_totals(sink, directory):
    """Totals cost the same at any rate; what gauges cost grows with each transfer."""
    stream = os.path.join(directory, "stream")
    write_stream(stream, STREAM)
    sets = 1000
    print(f"\nTotals ({STREAM_TURNS} turns)")
    print(f"  {'':28}{'objects':>8}{'user+sys':>9}{'peak':>11}{'an object':>11}"
          f"{'bytes in 5 s':>13}")

    def rows(title, count, rate, page, options):
        timed = os.path.join(directory, "timed")
        with open(stream, "rb") as objects, open(timed, "wb") as file:
            for i, line in zip(range(count), objects):
                file.write(b'{"page":"%d","ts":%.4f,"curl":%s}\n'
                           % (page(i), 1700000000 + i / rate, line.strip()))
        contenders = [Contender(f"{title}, {name}",
                                [OURS, *options, "-o", f"prometheus/{layout}={sink.base}"])
                      for name, layout in (("totals", "totals"), ("k6", "k6"), ("gauges", "wide"))
                      if layout != "wide" or rate <= 1000]  # faster, some would be merged
        take_turns(contenders, STREAM_TURNS, timed, sink, warm_up=False)
        for contender in contenders:
            print(f"  {contender.name:28}{count:>8}{time_text(contender.median_us()):>9}"
                  f"{contender.peak_kib / 1024:>7.1f} MiB"
                  f"{contender.median_us() / count:>8.1f} us"
                  f"{contender.bytes / count * rate * 5:>13,.0f}")
        sys.stdout.flush()

    for rate in (10, 1000, 10000):
        rows(f"{rate:,} a second", min(STREAM, 20 * rate), rate, lambda i: 0, ["-l", "curl-http"])
    rows(f"{sets:,} labels", min(STREAM, 10 * sets), 1000, lambda i: i % sets,
         ["-t", "page"])


class Spool:
    """A spool in `directory`, for one destination."""

    def __init__(self, directory, name, url, *options):
        self.path = os.path.join(directory, name)
        self.command = [OURS, "--spool", self.path, "-l", "curl-http", "-o", f"influxdb={url}",
                        *options]
        self.run("--allow-empty", stdin=subprocess.DEVNULL)
        self.queue, = glob.glob(os.path.join(self.path, "*"))

    def run(self, *options, stdin=None, code=0):
        done = subprocess.run([*self.command, *options], stdin=stdin, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=ENVIRONMENT, check=False)
        if done.returncode != code:
            fail(f"{' '.join(done.args)}: exit code {done.returncode}")

    @contextlib.contextmanager
    def held(self):
        """To everybody else it looks as if a drainer lived, which does nothing."""
        with open(os.path.join(self.queue, "0.drainer"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def kill_drainer(self):
        """In the background of the run before: what has the file open reads /dev/null."""
        lock = os.path.join(self.queue, "0.drainer")
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{pid}/fd/0") == "/dev/null" and \
                        any(os.readlink(fd) == lock for fd in glob.glob(f"/proc/{pid}/fd/*")):
                    os.kill(int(pid), signal.SIGKILL)
        with open(lock, "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # returns when it is gone

    def transfers(self):
        count = 0
        for segment in glob.glob(os.path.join(self.queue, "*.lp")):
            with open(segment, "rb") as file:
                while piece := file.read(1 << 20):
                    count += piece.count(b"\n")
        return count // 2  # before each stands a line with its checksum

    def expect(self, count):
        if self.transfers() != count:
            fail(f"{self.path}: {self.transfers()} transfers in the spool, not {count}")


NOWHERE = "http://127.0.0.1:9/metrics"


def bench_spool(sink, directory):
    one = os.path.join(directory, "one")
    with open(CORPUS, "rb") as corpus, open(one, "wb") as file:
        file.write(corpus.readlines()[1])
    lives = Spool(directory, "lives", sink.database)
    rests = Spool(directory, "rests", NOWHERE, "--retry-max-time", "0")
    forks = Spool(directory, "forks", NOWHERE)
    contenders = [
        Contender("a drainer lives", lives.command, requests=0),
        Contender("database down, drainer rests", rests.command, requests=0),
        Contender("starts a drainer", forks.command, requests=0),
        Contender("cat >/dev/null", ["cat"], requests=0),
        Contender("true", ["true"], requests=0),
        Contender("exporter.py",
                  [sys.executable, os.path.join(HERE, "exporter.py"), "curl-http", sink.url],
                  requests=1),
    ]
    if importlib.util.find_spec("requests"):
        contenders.append(Contender("exporter.py with requests",
                                    [*contenders[-1].command, "requests"], requests=1))
    contenders[2].before = forks.kill_drainer
    with open(one, "rb") as file:
        rests.run(stdin=file)
    for _ in range(7):  # then it rests for a minute
        rests.run("--drain", code=75)
    with lives.held():
        take_turns(contenders, TURNS, one, sink)
    forks.kill_drainer()
    lives.expect(TURNS + 1)
    rests.expect(TURNS + 2)
    forks.expect(TURNS + 1)
    cat, pythons = contenders[3], contenders[5:]
    print(f"\nOne object into the spool, a process each ({TURNS} turns)")
    print(f"  {'':30}{'user+sys':>10}{'peak':>11}   x cat's  exporter.py's, with requests")
    for contender in contenders:
        row = f"  {contender.name:30}{time_text(contender.median_us()):>10}" \
              f"{contender.peak_kib / 1024:>7.1f} MiB" \
              f"   {contender.median_us() / cat.median_us():7.2f}"
        if contender in contenders[:3]:
            row += "".join(f"  1/{python.median_us() / contender.median_us():.0f}"
                           for python in pythons)
        print(row)
    print("  Targets: at most 1.6 times cat's, at most 1/100 of exporter.py's")
    sys.stdout.flush()


class Writers:
    """`count` at a time, each `rounds` times with `stdin`."""

    def __init__(self, name, spool, count, rounds, stdin, each=1):
        self.name, self.spool, self.transfers = name, spool, count * rounds * each
        self.command = [os.path.join(TOOLS, "writers"), str(count), str(rounds), stdin]
        self.rates, self.held_ns = [], array.array("q")

    def run(self, times):
        before = self.spool.transfers() if self.spool else 0
        environment = dict(ENVIRONMENT, LD_PRELOAD=os.path.join(TOOLS, "lock_times.so"),
                           LOCK_TIMES=times) if times else ENVIRONMENT
        done = subprocess.run([*self.command, *(self.spool.command if self.spool else ["cat"])],
                              stdout=subprocess.PIPE, text=True, env=environment, check=False)
        if done.returncode != 0 or not done.stdout.strip().endswith(" 0"):
            fail(f"{self.name}: {done.stdout}")
        if self.spool:
            self.spool.expect(before + self.transfers)
        if times:
            with open(times, "rb") as file:
                self.held_ns.frombytes(file.read())
            os.unlink(times)
        else:
            self.rates.append(self.transfers / int(done.stdout.split()[0]) * 1e6)

    def row(self):
        held = sorted(self.held_ns)
        row = f"  {self.name:30}{statistics.median(self.rates):>12,.0f}"
        for part in (0.5, 0.99, 1) if held else ():
            row += f"{held[int((len(held) - 1) * part)] / 1e3:>9,.0f}"
        return row


def bench_writers(sink, directory):
    """Speed and locks are measured in runs of their own: telling takes time."""
    count = 20
    one, piece = os.path.join(directory, "one"), os.path.join(directory, "piece")
    with open(CORPUS, "rb") as corpus, open(one, "wb") as file:
        file.write(corpus.readlines()[1])
    write_stream(piece, 5 * WRITERS // count)
    processes = Spool(directory, "processes", sink.database)
    streams = Spool(directory, "streams", sink.database)
    contenders = [
        Writers("a process each", processes, count, WRITERS // count, one),
        Writers("20 streams", streams, count, 1, piece, 5 * WRITERS // count),
        Writers("(cat, a process each)", None, count, WRITERS // count, one),
    ]
    with processes.held(), streams.held():
        for _ in range(WRITERS_TURNS):
            for contender in contenders:
                contender.run(None)
        for contender in contenders[:2]:
            contender.run(os.path.join(directory, "times"))
    print(f"\n20 writers without pause, {WRITERS} processes, or {5 * WRITERS} transfers in 20"
          f" streams ({WRITERS_TURNS} turns)")
    print(f"  {'':30}{'transfers/s':>12}   lock held, us: median, 99 %, most")
    for contender in contenders:
        print(contender.row())
    print("  Targets: at least 5,000 transfers/s, 99 % of the locks at most 1,000 us")
    sys.stdout.flush()


def bench_drain(sink, directory):
    """The spool is filled anew for each turn."""
    stream = os.path.join(directory, "long")
    write_stream(stream, SPOOL)
    spool = Spool(directory, "long.spool", sink.database, "--spool-max", "8G")

    def fill():
        with spool.held(), open(stream, "rb") as file:
            spool.run(stdin=file)
        spool.expect(SPOOL)

    contenders = [
        Contender("without a spool", [OURS, "-l", "curl-http", "-o", f"influxdb={sink.database}"],
                  connections=1),
        Contender("--drain", [*spool.command, "--drain"], connections=1),
        Contender("into the spool", spool.command, requests=0)]
    contenders[1].before = fill
    take_turns(contenders[:2], STREAM_TURNS, stream, sink, warm_up=False)
    with spool.held():
        contenders[2].run(stream, sink)
    spool.expect(SPOOL)
    print(f"\nA spool of {SPOOL} transfers ({STREAM_TURNS} turns)")
    print(f"  {'':24}{'user+sys':>9}{'peak':>11}{'objects/s':>11}  x without")
    for contender in contenders:
        print(f"  {contender.name:24}{time_text(contender.median_us()):>9}"
              f"{contender.peak_kib / 1024:>7.1f} MiB"
              f"{SPOOL / contender.median_us() * 1e6:>11,.0f}"
              f"  {contenders[0].median_us() / contender.median_us():.2f}")
    print("  Targets of --drain: peak at most 32 MiB, half the speed of the same stream")
    sys.stdout.flush()


def first_line(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=ENVIRONMENT)
    return done.stdout.splitlines()[0] if done.stdout else "?"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            for line in info:
                if line.startswith("model name"):
                    return " ".join(line.split(":", 1)[1].split())
    except OSError:
        pass
    return platform.machine()


def header():
    def say(name, value):
        print(textwrap.fill(f"{name:10}{value}", 79, subsequent_indent=" " * 10))

    version = subprocess.run([OURS, "--version"], stdout=subprocess.PIPE, text=True, check=True,
                             env=ENVIRONMENT).stdout.splitlines()
    say("machine", f"{len(os.sched_getaffinity(0))} cores, {processor()}")
    say("system", f"{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}")
    say("ours", version[0])
    for line in version[1:]:
        say("", line)
    say("curl", " ".join(first_line(["curl", "--version"]).split()[:5]))
    say("others", f"{first_line(['jq', '--version'])}, Python {platform.python_version()}")


ROWS = {"one": bench_one, "parallel": bench_parallel, "stream": bench_stream, "report": bench_report,
        "protocols": bench_protocols, "totals": bench_totals, "spool": bench_spool, "writers": bench_writers,
        "drain": bench_drain}


def main():
    wanted = sys.argv[2:] or list(ROWS)
    for name in wanted:
        if name not in ROWS:
            fail(f"no rows called '{name}'; there are {', '.join(ROWS)}")
    for tool in ("curl", "jq", "xargs"):
        if not shutil.which(tool):
            fail(f"needs {tool}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is open is closed
    header()
    with tempfile.TemporaryDirectory(prefix="data-", dir=TOOLS) as directory, Sink() as sink:
        ENVIRONMENT["HOME"] = directory  # no ~/.curlrc
        for name, rows in ROWS.items():
            if name in wanted:
                rows(sink, directory)


if __name__ == "__main__":
    main()
