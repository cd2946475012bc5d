#!/usr/bin/env python3
"""Runs real curls over a wire of known length and holds what the program says of
them against the number of round trips that each phase is known to take.

    phases.py DIR CURL...     in the client's namespace; BIN is the program,
                              descriptor 9 takes the wire's orders

DIR has the certificates and the bodies to send. Prints one line for each thing that
is promised, "0" or "1" (failed), a tab and the text; lines with "#" explain failures."""
import concurrent.futures
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.parse

# What each phase of a transfer takes: R is the round trip, S the server's own time,
# CPU any time up to that of the same case's handshake without a wire, as part of it
# hides behind the wire. PACE is any time up to R / 6 where ngtcp2 does QUIC: it spreads
# the first window's datagrams over the round trip, so that the second, which has what
# the first has no room for, was seen to leave R / 7 later. ">=" is a lower bound (a
# megabyte takes what the windows make of it), "-" is a phase that must not be there.
# handshake goes from the address to the connection that is ready, wait from the
# request sent to the first byte of the answer.
TABLE = '''
case                      curl  connect  tls          handshake    queue       send  wait           transfer

plain, fresh              all   R        -            R            0           0     R + S          0
plain, reused             all   -        -            -            0           0     R + S          0
h1, fresh                 all   R        R + CPU      2 R + CPU    0           0     R + S          0
h1, reused                all   -        -            -            0           0     R + S          0
TLS 1.2, fresh            all   R        2 R + CPU    3 R + CPU    0           0     R + S          0
TLS 1.2, reused           all   -        -            -            0           0     R + S          0
h2, fresh                 all   R        R + CPU      2 R + CPU    0           0     R + S          0
h2, reused                all   -        -            -            0           0     R + S          0
h3, fresh                 all   -        R + CPU      R + CPU      0           0     R + S          0
h3, reused                all   -        -            -            0           0     R + S          0

plain, redirected         all   R        -            R            0           0     2 R + 2 S      0
h2, redirected            all   R        R + CPU      2 R + CPU    0           0     2 R + 2 S      0
h3, redirected            all   -        R + CPU      R + CPU      0           0     2 R + 2 S      0
http to https             all   -        -            3 R + CPU    0           0     2 R + 2 S      0
TLS 1.3 to TLS 1.2        all   -        -            5 R + CPU    0           0     2 R + 2 S      0
through a proxy           all   R        -            3 R + CPU    0           0     R + S          0

h1, 100 bytes             8.10  R        R + CPU      2 R + CPU    0           0     R + S          0
h2, 100 bytes             8.10  R        R + CPU      2 R + CPU    0           0     R + S          0
h3, 100 bytes             8.10  -        R + CPU      R + CPU      0           0     R + S + PACE   0
h1, Expect                8.10  R        R + CPU      2 R + CPU    0           R     R + S          -
h1, a megabyte            8.10  R        R + CPU      2 R + CPU    0           >= 0  >= R + S       0
h2, a megabyte            8.10  R        R + CPU      2 R + CPU    0           >= 0  >= R + S       0
h3, a megabyte            8.10  -        R + CPU      R + CPU      0           >= 0  >= R + S       0

h1, 100 bytes             7     R        R + CPU      2 R + CPU    0           -     R + S          -
h2, 100 bytes             7     R        R + CPU      2 R + CPU    0           -     R + S          -
h1, Expect                7     R        R + CPU      2 R + CPU    0           -     2 R + S        -
h1, a megabyte            7     R        R + CPU      2 R + CPU    0           -     >= 2 R + S     -
h2, a megabyte            7     R        R + CPU      2 R + CPU    0           -     >= 2 R + S     -

h2, first of many         8.10  R        R + CPU      2 R + CPU    0           0     R + S          0
h2, others of many        8.10  -        -            -            2 R + CPU   0     R + S          0
h3, first of many         8.10  -        R + CPU      R + CPU      0           0     R + S          0
h3, others of many        8.10  -        -            -            R + CPU     0     R + S + PACE   0

refused                   all   -        -            -            0           -     -              -
h3, refused               all   -        -            -            0           -     -              -
no answer                 all   -        -            -            0           -     -              -
h1, bad certificate       8.10  R        -            -            0           -     -              -
TLS 1.2, bad certificate  8.10  R        -            -            0           -     -              -
h1, bad certificate       7     -        -            -            0           -     -              -
TLS 1.2, bad certificate  7     -        -            -            0           -     -              -
h3, bad certificate       all   -        -            -            0           -     -              -
'''

PHASES = 'queue dns connect tls handshake send wait transfer'.split()
SUM = 'queue dns handshake send wait transfer'.split()
PLAIN, TLS, TLS12 = 'http://wire.test:8080/', 'https://wire.test:8443/', 'https://wire.test:8444/'
PROTOCOLS = {
    'plain': (PLAIN, []),
    'h1': (TLS, ['--http1.1']),
    'TLS 1.2': (TLS12, ['--http1.1']),
    'h2': (TLS, ['--http2']),
    'h3': (TLS, ['--http3-only']),
}
LEAST_MS, LEAST_PART = 3, 0.05  # the tolerance: the larger of the two
ROUND_TRIPS = (0, 20, 100)
WORKERS = {0: 2, 20: 3, 100: 8}  # so many curls at once that the processors are free enough
TRIES = 5  # of each case, and as many again where a median is off, so many times at most
RETRIES = 4
RETRY_UNTIL = time.monotonic() + 120  # a machine that is too busy for this is so later, too
MOST_CPU_MS = 14  # more could hide a round trip of 20 ms
FIRST_TS = 1600000000  # tells which line of the program's is which object's
TEXT = {'encoding': 'utf-8', 'errors': 'surrogateescape'}  # a certificate's may be none


def parse_table():
    head, *lines = [re.split(r'\s{2,}', line) for line in TABLE.split('\n') if line]
    for name, which, *cells in lines:
        phases = dict(zip(head[2:], cells, strict=True))
        # no look-up; and none at all where there was no connection to make
        phases['dns'] = '-' if name.endswith(('reused', 'others of many')) else '0'
        yield name, which, phases


class Curl:
    def __init__(self, path):
        self.path = path
        lines = subprocess.run([path, '-q', '--version'], stdout=subprocess.PIPE, check=True,
                               text=True).stdout.splitlines()
        self.version = lines[0].split()[1]
        self.paces = 'ngtcp2/' in lines[0]
        self.number = tuple(int(n) for n in self.version.split('.')[:2])
        self.has_h3 = any(re.match('Features:.* HTTP3', line) for line in lines)

    def expected(self):
        return {name: phases for name, which, phases in parse_table()
                if which in ('all', '8.10' if self.number >= (8, 10) else '7')
                and (self.has_h3 or not name.startswith('h3'))}


def to(url):
    return '?to=' + urllib.parse.quote(url, safe='')


def commands(curl):
    """The cases that one command line gives, in the order of its transfers, and its
    arguments. With "many" the one that made the connection comes first."""
    def get(names, protocol, *urls, more=()):
        base, options = PROTOCOLS[protocol]
        return names, [*options, *more, *(urls or [base])]

    def post(size, protocol, name, *more):
        return get([f'{protocol}, {name}'], protocol,
                   more=['-H', 'Content-Type: x/y', '--data-binary', f'@{DIR}/{size}', *more])

    result = []
    for protocol, (base, _) in PROTOCOLS.items():
        result.append(get([f'{protocol}, fresh', f'{protocol}, reused'], protocol, base, base))
    for protocol in 'plain', 'h2', 'h3':
        base = PROTOCOLS[protocol][0]
        result.append(get([f'{protocol}, redirected'], protocol, base + to('/'), more=['-L']))
    for protocol in 'h1', 'h2', 'h3':
        result.append(post('small', protocol, '100 bytes', '-H', 'Expect:'))
        result.append(post('large', protocol, 'a megabyte', '-H', 'Expect:'))
    result += [
        post('small', 'h1', 'Expect', '-H', 'Expect: 100-continue'),
        get(['http to https'], 'h1', PLAIN + to(TLS), more=['-L']),
        get(['TLS 1.3 to TLS 1.2'], 'h1', TLS + to(TLS12), more=['-L']),
        get(['through a proxy'], 'h1', more=['-x', 'http://10.99.0.2:9000']),
        get(['refused'], 'plain', 'http://wire.test:9/'),
        get(['h3, refused'], 'h3', 'https://wire.test:9/'),
        get(['no answer'], 'plain', 'http://10.99.0.3/', more=['--connect-timeout', '0.2']),
    ]
    for protocol in 'h1', 'TLS 1.2', 'h3':
        result.append(get([f'{protocol}, bad certificate'], protocol,
                          more=['--cacert', f'{DIR}/other.pem']))
    for protocol in 'h2', 'h3':
        base = PROTOCOLS[protocol][0]
        result.append(get([f'{protocol}, first of many'] + [f'{protocol}, others of many'] * 4,
                          protocol, *[base] * 5, more=['-Z']))
    known = curl.expected()
    return [(names, arguments) for names, arguments in result if names[0] in known]


def run(curl, names, arguments):
    """One curl: the transfers as pairs of case and object."""
    urls = sum(a.startswith('http') and not a.endswith(':9000') for a in arguments)
    resolve = [a for port in (9, 8080, 8443, 8444)
               for a in ('--resolve', f'wire.test:{port}:10.99.0.2')]
    cacert = [] if '--cacert' in arguments else ['--cacert', f'{DIR}/ca.pem']
    command = [curl.path, '-q', '-s', '-4', '--max-time', '20', '-w', '%{json}\n', *resolve,
               *cacert, *['-o', '/dev/null'] * urls, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False,
                          **TEXT)
    objects = [{**json.loads(line), 'raw': line} for line in done.stdout.split('\n') if line]
    if '-Z' in arguments:
        objects.sort(key=lambda o: -o['num_connects'])
    if len(objects) != len(names):
        raise SystemExit(f'{curl.version}: {len(objects)} objects of {command}')
    return list(zip(names, objects))


def derive(objects):
    """What the program makes of each: its phases, in milliseconds."""
    lines = ''.join('{"ts":%d,"curl":%s}\n' % (FIRST_TS + i, o['raw'])
                    for i, o in enumerate(objects))
    out = subprocess.run([os.environ['BIN'], '-o', 'file=-', '--layout', 'wide'], input=lines,
                         stdout=subprocess.PIPE, check=True, **TEXT).stdout
    phases = [None] * len(objects)
    for line in out.splitlines():
        _, fields, stamp = re.match(r'((?:\\.|[^ ])*) (.*) (\d+)$', line).groups()
        phases[int(stamp[:-9]) - FIRST_TS] = {
            name: float(value) * 1000
            for name, value in re.findall(r'(?:^|,)phase_(\w+)=([^,]*)', fields)}
    return phases


class Case:
    """All transfers of one case, by one curl, at one round trip."""

    def __init__(self, curl, name, expected, round_trip):
        self.curl, self.name, self.expected, self.round_trip = curl, name, expected, round_trip
        self.objects, self.phases = [], []

    def cpu(self):
        """Of the handshakes, by curl's own times, where there is no wire, in ms."""
        if not any('CPU' in text for text in self.expected.values()):
            return 0
        return statistics.median(
            (o['time_pretransfer'] - o['time_namelookup']) * 1000 for o in self.objects)

    def limits(self, text, cpu, server):
        """The least and the largest value in ms that the table's text allows."""
        value, most = 0, 0
        for term in text.removeprefix('>= ').split(' + '):
            factor, unit = re.fullmatch(r'(\d*) ?(R|S|CPU|PACE|)', term).groups()
            count = int(factor or 1)
            value += count * {'R': self.round_trip, 'S': server}.get(unit, 0)
            most += {'CPU': cpu, 'PACE': self.round_trip / 6 * self.curl.paces}.get(unit, 0)
        tolerance = max(LEAST_MS, value * LEAST_PART)
        return value - tolerance, float('inf') if text[0] == '>' else value + most + tolerance

    def misses(self, cpu, server):
        """Two lists of what is wrong: what no more tries mend, and values, which may be
        a busy machine's."""
        wrong, off = [], []
        for phase in PHASES:
            text = self.expected[phase]
            values = [p[phase] for p in self.phases if phase in p]
            absent = len(self.phases) - len(values)
            if phase == 'queue' and self.curl.number < (8, 12):
                text = '-'
            if text == '-':
                if values:
                    wrong.append(f'{phase} {values[0]:.3f} ms, and there should be none')
                continue
            if absent and text.lstrip('>= ') != '0':
                wrong.append(f'no {phase} in {absent} of {len(self.phases)}')
            elif values:
                least, most = self.limits(text, cpu, server)
                if not least <= statistics.median(values) <= most:
                    off.append(f'{phase} {statistics.median(values):.3f} ms, and {text} is '
                               f'{least:.3f} to {most:.3f} ms (of '
                               f'{" ".join(f"{v:.1f}" for v in values)})')
        return wrong, off

    def is_noisy(self, cpu, server):
        """Whether more tries may help."""
        wrong, off = self.misses(cpu, server)
        return not wrong and (bool(off) or (self.round_trip == 0 and cpu > MOST_CPU_MS))

    def report(self):
        return ', '.join(f'{phase} {statistics.median(values):.1f}' for phase in PHASES
                         if (values := [p[phase] for p in self.phases if phase in p])) or 'none'


def arithmetic(case):
    """What holds for any transfer, noisy or not."""
    wrong = []
    for o, p in zip(case.objects, case.phases):
        parts = {k: round(v * 1000) for k, v in p.items()}
        if any(v < 0 for v in parts.values()):
            wrong.append(f'negative: {parts}')
        if not o['http_code']:
            continue
        total = round(o['time_total'] * 1e6)
        if abs(sum(parts.get(k, 0) for k in SUM) - total) > 2:
            wrong.append(f'time_total is {total} us, and the phases are {parts}')
        handshake = parts.get('handshake', 0)
        if o['http_version'] == '3' and 'tls' in parts and parts['tls'] != handshake:
            wrong.append(f'QUIC: the handshake is not TLS: {parts}')
        if 'connect' in parts and o['http_connect'] == 0 and \
                abs(parts['connect'] + parts.get('tls', 0) - handshake) > 2:
            wrong.append(f'the handshake is not connect and tls: {parts}')
    return wrong


def server_time():
    """What the server takes by itself: asked without curl, and without a wire. The least of
    some: a busy machine only adds to it."""
    connection = http.client.HTTPConnection('10.99.0.2', 8080)
    times = []
    for _ in range(11):
        begin = time.monotonic()
        connection.request('GET', '/', headers={'Host': 'wire.test:8080'})
        connection.getresponse().read()
        times.append((time.monotonic() - begin) * 1000)
    return min(times)


def measure(jobs, cases, workers):
    """Runs the commands, in an order in which no case has all of a noisy moment."""
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        futures = [(curl, pool.submit(run, curl, names, arguments))
                   for curl, names, arguments in jobs]
        results = [(curl, name, o) for curl, future in futures for name, o in future.result()]
    for (curl, name, o), phases in zip(results, derive([r[2] for r in results])):
        cases[curl.version, name].objects.append(o)
        cases[curl.version, name].phases.append(phases)


def order(text):
    os.write(9, (text + '\n').encode())
    time.sleep(0.2)


def say(failed, text, details=()):
    print(f'{int(bool(failed))}\t{text}', flush=True)
    for line in details:
        print(f'#\t{line}', flush=True)


def at_round_trip(round_trip, curls, cpu, server):
    """Runs all, and again what a busy machine may have spoilt: then the median is that
    of all tries. Without a wire it fills in the CPU time of each case's handshakes."""
    order(f'delay {round_trip / 2}')
    cases = {(curl.version, name): Case(curl, name, expected, round_trip)
             for curl in curls for name, expected in curl.expected().items()}
    jobs = [(curl, *command) for curl in curls for command in commands(curl)]
    again, workers = jobs, WORKERS[round_trip]
    for _ in range(1 + RETRIES):
        measure(again * TRIES, cases, workers)
        if round_trip == 0:
            cpu.update((key, case.cpu()) for key, case in cases.items())
        again = [(curl, names, arguments) for curl, names, arguments in jobs
                 if any(cases[curl.version, name].is_noisy(cpu[curl.version, name], server)
                        for name in names)]
        if not again or time.monotonic() > RETRY_UNTIL:
            break
        print(f'#\tagain at {round_trip} ms: '
              f'{"; ".join(f"{curl.version} {names[-1]}" for curl, names, _ in again)}', flush=True)
        workers = 1
    for key, case in cases.items():
        wrong, off = case.misses(cpu[key], server)
        say(wrong or off, f'curl {case.curl.version}, {round_trip} ms: {case.name}: '
            f'{case.report()}', wrong + off)
    return list(cases.values())


def main():
    curls = [Curl(path) for path in sys.argv[2:]]
    order('delay 0')
    server = server_time()
    print(f'#\tthe server takes {server:.1f} ms')
    cpu, cases = {}, []
    for round_trip in ROUND_TRIPS:
        begin = time.monotonic()
        cases += at_round_trip(round_trip, curls, cpu, server)
        print(f'#\t{round_trip} ms: {time.monotonic() - begin:.1f} s')
    slow = [f'{name}: {ms:.1f} ms' for (_, name), ms in cpu.items() if ms > MOST_CPU_MS]
    say(slow, f'no handshake takes {MOST_CPU_MS} ms without a wire', slow)
    for curl in curls:
        mine = [case for case in cases if case.curl is curl]
        wrong = [f'{case.name}: {text}' for case in mine for text in arithmetic(case)]
        count = sum(len(case.objects) for case in mine)
        say(wrong, f'curl {curl.version}: the phases of all {count} transfers add up', wrong[:10])


DIR = sys.argv[1]
main()
