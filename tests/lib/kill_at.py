#!/usr/bin/env python3
"""Runs a program and kills it (SIGKILL) when it enters its Nth system call, which
is then not made. Only the program itself: a process that it starts goes on.

    kill_at.py N PROGRAM [ARGUMENT...]
    kill_at.py first=PATH PROGRAM...     kills nothing; prints the number of the
                                         system call before which PATH came to be

Exit code: the program's; 137 if it was killed, 120 if it cannot be traced. Linux
only."""
import ctypes
import os
import signal
import sys

TRACEME, CONT, SYSCALL, SETOPTIONS = 0, 7, 24, 0x4200
SYSGOOD = 1  # stops at a system call are told from those for a signal
STOP = signal.SIGTRAP | 0x80

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) < 0:
        print("kill_at.py: ptrace:", os.strerror(ctypes.get_errno()), file=sys.stderr)
        os._exit(120)


def finish(status):
    sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status)
             else 128 + os.WTERMSIG(status))


def main():
    what, program = sys.argv[1], sys.argv[2:]
    path = what.partition("first=")[2]
    last = 0 if path else int(what)
    pid = os.fork()
    if pid == 0:
        ptrace(TRACEME, 0)
        os.execvp(program[0], program)
    status = os.waitpid(pid, 0)[1]
    if not os.WIFSTOPPED(status):
        finish(status)
    ptrace(SETOPTIONS, pid, SYSGOOD)
    count, inside, deliver = 0, False, 0
    while True:
        ptrace(SYSCALL, pid, deliver)
        status = os.waitpid(pid, 0)[1]
        if not os.WIFSTOPPED(status):
            finish(status)
        deliver = 0 if os.WSTOPSIG(status) == STOP else os.WSTOPSIG(status)
        if deliver:
            continue
        inside = not inside
        if not inside:
            continue
        count += 1
        if path and os.path.exists(path):
            print(count)
            path = ""
        if count == last:
            os.kill(pid, signal.SIGKILL)
            finish(os.waitpid(pid, 0)[1])


main()
