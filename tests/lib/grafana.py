#!/usr/bin/env python3
"""Looks at a Grafana dashboard as Grafana would, without one.

    grafana.py check FILE
        what Grafana needs to import it, and a reader to understand it
    grafana.py ask FILE URL NAME [FORM] <INPUT
        puts values in for the variables, sends every query of every panel and
        variable to the database at URL, and compares what comes back with what
        is worked out here from the INPUT: objects of `stored.py wrap`, each with
        its label before it ("LABEL<tab>OBJECT"). Asked for all labels, then
        for the first one alone. NAME stands before what is said. FORM, of totals:
        classic, native, or native-vmrange: those in VictoriaMetrics
    grafana.py cycles <INPUT
        the INPUT again and again, each time over 5 s: the totals of that, of which a
        database gets a sample every 5 s, grow evenly, so that rates can be foretold

Prints a line for each thing that it checks: "0|what" if it is right, "1|what".
"""
import collections
import datetime
import itertools
import json
import math
import re
import socket
import sys

import curl_phases
import stored

WINDOW = 20 # seconds
CYCLES, CYCLE = 13, 5 # how often `cycles` prints its input, and how many seconds each time takes
KINDS = {"stat", "timeseries", "barchart", "table", "row"}

# One transfer, as far as the dashboards ask for it
Transfer = collections.namedtuple("Transfer", "time label host code version series failed curl")

wrong = 0


def check(good, what, *remarks):
    global wrong
    wrong += not good
    remark = "" if good else ": " + " ".join(str(remark)[:300] for remark in remarks)
    print(f"{0 if good else 1}|{what}{remark}".replace("\n", " "))


# --- the file ---

def panels_of(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def overlaps(a, b):
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and
            a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def check_stacks(name, dashboard):
    """Of phases that overlap only one may stand in a stack, and all of the stack in each."""
    everything = json.dumps(dashboard)
    check(not re.search(r"phase_(?![a-z])|phase=~", everything), f"{name}: phases are named, not matched")
    stacks = [re.findall(r'phase(?:_(?!duration)|=.")([a-z]+)', json.dumps(panel["targets"]))
              for panel in panels_of(dashboard) if "phase_" in json.dumps(panel)]
    check(len(stacks) == 2 and all(tuple(stack) == curl_phases.STACK for stack in stacks),
          f"{name}: the phases that are stacked add up", stacks)


def check_file(name, dashboard):
    everything = dashboard["panels"]
    places = [panel["gridPos"] for panel in everything]
    check(27 <= dashboard["schemaVersion"] <= 39 and dashboard["title"] and dashboard["description"] and
          dashboard["uid"] and "id" not in dashboard, f"{name}: can be imported, and says what it shows")
    check(len({panel["id"] for panel in everything}) == len(everything), f"{name}: every panel has an id of its own")
    check(all(place["x"] >= 0 and place["x"] + place["w"] <= 24 for place in places), f"{name}: panels fit the width")
    check(not any(overlaps(a, b) for a, b in itertools.combinations(places, 2)), f"{name}: none covers another")
    check({panel["type"] for panel in everything} <= KINDS, f"{name}: panels of kinds that every Grafana has")
    names = [panel["title"] for panel in everything]
    check(len(set(names)) == len(names), f"{name}: no title twice")
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    for panel in panels_of(dashboard):
        targets = panel["targets"]
        check(panel["title"] and len(panel["description"]) > 20 and panel["fieldConfig"]["defaults"]["unit"] and
              targets and len({target["refId"] for target in targets}) == len(targets),
              f"{name}: {panel['title']} has a title, a description, a unit and queries")
        check(all(thing["datasource"]["uid"] == "${datasource}" for thing in [panel] + targets),
              f"{name}: {panel['title']} asks the chosen data source")
        used = set(re.findall(r"\$(?!__)\{?([a-zA-Z_]+)", json.dumps(panel)))
        check(used <= set(variables) | {"timeFilter", "col", "tag_label", "tag_http_code", "tag_http_version"},
              f"{name}: {panel['title']} uses variables that there are", used)
    check_stacks(name, dashboard)
    check(all(variables[v]["includeAll"] and variables[v]["multi"] and variables[v]["allValue"] == ".*"
              for v in ("label", "host")), f"{name}: label and host can be chosen, one, several or all")


# --- the transfers, and what the queries should find of them ---

def read_transfers():
    for line in sys.stdin.buffer:
        label, wrapped = line.split(b"\t", 1)
        curl = stored.read(wrapped)["curl"]
        label = label.decode()
        time = int(stored.ns(re.search(rb'"ts":([0-9.]+)', wrapped)[1].decode())) / 1e9
        tags = dict(stored.tags(curl, "wide", label))
        code = curl["http_code"]
        yield Transfer(time, label, tags.get("host", ""), code, tags["http_version"],
                       tuple(sorted(tags.items())), curl_phases.failed(curl), curl)


def sent(transfer):
    """What curl counts as the request contains the body, but for larger ones"""
    request, upload = transfer.curl["size_request"], transfer.curl["size_upload"]
    return request + (upload if upload > request else 0)


def total(transfers, *keys):
    return sum(transfer.curl.get(key, 0) for transfer in transfers for key in keys)


def share(transfers):
    return sum(transfer.failed for transfer in transfers) / len(transfers)


def times(transfers):
    return sorted(transfer.curl["time_total"] for transfer in transfers)


def average(transfers):
    return sum(times(transfers)) / len(transfers)


def nearest_rank(transfers, percent):
    """InfluxDB's percentile()."""
    values = times(transfers)
    return values[max(math.floor(len(values) * percent / 100 + 0.5) - 1, 0)]


def by(transfers, key):
    groups = collections.defaultdict(list)
    for transfer in transfers:
        groups[getattr(transfer, key)].append(transfer)
    return dict(groups)


def average_phase(transfers, name):
    return sum(curl_phases.stack(transfer.curl).get(name, 0) for transfer in transfers) / 1e6 / len(transfers)


def expiry(transfers, without=""):
    """{(label, host): the earliest expiry of those that each series has last}; the series have
    no tag of the name `without`"""
    last, first = {}, {}
    for transfer in transfers:
        dates = re.findall(r"(?:^|\n)Expire date:([^\n]*)", transfer.curl.get("certs") or "")
        if dates:
            series = tuple(tag for tag in transfer.series if tag[0] != without)
            last[transfer.label, transfer.host, series] = min(map(certificate_time, dates))
    for (*place, _), time in last.items():
        first[tuple(place)] = min(time, first.get(tuple(place), time))
    return first


def certificate_time(text):
    for form in ("%Y-%m-%d %H:%M:%S GMT", "%b %d %H:%M:%S %Y GMT"):
        try:
            return datetime.datetime.strptime(text.strip(), form).replace(
                tzinfo=datetime.timezone.utc).timestamp()
        except ValueError:
            pass
    raise ValueError(text)


# --- the database ---

class InfluxDB:
    """What Grafana does with InfluxQL."""

    def __init__(self, url, begin, end):
        self.url, self.begin, self.end = url, begin, end

    def fill_in(self, text, chosen):
        # Grafana escapes what is chosen, and brackets several
        value = ".*" if chosen is None else re.sub(r"[\\^$*+?.()|[\]{}/]", r"\\\g<0>", chosen)
        for name, put in (("$timeFilter", f"time >= {int(self.begin * 1000)}ms and time <= {int(self.end * 1000)}ms"),
                          ("$__interval_ms", str(WINDOW * 1000)), ("$__interval", f"{WINDOW}s"),
                          ("$label", value), ("$host", ".*")):
            text = text.replace(name, put)
        return text

    def query(self, text):
        answer = json.loads(stored.get(self.url + "/query", db="grafana", q=text, epoch="ms"))["results"][0]
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer.get("series", [])

    def rows(self, target, chosen):
        """(tags, time, column, value)"""
        for series in self.query(self.fill_in(target["query"], chosen)):
            for time, *values in series["values"]:
                for column, value in zip(series["columns"][1:], values):
                    yield series.get("tags", {}), time / 1000, column, value

    def window(self, time):
        return math.floor(time / WINDOW) * WINDOW

    def values_of(self, variable, chosen):
        return [row[1] for series in self.query(self.fill_in(variable["query"], chosen)) for row in series["values"]]


class Prometheus:
    """What Grafana does with PromQL, and with `cycles`."""

    def __init__(self, url, begin, form):
        self.url, self.begin, self.form = url, begin, form
        self.end = begin + CYCLES * CYCLE
        self.times = range(round(self.end) - 2 * WINDOW, round(self.end) + 1, WINDOW)

    def fill_in(self, text, chosen):
        # in a string of PromQL a backslash is written twice
        value = ".*" if chosen is None else re.sub(r"[\\^$*+?.()|[\]{}]", r"\\\\\g<0>", chosen)
        for name, put in (("$__rate_interval", f"{WINDOW}s"), ("$__range", f"{CYCLES * CYCLE}s"),
                          ("$label", value), ("$host", ".*"), ("$instance", ".*"),
                          ("$sum", "histogram_sum" if self.form == "native" else "abs")):
            text = text.replace(name, put)
        return text

    def rows(self, target, chosen):
        query = self.fill_in(target["expr"], chosen)
        if target["instant"]:
            answer = stored.get(self.url + "/api/v1/query", query=query, time=self.end)
        else:
            answer = stored.get(self.url + "/api/v1/query_range", query=query, start=self.times[0],
                                end=self.times[-1], step=WINDOW)
        for series in json.loads(answer)["data"]["result"]:
            for time, value in series.get("values") or [series["value"]]:
                yield series["metric"], time, "value", None if value == "NaN" else float(value)

    def values_of(self, variable, chosen):
        match, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]).groups()
        answer = stored.get(self.url + f"/api/v1/label/{label}/values", start=self.begin, end=self.end,
                            **{"match[]": self.fill_in(match, chosen)})
        return json.loads(answer)["data"]


# --- what each panel should show ---

def folded(rows, key):
    """{value of the tag: sum over time}"""
    sums = collections.Counter()
    for tags, _, _, value in rows:
        sums[tags.get(key, "")] += value
    return dict(sums)


def grouped(rows, key):
    """{value of the tag: value}, of one column"""
    return {tags.get(key, ""): value for tags, _, _, value in rows}


def counts(transfers, key):
    return {str(value): len(own) for value, own in by(transfers, key).items()}


def without_0(averages):
    """Where no transfer had the phase, a database has nothing to show."""
    return {place: value for place, value in averages.items() if value}


class Expected:
    """For each title: what its queries show (a list of rows for each column or
    query, in order), and what that should be."""

    tolerance = 1e-9

    def __init__(self, database, transfers):
        self.database, self.all = database, transfers
        self.ok = [transfer for transfer in transfers if not transfer.failed]

    def of(self, title, columns):
        method = getattr(self, re.sub(r"\W+", "_", title.lower()).strip("_"))
        return method(columns)

    def number(self, columns, want):
        return [value for rows in columns for _, _, _, value in rows], [want]

    def transfers(self, columns):
        return self.number(columns, len(self.all))

    def failed(self, columns):
        return self.number(columns, share(self.all))

    def median(self, columns):
        return self.number(columns, nearest_rank(self.ok, 50))

    def average(self, columns):
        return self.number(columns, average(self.ok))

    def p95(self, columns):
        return self.number(columns, nearest_rank(self.ok, 95))

    def received(self, columns):
        return self.number(columns, total(self.all, "size_download", "size_header"))

    def first_certificate_expires(self, columns):
        return self.number(columns, min(expiry(self.all).values()) * 1000)

    def rate(self, columns):
        return ({key: value * WINDOW for key, value in folded(columns[0], "label").items()},
                counts(self.all, "label"))

    def in_windows(self, rows, key, transfers, what):
        """What a query gives for each value of a tag and each window, and what it should"""
        tag = "http_version" if key == "version" else key
        got = {(tags.get(tag, ""), round(time, 3)): value for tags, time, _, value in rows}
        groups = collections.defaultdict(list)
        for transfer in transfers:
            value = getattr(transfer, key) if key else ""
            groups[value, round(self.database.window(transfer.time), 3)].append(transfer)
        return got, {place: what(own) for place, own in groups.items()}

    def failures(self, columns):
        return self.in_windows(columns[0], "label", self.all, share)

    def total_time_p50_p95_p99(self, columns):
        pairs = [self.in_windows(rows, "", self.ok, lambda own, p=p: nearest_rank(own, p))
                 for rows, p in zip(columns, (50, 95, 99))]
        return [len(columns), *(got for got, _ in pairs)], [3, *(want for _, want in pairs)]

    def phases(self, columns):
        pairs = [self.in_windows(rows, "", self.ok, lambda own, name=name: average_phase(own, name))
                 for rows, name in zip(columns, curl_phases.STACK)]
        return [len(columns), *(got for got, _ in pairs)], [6, *(without_0(want) for _, want in pairs)]

    def http_codes(self, columns):
        return folded(columns[0], "http_code"), counts(self.all, "code")

    def bytes_a_second(self, columns):
        sums = [sum(value for _, _, _, value in rows) * WINDOW for rows in columns]
        return sums, [total(self.all, "size_download", "size_header"), total(self.all, "size_request")]

    def median_by_protocol(self, columns):
        return self.in_windows(columns[0], "version", self.ok, lambda own: nearest_rank(own, 50))

    def phases_by_protocol(self, columns):
        want = [without_0({version: average_phase(own, name) for version, own in by(self.ok, "version").items()})
                for name in curl_phases.STACK]
        return [len(columns), *(grouped(rows, "http_version") for rows in columns)], [6, *want]

    def protocols(self, columns):
        of_each = (len, average, *(lambda own, p=p: nearest_rank(own, p) for p in (50, 95, 99)))
        return ([grouped(rows, "http_version") for rows in columns],
                [{version: what(own) for version, own in by(self.ok, "version").items()} for what in of_each])

    def hosts(self, columns):
        return ([grouped(rows, "host") for rows in columns],
                [{host: what(own) for host, own in by(self.all, "host").items()}
                 for what in (len, share, lambda own: nearest_rank(own, 95))])

    def certificates(self, columns):
        return ({(tags["label"], tags["host"]): value / 1000 for tags, _, _, value in columns[0]}, expiry(self.all))


# What is estimated lies from low to high, or a factor beside
Between = collections.namedtuple("Between", "low high factor")


BOUNDS = [b for b in (m * 10 ** n for n in range(-4, 2) for m in (1, 2, 5)) if b < 60] + [60]


def of_buckets(transfers, share):
    """The quantile of classic buckets, as both databases estimate it"""
    values, low, below = times(transfers), 0, 0
    for bound in BOUNDS:
        upto = sum(value <= bound for value in values)
        if upto >= share * len(values):
            return low + (bound - low) * (share * len(values) - below) / (upto - below)
        low, below = bound, upto
    return low


REASONS = {6: "host's name not resolved", 7: "no connection", 18: "transfer ended early", 23: "received data not written",
           28: "timed out", 35: "TLS handshake failed", 42: "aborted", 47: "too many redirects", 52: "empty answer",
           56: "receiving failed", 60: "certificate not trusted"}


def reason(transfer):
    return f"HTTP {transfer.code // 100}xx" if transfer.code >= 400 else REASONS[transfer.curl["exitcode"]]


def average_of_all(name):
    """The average of a phase, of transfers without a response also what had begun"""
    return lambda own: average_phase(own, name) + sum(curl_phases.begun(transfer.curl).get(name, 0)
                                                      for transfer in own) / 1e6 / len(own)


def roughly(value):
    """Before the first of native histograms Prometheus thinks of some more."""
    return Between(value, value, 1.1)


class ExpectedTotals(Expected):
    """The same of totals, whose transfers come again in each cycle. From the last sample to the
    end of the time shown some ms pass, over which a database draws rates on."""
    tolerance = 2e-3

    def quantile(self, share):
        if self.database.form == "classic":
            return lambda own: of_buckets(own, share)
        return lambda own: self.of_native(times(own), share * len(own))

    def of_native(self, values, rank):
        """Within two buckets; between two values if the rank is."""
        return Between(values[math.ceil(rank) - 1], values[min(math.floor(rank), len(values) - 1)], 2 ** (2 / 8))

    def at_all_times(self, columns, key, transfers, *whats):
        """Of each column and value of a tag, at each time the same"""
        tag = "http_version" if key == "version" else key
        groups = by(transfers, key) if key else {"": transfers}
        return ([{(tags.get(tag, ""), time): value for tags, time, _, value in rows} for rows in columns],
                [{(value, time): what(own) for value, own in groups.items() for time in self.database.times}
                 for what in whats])

    def once(self, columns, key, *whats):
        tag = "http_version" if key == "version" else key
        return ([grouped(rows, tag) for rows in columns],
                [{value: what(own) for value, own in by(self.all, key).items()} for what in whats])

    def transfers(self, columns):
        return self.number(columns, CYCLES * len(self.all))

    def median(self, columns):
        return self.number(columns, self.quantile(0.5)(self.all))

    def p95(self, columns):
        return self.number(columns, self.quantile(0.95)(self.all))

    def received(self, columns):
        return self.number(columns, CYCLES * total(self.all, "size_download", "size_header"))

    def first_certificate_expires(self, columns):
        return self.number(columns, min(expiry(self.all, "http_code").values()) - self.database.end)

    def rate(self, columns):
        return self.at_all_times(columns, "label", self.all, lambda own: len(own) / CYCLE)

    def failures(self, columns):
        return self.at_all_times(columns, "label", self.all, share)

    def total_time_p50_p95_p99(self, columns):
        return self.at_all_times(columns, "label", self.all, *map(self.quantile, (0.5, 0.95, 0.99)))

    def phases(self, columns):
        return self.at_all_times(columns, "", self.all, *map(average_of_all, curl_phases.STACK))

    def failures_by_reason(self, columns):
        bad = collections.Counter(reason(transfer) for transfer in self.all if transfer.failed)
        return ({(tags["reason"], time): value for tags, time, _, value in columns[0]},
                {(name, time): count / CYCLE for name, count in bad.items() for time in self.database.times})

    def bytes_a_second(self, columns):
        return self.at_all_times(columns, "", self.all,
                                 lambda own: total(own, "size_download", "size_header") / CYCLE,
                                 lambda own: sum(map(sent, own)) / CYCLE)

    def median_by_protocol(self, columns):
        return self.at_all_times(columns, "version", self.all, self.quantile(0.5))

    def phases_by_protocol(self, columns):
        got, want = self.once(columns, "version", *map(average_of_all, curl_phases.STACK))
        rounded = roughly if self.database.form == "native" else float
        return ([without_0(averages) for averages in got],
                [{version: rounded(average) for version, average in without_0(averages).items()} for averages in want])

    def protocols(self, columns):
        return self.once(columns, "version", lambda own: CYCLES * len(own), share,
                         *map(self.quantile, (0.5, 0.95, 0.99)))

    def hosts(self, columns):
        return self.once(columns, "host", lambda own: CYCLES * len(own), share, self.quantile(0.95))

    def certificates(self, columns):
        return ({(tags["label"], tags["host"]): value / 1000 for tags, _, _, value in columns[0]},
                expiry(self.all, "http_code"))


def same(got, want, tolerance):
    if isinstance(want, dict):
        return isinstance(got, dict) and got.keys() == want.keys() and \
            all(same(got[key], want[key], tolerance) for key in want)
    if isinstance(want, Between):
        return got is not None and want.low / want.factor <= got <= want.high * want.factor
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and \
            all(same(*pair, tolerance) for pair in zip(got, want))
    if isinstance(want, float) or isinstance(got, float):
        return math.isclose(got, want, rel_tol=tolerance, abs_tol=1e-9)
    return got == want


def columns_of(database, panel, chosen):
    """The rows of each column, or of each query"""
    columns = {}
    for target in panel["targets"]:
        for row in database.rows(target, chosen):
            rows = columns.setdefault((target["refId"], row[2]), [])
            if row[3] is not None:
                rows.append(row)
    return columns


def ask(name, dashboard, url, form):
    transfers = list(read_transfers())
    if form:
        database, expectation = Prometheus(url, transfers[0].time, form), ExpectedTotals
    else:
        begin = transfers[0].time - 0.5
        end = begin + math.ceil((transfers[-1].time - begin) / WINDOW) * WINDOW
        database, expectation = InfluxDB(url, begin, end), Expected
    labels = by(transfers, "label")
    for chosen in (None, transfers[0].label):
        expected = expectation(database, transfers if chosen is None else labels[chosen])
        which = name + (", all" if chosen is None else f", {chosen}")
        for panel in panels_of(dashboard):
            what = f"{which}: {panel['title']}"
            left = [query for target in panel["targets"] for query in [target.get("query") or target["expr"]]
                    if re.search(r"\$\{?[a-zA-Z_]", database.fill_in(query, chosen))]
            check(not left, f"{what}: nothing is left to put in", left)
            columns = columns_of(database, panel, chosen)
            empty = {target["refId"] for target in panel["targets"]} - {key[0] for key, rows in columns.items() if rows}
            check(not empty and all(columns.values()), f"{what}: every query has rows", empty)
            got, want = expected.of(panel["title"], list(columns.values())) if columns else (None, "rows")
            check(same(got, want, expected.tolerance), f"{what}: and they are right", got, "instead of", want)
        variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
        check(sorted(database.values_of(variables["label"], chosen)) == sorted(labels), f"{which}: the labels to choose from",
              database.values_of(variables["label"], chosen))
        check(sorted(database.values_of(variables["host"], chosen)) == sorted(set(by(expected.all, "host")) - {""}),
              f"{which}: the hosts to choose from", database.values_of(variables["host"], chosen))
        if "instance" in variables:
            check(database.values_of(variables["instance"], chosen) == [socket.gethostname()],
                  f"{which}: the machines to choose from", database.values_of(variables["instance"], chosen))


def cycles():
    lines = sys.stdin.buffer.read().splitlines()
    begin = float(re.search(rb'"ts":([0-9.]+)', lines[0])[1])
    for number in range(CYCLES * len(lines)):
        time = begin + number * CYCLE / len(lines)
        print(re.sub(rb'"ts":[0-9.]+', b'"ts":%.6f' % time, lines[number % len(lines)], count=1)
              .decode("utf-8", "surrogateescape"))


def main():
    if sys.argv[1:] == ["cycles"]:
        sys.stdout.reconfigure(errors="surrogateescape")
        cycles()
        return 0
    mode, path, *rest = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    if mode == "check":
        check_file(path.rpartition("/")[2], dashboard)
    else:
        url, name, form = (*rest, None)[:3]
        ask(name, dashboard, url, form)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
