"""A page in a real, headless Chromium, asked over a pipe (the DevTools protocol, which needs
no network and no module): how it looks, what it lays out, what it complains about."""
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile


def find():
    """The program, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Chromium:
    def __init__(self, program):
        self.home = tempfile.mkdtemp()
        read, self.write = os.pipe()
        self.read, write = os.pipe()

        def hand_over():  # Chromium reads from 3 and writes to 4
            os.setsid()
            a, b = os.dup(read), os.dup(write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
                 "--disable-background-networking", "--disable-component-update",
                 "--user-data-dir=" + self.home, "about:blank"]
        self.process = subprocess.Popen([program, *flags], preexec_fn=hand_over, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, HOME=self.home, TMPDIR=self.home))
        os.close(read)
        os.close(write)
        self.number = 0
        self.rest = b""
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.read, 1 << 16)
            if not piece:
                raise RuntimeError("Chromium went away")
            self.rest += piece
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def ask(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if not method.startswith("Target."):
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"]["message"])
                return answer["result"]
            self.events.append(answer)

    def show(self, width, height=800, dark=False, media=""):
        """In a window so wide."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)
        scheme = "dark" if dark else "light"
        self.ask("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path, width=900, **how):
        """Loads the page anew."""
        self.events = []
        self.show(width, **how)
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.message())

    def run(self, expression):
        """What a piece of JavaScript says. The page's own policy forbids none of ours."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def complaints(self):
        """What the console said, scripts that ran into errors, dialogs, and requests for
        anything but the page itself."""
        bad = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded",
               "Page.javascriptDialogOpening"}
        self.run("1")
        found = [json.dumps(e["params"]) for e in self.events if e.get("method") in bad]
        return found + [e["params"]["request"]["url"] for e in self.events
                        if e.get("method") == "Network.requestWillBeSent"
                        and not e["params"]["request"]["url"].startswith("file://")]

    def point(self, x, y):
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def picture(self, path):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = dict(x=0, y=0, width=size["width"], height=size["height"], scale=1)
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def paper(self, path):
        pdf = self.ask("Page.printToPDF", printBackground=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(pdf["data"]))

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
