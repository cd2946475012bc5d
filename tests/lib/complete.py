"""What Tab makes of a command line, in a real interactive shell on a
pseudo-terminal.

    complete.py bash|zsh FILE LINE           the line after Tab
    complete.py bash|zsh FILE LINE list      what is listed as possible

FILE is the completion that is tested. The shell reads none of the user's files.
The line is read from the shell itself, not from what it draws."""

import os
import pty
import re
import select
import sys

BASH = """
bind 'set enable-bracketed-paste off'
bind 'set page-completions off'
bind 'set completion-query-items 0'
bind -x '"\\C-xp": printf "\\nLINE<%s>\\n" "$READLINE_LINE"'
PS1='READY> '
. "$COMPLETION"
"""
ZSH = """
fpath=("${COMPLETION:h}" $fpath)
autoload -Uz compinit && compinit -u -D
autoload -Uz $COMPLETION:t && compdef $COMPLETION:t tsdb-exporter
show_line() { print; print -r -- "LINE<$BUFFER>" }
zle -N show_line
bindkey -e
bindkey '^Xp' show_line
unsetopt prompt_cr prompt_sp zle_bracketed_paste 2>/dev/null
unset zle_bracketed_paste
LISTMAX=1000
PS1='READY> '
"""
# shell -> command, set-up, key that lists
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], BASH, b"\x1b?"),
    "zsh": (["zsh", "-f", "-i"], ZSH, b"\x04"),
}
PATIENCE_S = 30


def read_until(fd, pattern, seen):
    """Reads until pattern matches what was seen; returns all of it."""
    while not re.search(pattern, seen):
        if not select.select([fd], [], [], PATIENCE_S)[0]:
            sys.exit(f"complete.py: gave up waiting for {pattern!r} in {seen!r}")
        seen += os.read(fd, 65536)
    return seen


def main():
    command, setup, list_key = SHELLS[sys.argv[1]]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment.update(COMPLETION=sys.argv[2], TERM="dumb", COLUMNS="80", LINES="24", LC_ALL="C.UTF-8")
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    setup_file = os.path.join(os.environ["WORK"], "complete.setup")
    with open(setup_file, "w", encoding="utf-8") as file:
        file.write(setup)
    os.write(fd, f". {setup_file}\n".encode())
    seen = read_until(fd, b"READY> ", b"")
    os.write(fd, sys.argv[3].encode() + (list_key if sys.argv[4:] == ["list"] else b"\t") + b"\x18p")
    seen = read_until(fd, rb"LINE<[^>]*>\r?\n", seen[seen.index(b"READY> ") :])
    os.close(fd)
    os.waitpid(pid, 0)
    text = seen.decode(errors="replace").replace("\r", "")
    if sys.argv[4:] == ["list"]:
        lines = text[: text.rindex("LINE<")].split("\n")[1:]
        print("\n".join(line.rstrip() for line in lines if line.strip() and "READY>" not in line))
    else:
        print(re.search(r"LINE<([^>]*)>", text).group(1))


main()
