#!/usr/bin/env python3
"""Looks at reports' pages in Chromium and prints what is wrong, a line each; nothing is good.

    look_at_page.py NAME.html...

Each is opened at several widths, light and dark, and must have no complaint in the console, ask
for nothing, run nothing, need no sideways scrolling and have no labels on top of each other.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import chromium  # noqa: E402

WIDTHS = [320, 400, 641, 1600]

# The labels of each chart that overlap with others, or reach beyond the page, unless they are
# in a table, which scrolls.
LABELS = """(() => {
    const wrong = [];
    for (const svg of document.querySelectorAll('svg[role=img]')) {
        const boxes = [...svg.querySelectorAll('text')].filter(t => t.getClientRects().length)
            .map(t => ({text: t.textContent, box: t.getBoundingClientRect()}));
        boxes.forEach((a, i) => {
            if ((a.box.left < -0.5 || a.box.right > innerWidth + 0.5) && !svg.closest('.scroll'))
                wrong.push(`"${a.text}" goes from ${a.box.left} to ${a.box.right}`);
            for (const b of boxes.slice(i + 1)) {
                const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
                const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
                if (x > 1 && y > 4)
                    wrong.push(`"${a.text}" and "${b.text}" overlap`);
            }
        });
    }
    return wrong;
})()"""

# Words in a bar that are wider than their piece of it.
WORDS = """[...document.querySelectorAll('#h-phases ~ figure rect.seg')].flatMap(rect => {
    const found = [];
    const box = rect.getBoundingClientRect();
    for (let t = rect.nextElementSibling; t && t.tagName == 'text'; t = t.nextElementSibling) {
        const words = t.getBoundingClientRect();
        if (words.width && (words.left < box.left - 0.5 || words.right > box.right + 0.5))
            found.push(`"${t.textContent}" is wider than its bar`);
    }
    return found;
})"""

# Where things are laid out, for what only a browser can tell.
PLACES = """(() => {
    const box = q => { const r = document.querySelector(q).getBoundingClientRect();
                       return [r.left, r.top, r.width, r.height]; };
    const data = JSON.parse(document.getElementById('data').textContent);
    const plot = box('#h-phases ~ figure svg[role=img]');
    const ticks = [...document.querySelectorAll('#h-phases ~ figure text.ax')];
    const last = parseFloat(ticks[ticks.length - 1].textContent) / 1000;
    const pieces = [...document.querySelectorAll('#h-phases ~ figure g')].map(
        g => [...g.querySelectorAll('rect')].reduce((sum, r) => sum + r.getBoundingClientRect().width, 0));
    const means = data.by.parts.map(p => p.times.time_total.avg);
    return {wrong: pieces.map((w, i) => Math.abs(w / plot[2] * last / means[i] - 1)).filter(e => e > 0.02),
            count: pieces.length, curve: box('#h-curve'), spread: box('#h-spread')};
})()"""


def look(browser, page, say):
    browser.open(page)
    for width, dark in [(width, False) for width in WIDTHS] + [(900, True)]:
        browser.show(width, dark=dark)
        wide = browser.run("document.documentElement.scrollWidth")
        if wide > width:
            say(width, "it scrolls sideways:", wide)
        for text in (browser.run(LABELS) + browser.run(WORDS))[:5]:
            say(width, text)
        background = browser.run("getComputedStyle(document.body).backgroundColor")
        if (background == "rgb(255, 255, 255)") == dark:
            say(width, "dark" if dark else "light", background)
    browser.show(900, dark=True, media="print")
    if browser.run("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
        say("on paper it is dark")
    for complaint in browser.complaints():
        say(complaint)


def try_it(browser, page, say):
    """What a pointer does, on a page with three groups."""
    browser.open(page, 1600)
    places = browser.run(PLACES)
    if places["wrong"] or places["count"] != 3:
        say("bars are not as long as the data says:", places)
    if not places["spread"][0] > places["curve"][0] + 300 or abs(places["spread"][1] - places["curve"][1]) > 1:
        say("wide: not two columns", places)
    browser.open(page, 900)
    drawn = "[...document.querySelectorAll('figure .s2, figure .p2')].filter(e => e.getClientRects().length).length"
    before = browser.run(drawn)
    browser.run("document.getElementById('t2').click()")
    if before < 5 or browser.run(drawn) or not browser.run(drawn.replace("2", "1")):
        say("a check box hides its group:", before, browser.run(drawn))
    for heading, least in (("h-curve", 5), ("h-course", 10)):
        for width in (320, 900):
            browser.show(width)
            browser.run("document.getElementById('%s').scrollIntoView()" % heading)
            count = browser.run("document.querySelectorAll('#%s ~ figure .h').length" % heading)
            if count < least:
                say(heading, "boxes:", count)
            for i in (0, count // 2, count - 1):
                x, y, w, h = browser.run(
                    "(() => { const r = document.querySelectorAll('#%s ~ figure .h > rect')[%d]"
                    ".getBoundingClientRect(); return [r.left, r.top, r.width, r.height] })()" % (heading, i))
                browser.point(x + w / 2, y + h - 5)
                shown = browser.run(
                    "[...document.querySelectorAll('.tip')].map((t, i) => [i, t.querySelector('p')])"
                    ".filter(([i, p]) => p.getClientRects().length).map(([i, p]) => "
                    "{ const r = p.getBoundingClientRect(); return [p.textContent, r.left, r.right] })")
                if len(shown) != 1 or "HTTP/3" not in shown[0][0]:
                    say(heading, width, "box", i, "shows", shown)
                elif shown[0][1] < 0 or shown[0][2] > width:
                    say(heading, width, "box", i, "leaves the page", shown)
                if browser.run("document.documentElement.scrollWidth") > width:
                    say(heading, width, "box", i, "makes the page scroll sideways")


browser = chromium.Chromium(chromium.find())
try:
    for path in sys.argv[1:]:
        name = os.path.basename(path).removesuffix(".html")

        def say(*words):
            print("%s: %s" % (name, " ".join(" ".join(map(str, words)).split())))

        look(browser, path, say)
        if name == "three":
            try_it(browser, path, say)
finally:
    browser.close()
