#!/usr/bin/env python3
"""on_terminal.py COLUMNS COMMAND...: runs the command with a terminal of so many
columns as its standard error, prints what the terminal got, and exits as it did.
Exits 77 where there are no pseudo-terminals."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

try:
    ours, theirs = pty.openpty()
except OSError:
    sys.exit(77)
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
attributes = termios.tcgetattr(theirs)
attributes[1] &= ~termios.OPOST  # a newline stays one
termios.tcsetattr(theirs, termios.TCSANOW, attributes)
command = subprocess.Popen(sys.argv[2:], stderr=theirs)
os.close(theirs)
while True:
    try:
        got = os.read(ours, 65536)
    except OSError:
        break
    if not got:
        break
    sys.stdout.buffer.write(got)
    sys.stdout.buffer.flush()
sys.exit(command.wait())
