#!/usr/bin/env python3
"""Reads reports' pages back and prints what is wrong with them, a line each; nothing is good.

    check_page.py NAME.html=BYTES...

BYTES is how large the page may be. What a reader sees of it is put into NAME.text. The policy and the markup must be such that nothing can run or be loaded, and what is drawn and
written must be what the page's own JSON says.
"""
import base64
import hashlib
import math
import re
import sys

from read_page import (Page, Scale, foot_scale, left_scale, lines, number, percent, points, rows,
                       seconds)

ROWS = {"total": "time_total", "not failed": "time_total{failed=0}"}
VERDICTS = {"▼ faster": "faster", "▲ slower": "slower", "≈ noise": "noise", "· too few": "few",
            "≈ slightly": "slightly"}
ELEMENTS = set("""html head meta title style body header footer section div p h1 h2 ul li dl dt dd
    span small b bdi code time table caption thead tbody tr th td figure figcaption fieldset legend
    label input details summary br script
    svg g rect line path circle text tspan foreignobject""".split())
# none of these loads or runs anything
ATTRIBUTES = set("""aria-hidden aria-label aria-labelledby charset checked class colspan content cx
    cy d datetime display dx fill fill-opacity font-family font-size font-weight height http-equiv
    id lang name overflow preserveaspectratio r role rowspan scope stroke stroke-dasharray
    stroke-width tabindex text-anchor transform type vector-effect viewbox width x x1 x2 y y1
    y2""".split())
wrong = []


def say(what, *values):
    wrong.append(" ".join([what] + [str(v) for v in values]))


def near(a, b, share=0.006, least=1e-12):
    """Equal as far as three digits tell."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= share * abs(b) + least


def check_safety(page):
    style = re.findall(r"<style>(.*?)</style>", page.source, re.S)
    if len(style) != 1:
        say("style elements:", len(style))
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    head = page.root.one("head")
    metas = [c for c in head.children if not isinstance(c, str)]
    want = ("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'" % digest)
    if metas[0]["charset"] != "utf-8" or metas[1]["content"] != want:
        say("policy:", metas[1]["content"], "want:", want)
    if re.search(r"@import|url\(|expression|//", style[0]):
        say("the stylesheet has an address")
    for element in page.root.all():
        if element.name not in ELEMENTS:
            say("element", element.name)
        for name, value in element.attributes.items():
            if name not in ATTRIBUTES:
                say("attribute", element.name, name, value)
        if element["id"] and not re.fullmatch(r"t[1-6]|data|h-[a-z]+", element["id"]):
            say("id", element["id"])
        if element["class"] and not re.fullmatch(r"[a-z0-9 ]+", element["class"]):
            say("class", element["class"])
    scripts = list(page.root.all("script"))
    if len(scripts) != 1 or scripts[0].attributes != {"type": "application/json", "id": "data"}:
        say("scripts:", [s.attributes for s in scripts])
    if page.comments:
        say("comments:", page.comments)
    if re.search(r"[<>&\u2028\u2029]", scripts[0].text()):
        say("the data has a character that HTML could take for markup")
    if re.search(r"\b(nan|inf|NaN|Infinity|null%)\b", re.sub(r"<script.*", "", page.source, flags=re.S)):
        say("not a number")
    if re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\ufeff]", page.source):
        say("a control character")


def check_frame(page):
    if page.root.one("html")["lang"] != "en" or len(list(page.root.all("h1"))) != 1:
        say("lang or h1")
    for section in page.root.all("section"):
        heads = list(section.all("h2"))
        if len(heads) != 1 or heads[0]["id"] != section["aria-labelledby"]:
            say("heading of", section["aria-labelledby"])
    for svg in page.root.all("svg"):
        if svg["role"] == "img" and not svg["aria-label"]:
            say("a chart without a description")
    for scroll in page.root.all("div", "scroll"):
        if scroll["tabindex"] != "0" or scroll["role"] != "region" or not scroll["aria-label"]:
            say("a table that the keyboard cannot scroll")
    for table in page.root.all("table"):
        if not table.one("caption") or not table.one("caption").text():
            say("a table without a caption")
    for th in page.root.all("th"):
        if not th["scope"]:
            say("a header cell without scope")


def check_figures(page):
    data = page.data
    shown = {dt.text(): dd for dt, dd in zip(page.root.all("dt"), page.root.all("dd"))}
    times = data["times"].get("time_total{failed=0}") or data["times"].get("time_total")
    transfers = shown["Transfers"].text().replace(" M", "e6").replace(",", "")
    if not near(float(transfers), data["transfers"]):
        say("transfers", transfers)
    share = 100 * data["failed"] / data["transfers"]
    if not near(number(shown["Failed"].text()), share, 0.01):
        say("failed", shown["Failed"].text())
    median = shown.get("Median") or shown["Time"]
    if not near(seconds(median.children[0]), times["med"]):
        say("median", median.text())
    for name, least in (("p95", 20), ("p99", 100)):
        there = name in shown
        if there != (times["count"] >= least):
            say(name, "there:", there, "of", times["count"])
        if there and not near(seconds(shown[name].children[0]), times[name]):
            say(name, shown[name].text(), times[name])


def check_numbers(page):
    tables = list(page.section("h-numbers").all("table"))
    parts = [page.data] + (page.parts() if page.parts() != [page.data] else [])
    if len(tables) != len(parts):
        say("tables of numbers:", len(tables))
    for table, part in zip(tables, parts):
        head, *body = rows(table)
        names = [{"mean": "avg", "median": "med"}.get(c.text(), c.text()) for c in head]
        if [ROWS.get(r[0].text(), "phase_" + r[0].text()) for r in body] != list(part["times"]):
            say("rows of numbers", [r[0].text() for r in body])
        for row in body:
            stats = part["times"][ROWS.get(row[0].text(), "phase_" + row[0].text())]
            for name, cell in list(zip(names, row))[1:]:
                value = number(cell.text()) if name == "count" else seconds(cell.text())
                if not near(value, stats[name], least=6e-7):
                    say("numbers:", row[0].text(), name, cell.text(), stats[name])


def mean(part, metric):
    stats = part["times"].get(metric)
    return stats["avg"] * stats["count"] / part["transfers"] if stats else 0


def check_phases(page):
    section = page.section("h-phases")
    svg = section.one("svg", None) and next((s for s in section.all("svg") if s["role"]), None)
    if not svg:
        return
    scale = foot_scale(svg, False)
    for style, part in zip(page.styles(), page.parts()):
        row = next(g for g in svg.all("g") if g["class"] == "p%d" % style)
        drawn = {}
        at = 0
        for rect in row.all("rect"):
            word, text = rect.one("title").text().rsplit(" ", 2)[0], rect.one("title").text()
            begin = scale.value(percent(rect["x"])) if percent(rect["x"]) else 0
            drawn[word] = scale.value(percent(rect["x"]) + percent(rect["width"])) - begin
            if not near(begin, at, 0.002, 2e-3 * scale.value(100)):
                say("phases: a gap before", word)
            at = begin + drawn[word]
            if not near(drawn[word], seconds(text[len(word):]), 0.01, 2e-4 * scale.value(100)):
                say("phases:", word, "is drawn as", drawn[word], "and says", text)
        total = mean(part, "time_total")
        if not near(sum(drawn.values()), total, 0.01):
            say("phases add up to", sum(drawn.values()), "not", total)
        for word in ("queue", "dns", "send", "wait", "transfer"):
            if not near(drawn.get(word, 0), mean(part, "phase_" + word), 0.01, 2e-4 * scale.value(100)):
                say("phases:", word, drawn.get(word), mean(part, "phase_" + word))
        shakes = sum(drawn.get(w, 0) for w in ("connect", "tls", "handshake"))
        if not near(shakes, mean(part, "phase_handshake"), 0.01, 2e-4 * scale.value(100)):
            say("phases: handshake", shakes, mean(part, "phase_handshake"))
        if set(part.get("protocols", ())) == {"HTTP/3"} and "connect" in drawn:
            say("phases: HTTP/3 has a connect")


def size_of(part):
    return part["transfers"] - (part["failed"] if part["curve"]["of"] == "not failed" else 0)


def chart(page, name):
    section = page.section(name)
    return section and next((s for s in section.all("svg") if s["role"] == "img"), None)


def check_curve(page):
    svg = chart(page, "h-curve")
    if not svg:
        return
    scale = left_scale(svg, True)
    right = max(math.log10(size_of(p)) for p in page.parts() if "curve" in p and size_of(p) > 1)
    for style, part in zip(page.styles(), page.parts()):
        paths = lines(svg, style)
        if "curve" not in part or size_of(part) < 2:
            if paths:
                say("curve of", style, "that has none")
            continue
        sure, rest = (points(p["d"])[0] for p in paths)
        shares, values = part["curve"]["shares"], part["curve"]["values"]
        drawn = sure + rest[1:]
        if sure[-1] != rest[0] or len(drawn) != len(shares):
            say("curve", style, "points:", len(drawn), "want", len(shares))
        last = max((s for s in shares if (1 - s) * size_of(part) >= 10 - 1e-6), default=0)
        if len(sure) - 1 != shares.index(last):
            say("curve", style, "is sure up to", shares[len(sure) - 1], "want", last)
        for (x, y), share, value in zip(drawn, shares, values):
            want = 1000 * min(-math.log10(1 - share) if share < 1 else 99, math.log10(size_of(part))) / right
            if not near(x, want, 0.001, 0.6):
                say("curve", style, share, "stands at", x, "want", want)
            if not near(scale.value(y), value, 0.005):
                say("curve", style, share, "is drawn as", scale.value(y), "want", value)
    for line in svg.all("g", "thr"):
        text = re.search(r"p([\d.]+) [<≤] (.+)", line.one("text").text())
        bound, share = seconds(text[2]), float(text[1]) / 100
        if not near(scale.value(float(line.one("line")["y1"])), bound, 0.005):
            say("threshold", line.one("text").text())
        if not near(percent(line.one("circle")["cx"]), -100 * math.log10(1 - share) / right, 0.002):
            say("threshold's dot", line.one("circle")["cx"])


def check_spread(page):
    svg = chart(page, "h-spread")
    if not svg:
        return
    scale = foot_scale(svg, True)
    densest = max(max(p["buckets"]["counts"]) / sum(p["buckets"]["counts"]) * 2 ** p["buckets"]["schema"]
                  for p in page.parts() if "buckets" in p and sum(p["buckets"]["counts"]) > 1)
    for style, part in zip(page.styles(), page.parts()):
        if "buckets" not in part:
            continue
        counts, schema = part["buckets"]["counts"], part["buckets"]["schema"]
        group = next(g for g in svg.all("g", "s%d" % style))
        median = group.one("line")
        good = part["times"].get("time_total{failed=0}") or part["times"]["time_total"]
        if not near(scale.value(percent(median["x1"])), good["med"], 0.01):
            say("spread: median of", style, scale.value(percent(median["x1"])))
        if sum(counts) < 2:
            continue
        piece = points(group.one("path")["d"])[0]
        foot, steps = piece[0][1], piece[1:-1]
        for i, count in enumerate(counts):
            (left, high), (right, low) = steps[2 * i], steps[2 * i + 1]
            want = count / sum(counts) * 2 ** schema / densest * 62
            if not near(foot - high, want, 0.01, 0.11) or high != low:
                say("spread: bucket", i, "of", style, "is", foot - high, "high, want", want)
            end = 2 ** ((part["buckets"]["offset"] + i) / 2 ** schema)
            if right < 1000 and not near(scale.value(right / 10), end, 0.01):
                say("spread: bucket", i, "of", style, "ends at", scale.value(right / 10), "want", end)


def check_course(page):
    svg, course = chart(page, "h-course"), page.data["over_time"]
    if not svg:
        return
    span = page.data["last"] - page.data["first"]
    offset = page.data["first"] - course["start"]

    def place(step):
        return min(max(step * course["width"] - offset, 0), span) / span * 100

    scale = left_scale(svg, False, lambda t: float(t.replace(",", "")))
    for klass, want in (("cnt", course["rate"]), ("cntbad", [
            r and f and r * f / t for r, f, t in zip(course["rate"], course["failed"], course["transfers"])])):
        bars = list(svg.one("g", klass).all("rect"))
        wanted = [(i, r) for i, r in enumerate(want) if r]
        if len(bars) != len(wanted):
            say("bars:", klass, len(bars), "want", len(wanted))
        for bar, (i, rate) in zip(bars, wanted):
            drawn = scale.value(scale.a - float(bar["height"])) if scale.low == 0 else 0
            tiny = float(bar["height"]) <= 1.5
            if not near(drawn, rate, 0.01, 0.002 * scale.high) and not tiny:
                say("bar", klass, i, "is", drawn, "want", rate)
            if not near(percent(bar["x"]), place(i), 0.001, 0.1):
                say("bar", klass, i, "stands at", bar["x"], "want", place(i))
    gaps = sum(percent(g["width"]) for g in svg.all("rect", "gap"))
    empty = sum(place(i + 1) - place(i) for i, t in enumerate(course["transfers"]) if not t)
    if not near(gaps, empty, 0.01, 0.05):
        say("gaps:", gaps, "want", empty)
    strips = [g for g in svg.children if not isinstance(g, str) and g["transform"]]
    groups = course["parts"] or [course]
    for strip, metric in zip(strips, ("med", "p95")):
        scale = left_scale(strip, True)
        for style, part in zip(page.styles() if course["parts"] else [0], groups):
            there = [(i, v) for i, v in enumerate(part[metric]) if v is not None]
            drawn = []
            for piece in points(lines(strip, style)[0]["d"]):
                alone = len(piece) == 2 and piece[0][1] == piece[1][1] and not any(
                    near(10 * (place(i) + place(i + 1)) / 2, piece[0][0], 0.001, 0.6) for i, _ in there)
                drawn += [((piece[0][0] + piece[1][0]) / 2, piece[0][1])] if alone else piece
            if len(drawn) != len(there):
                say(metric, style, "points:", len(drawn), "want", len(there))
            for (x, y), (i, value) in zip(drawn, there):
                if not near(scale.value(y), value, 0.01):
                    say(metric, style, i, "is drawn as", scale.value(y), "want", value)
                if not near(x, 10 * (place(i) + place(i + 1)) / 2, 0.001, 0.6):
                    say(metric, style, i, "stands at", x)
    table = rows(page.section("h-course").one("table"))[1:]
    for i, row in enumerate(table):
        cells = [c.text() for c in row][1:]
        want = [course["transfers"][i], course["failed"][i]]
        if [int(number(c)) for c in cells[:2]] != want:
            say("table of steps", i, cells[:2], want)
        for k, value in enumerate(v for p in groups for v in (p["med"][i], p["p95"][i])):
            if not near(seconds(cells[2 + k]), value, least=6e-7):
                say("table of steps", i, cells[2 + k], "want", value)
    boxes = [g for g in svg.all("foreignobject")]
    if len(boxes) != course["slots"] or len(table) != course["slots"]:
        say("boxes:", len(boxes), "rows:", len(table), "want", course["slots"])
    for i, box in enumerate(boxes):
        told = re.findall(r"([\d.,]+ [µms]+) · ([\d.,]+ [µms]+)", box.text())
        want = [(p["med"][i], p["p95"][i]) for p in groups if p["med"][i] is not None]
        if len(told) != len(want) or not all(near(seconds(a), b, least=6e-7) for t, w in zip(told, want)
                                             for a, b in zip(t, w)):
            say("box of step", i, told, want)


def check_compare(page):
    section, parts = page.section("h-compare"), page.parts()
    if not section:
        if len(parts) > 1:
            say("no comparison")
        return
    for row in rows(section.one("table"))[4:]:
        name = ROWS.get(row[0].text(), "phase_" + row[0].text())
        at = 1
        for part in parts:
            stats = part["times"].get(name)
            if not near(seconds(row[at].text()), stats and stats["med"], least=6e-7):
                say("compare:", name, part["name"], row[at].text())
            if part is parts[0] or not stats:
                at += 1
                continue
            if stats.get("verdict") in (None, "unlike"):
                if stats.get("verdict") and not re.search("handshake", row[at + 1].text()):
                    say("compare:", name, part["name"], row[at + 1].text())
                at += 2 if stats.get("verdict") else 4
                continue
            ratio, slower, verdict = (row[at + k].text().strip() for k in (1, 2, 3))
            if (stats["ratio"] is not None and not near(float(ratio[1:]), stats["ratio"], 0.01)):
                say("compare:", name, ratio, stats["ratio"])
            if VERDICTS.get(verdict) != stats["verdict"]:
                say("compare:", name, part["name"], verdict, stats["verdict"])
            if stats["verdict"] != "few" and int(number(slower)) != round(100 * stats["slower_in"]):
                say("compare:", name, slower, stats["slower_in"])
            at += 4


def check_groups(page):
    section, by = page.section("h-groups"), page.data["by"]
    if not section:
        if by and len(by["parts"]) > 6:
            say("no table of groups")
        return
    head, *body = rows(section.one("table"))
    labelled = [(percent(t["x"]), seconds(t.text())) for t in head[1].all("text")]
    scale = Scale(labelled, True)
    parts = [(p, p["times"].get("time_total{failed=0}") or p["times"]["time_total"]) for p in by["parts"]]
    parts.sort(key=lambda pair: pair[1]["med"])
    if len(body) != len(parts):
        say("groups:", len(body), "want", len(parts))
    for row, (part, stats) in zip(body, parts):
        if not near(seconds(row[2].text()), stats["med"]):
            say("group", part["name"], row[2].text(), stats["med"])
        if number(row[4].text()) != part["transfers"]:
            say("group", part["name"], row[4].text())
        if not near(scale.value(percent(row[1].one("circle")["cx"])), stats["med"], 0.01):
            say("group", part["name"], "dot", row[1].one("circle")["cx"])
        bars = list(row[1].all("line"))
        ends = [stats["p95"], stats["p99"] if stats["count"] >= 100 else stats["max"], stats["p5"],
                stats["p95"]] if stats["count"] >= 20 else [stats["min"], stats["max"]]
        drawn = [scale.value(percent(bar[x])) for bar in bars for x in ("x1", "x2")]
        if len(drawn) != len(ends) or not all(near(a, b, 0.01) for a, b in zip(drawn, ends)):
            say("group", part["name"], "bar", drawn, ends)


def check_failures(page):
    section, failures = page.section("h-failed"), page.data["failures"]
    if bool(section) != bool(failures):
        say("what failed: there", bool(section), "want", bool(failures))
    if not section:
        return
    body = rows(section.one("table"))[1:]
    want = sorted((f["count"] for f in failures), reverse=True)
    if [int(number(r[1].text())) for r in body] != want[:20]:
        say("failures", [r[1].text() for r in body], want)
    for row in body:
        kind = next(f for f in failures if row[0].text().strip() == (
            ("" if f["kind"] == "none" else "%s %d " % ("HTTP" if f["kind"] == "http" else "curl", f["code"]))
            + f["text"]).strip())
        if int(number(row[1].text())) != kind["count"]:
            say("failures:", row[0].text(), row[1].text())
        width = percent(row[2].one("rect")["width"])
        if not near(width, 100 * kind["count"] / want[0], 0.001):
            say("failures: bar", width)
        for cell, part in zip(row[3:], page.parts()):
            count = sum(f["count"] for f in part["failures"] if (f["kind"], f["code"]) == (kind["kind"], kind["code"]))
            if int(number(cell.text())) != count:
                say("failures of", part["name"], cell.text(), count)


def check_thresholds(page):
    section, thresholds = page.section("h-thresholds"), page.data["thresholds"]
    body = rows(section.one("table"))[1:] if section else []
    if len(body) != len(thresholds):
        say("thresholds:", len(body))
    for row, threshold in zip(body, thresholds):
        if ("held" in row[2].text()) != threshold["held"] or row[0].text()[:40] != threshold["expression"][:40]:
            say("threshold", row[0].text(), row[2].text())


def check(page, limit):
    check_safety(page)
    check_frame(page)
    check_thresholds(page)
    if page.data["transfers"]:
        check_figures(page)
        check_numbers(page)
        check_phases(page)
        check_failures(page)
    if page.data["transfers"] > 1:
        check_curve(page)
        check_spread(page)
        check_course(page)
        check_compare(page)
        check_groups(page)
    if len(page.bytes) > limit:
        say("it is too large:", len(page.bytes))


for argument in sys.argv[1:]:
    path, _, most = argument.rpartition("=")
    wrong.clear()
    read = Page(path)
    check(read, int(most))
    name = path.removesuffix(".html")
    with open(name + ".text", "w", encoding="utf-8") as text:
        text.writelines(c.text() + "\n" for c in read.root.one("body").children
                        if not isinstance(c, str) and c.name != "script")
    for line in wrong[:20]:
        print("%s: %s" % (name, " ".join(line.split())))
