"""peak.py COMMAND...: copies standard input to the command's, and prints the
most memory that it had until then, in KiB, and its exit code. (Linux; the
maximum of getrusage would count this python as well.)"""

import fcntl
import shutil
import struct
import subprocess
import sys
import termios
import time

command = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
shutil.copyfileobj(sys.stdin.buffer, command.stdin)
command.stdin.flush()
while struct.unpack("i", fcntl.ioctl(command.stdin, termios.FIONREAD, b"    "))[0]:
    time.sleep(0.01)
with open(f"/proc/{command.pid}/status", encoding="ascii") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
command.stdin.close()
print(peak, command.wait())
