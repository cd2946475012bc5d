#!/usr/bin/env python3
"""Starts short writers one after the other, five at a time since only then they
meet, and kills each with SIGKILL at a random moment, until COUNT were killed
before they had ended.

    kill_writers.py COUNT FIRST SAID COMMAND...

Each writer gets transfers on its standard input, told apart by their time_total:
numbers from FIRST on, one each, and every tenth writer 300, which are more than
one write of it. Prints a line a writer: its first number, its last, and its exit
code (-9: killed). What they say is appended to the file SAID.
"""
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

PARALLEL = 5
EVERY, MANY = 10, 300


def objects(first, last):
    return b"".join(b'{"http_code":200,"time_connect":0.25,"time_total":%d,"curl_version":"x"}\n'
                    % number for number in range(first, last + 1))


class Writers:
    def __init__(self, count, first, said, command):
        self.count, self.number, self.said, self.command = count, first, said, command
        self.lock = threading.Lock()
        self.started = self.kills = 0
        self.taken_s = {1: [], MANY: []}  # by those that were not killed

    def numbers(self):
        """The first and last number of the next writer, or None."""
        with self.lock:
            if self.kills >= self.count:
                return None
            self.started += 1
            first, size = self.number, MANY if self.started % EVERY == 0 else 1
            self.number += size
            return first, first + size - 1

    def wait_s(self, size):
        """How long the killer waits; at first, nobody is killed."""
        with self.lock:
            taken_s = self.taken_s[size]
            return random.uniform(0, 1.3 * sorted(taken_s)[len(taken_s) // 2]) \
                if len(taken_s) >= 5 else 10

    def run(self, first, last):
        size = last - first + 1
        with tempfile.TemporaryFile() as stdin:
            stdin.write(objects(first, last))
            stdin.seek(0)
            wait_s = self.wait_s(size)
            with subprocess.Popen(self.command, stdin=stdin, stderr=self.said) as writer:
                begin = time.monotonic()
                if wait_s < 10:
                    time.sleep(wait_s)
                    writer.send_signal(signal.SIGKILL)
                code = writer.wait()
        with self.lock:
            if wait_s >= 10:
                self.taken_s[size].append(time.monotonic() - begin)
            print(first, last, code)
            self.kills += code == -signal.SIGKILL

    def work(self):
        while numbers := self.numbers():
            self.run(*numbers)


def main():
    count, first, said, *command = sys.argv[1:]
    with open(said, "ab") as file:
        writers = Writers(int(count), int(first), file, command)
        threads = [threading.Thread(target=writers.work) for _ in range(PARALLEL)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
