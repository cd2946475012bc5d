"""A report's page, read as a browser reads it, without one: its elements, and what is drawn in
its charts. Nothing here knows how the program draws: scales are read from their own labels."""
import json
import math
import re
from html.parser import HTMLParser

EMPTY = {"meta", "br", "input", "link", "img", "hr", "base"}
# an element, and those that end where it begins
ENDED = {"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"},
         "tbody": {"td", "th", "tr", "thead"}, "dd": {"dt", "dd"}, "dt": {"dt", "dd"}}
UNITS = {"µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


class Element:
    def __init__(self, name, attributes, parent):
        self.name, self.attributes, self.parent = name, dict(attributes), parent
        self.children = []

    def __getitem__(self, key):
        return self.attributes.get(key)

    def classes(self):
        return (self["class"] or "").split()

    def all(self, name=None, klass=None):
        for child in self.children:
            if isinstance(child, str):
                continue
            if (not name or child.name == name) and (not klass or klass in child.classes()):
                yield child
            yield from child.all(name, klass)

    def one(self, name=None, klass=None):
        return next(self.all(name, klass), None)

    def text(self):
        return "".join(c if isinstance(c, str) else "\n" if c.name == "br" else c.text()
                       for c in self.children)


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        with open(path, "rb") as page:
            self.bytes = page.read()
        self.source = self.bytes.decode("utf-8")  # raises: it must be clean
        self.comments = []
        self.root = self.here = Element("", {}, None)
        self.feed(self.source)
        self.close()
        self.data = json.loads(self.root.one("script").text())

    def handle_starttag(self, name, attributes):
        while self.here.name in ENDED.get(name, ()):
            self.here = self.here.parent
        element = Element(name, attributes, self.here)
        self.here.children.append(element)
        if name not in EMPTY:
            self.here = element

    def handle_startendtag(self, name, attributes):
        self.here.children.append(Element(name, attributes, self.here))

    def handle_endtag(self, name):
        at = self.here
        while at and at.name != name:
            at = at.parent
        if not at:
            raise ValueError("</%s> ends nothing" % name)
        self.here = at.parent

    def handle_data(self, data):
        self.here.children.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    def section(self, name):
        for section in self.root.all("section"):
            if section["aria-labelledby"] == name:
                return section
        return None

    def styles(self):
        """The style of each line, in the order of the data's parts; 0 is the whole."""
        return [int(box["id"][1:]) for box in self.root.all("input")] or [0]

    def parts(self):
        """What the lines are of."""
        boxes = list(self.root.all("input"))
        return self.data["by"]["parts"] if boxes else [self.data]


def rows(table):
    return [[cell for cell in row.all() if cell.name in ("td", "th")] for row in table.all("tr")]


def seconds(text):
    """83.2 ms -> 0.0832; None for a dash."""
    match = re.fullmatch(r"([\d,.]+) ([µa-z]+)", text.strip())
    if not match and text.strip() == "0":
        return 0.0
    return float(match[1].replace(",", "")) * UNITS[match[2]] if match else None


def number(text):
    return float(re.match(r"-?[\d,.]+", text.strip())[0].replace(",", ""))


def percent(text):
    assert text.endswith("%"), text
    return float(text[:-1])


def points(path):
    """[[(x, y), ...], ...]: the pieces of a path of M, L, H and V."""
    pieces = []
    for command, rest in re.findall(r"([MLHVZ])([^MLHVZ]*)", path):
        values = [float(v) for v in rest.replace(",", " ").split()]
        if command == "M":
            pieces.append([tuple(values)])
        elif command == "L":
            pieces[-1].append(tuple(values))
        elif command in "HV":
            x, y = pieces[-1][-1]
            pieces[-1].append((values[0], y) if command == "H" else (x, values[0]))
    return pieces


class Scale:
    """From a place to a value, by two labelled places."""

    def __init__(self, labelled, log):
        self.log = log
        (self.a, low), (self.b, high) = labelled[0], labelled[-1]
        self.low, self.high = (math.log(low), math.log(high)) if log else (low, high)

    def value(self, place):
        at = self.low + (place - self.a) / (self.b - self.a) * (self.high - self.low)
        return math.exp(at) if self.log else at


def left_scale(group, log, read=seconds):
    """Of the labels left of a chart, and the lines that stand before them."""
    labelled, y = [], None
    for child in group.children:
        if isinstance(child, str):
            continue
        if child.name == "line" and child["y1"]:
            y = float(child["y1"])
        elif child.name == "text" and child["text-anchor"] == "end" and child["x"] == "-6":
            labelled.append((y, read(child.text())))
    return Scale(labelled, log)


def foot_scale(group, log):
    """Of the labels under a chart; places are percent."""
    labelled = [(percent(t["x"]), seconds(t.text())) for t in group.children
                if not isinstance(t, str) and t.name == "text" and "ax" in t.classes()
                and (t["x"] or "").endswith("%") and seconds(t.text()) is not None]
    return Scale(labelled, log)


def lines(group, style):
    """The paths of a style in a group, in order."""
    return [path for g in group.children if not isinstance(g, str) and "s%d" % style in g.classes()
            for path in g.all("path")]
