#!/bin/sh
# --progress: drawn on a terminal while transfers come, gone at the end, apart from
# all other lines, and nowhere else.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

ON_TERMINAL=$ROOT/tests/lib/on_terminal.py
cd "$WORK" || exit 1
unset NO_COLOR LC_CTYPE LANG
LC_ALL=C.UTF-8
TERM=xterm
export LC_ALL TERM
ESCAPE=$(printf '\033')
CLEAR="$(printf '\r')$ESCAPE\[K" # as a regular expression

"$ROOT/tests/lib/many_transfers.py" 20 > some

# until_drawn TRIES PATTERN: until the file screen has it, or as many tenths of a second
until_drawn() {
    tries=$1
    until [ "$tries" -eq 0 ] || grep -q "$2" screen 2> /dev/null; do
        sleep 0.1
        tries=$((tries - 1))
    done
}

# slowly TRIES: 20 transfers and a line that is none, each when what was before is drawn,
# or after so many tenths of a second
slowly() {
    head -n 10 some
    until_drawn "$1" "${CLEAR}10 transfers.* waiting"
    echo '{"broken":'
    tail -n 10 some
    until_drawn "$1" "${CLEAR}20 transfers"
}

slowly 5 | "$BIN" -q -o file=/dev/null --progress > out 2> stderr
is "$(cat out stderr)" "tsdb-exporter: 21 read, 1 refused (1 broken JSON), 20 delivered" "in a file: nothing of it"

if "$ON_TERMINAL" 80 true; then
    : > screen
    slowly 100 | "$ON_TERMINAL" 80 "$BIN" -o file=/dev/null --progress > screen
    is "$?" 65 "the exit code is what it is"
    grep -q "${CLEAR}10 transfers  [0-9.,]*/s  0 failed  med [0-9.]* ms  p95 [0-9.]* ms  [0-9]* waiting" screen
    ok $? "the line is drawn while the stream runs, without new transfers"
    grep -q "${CLEAR}20 transfers" screen
    ok $? "and goes on"
    is "$(grep -c "[^K]tsdb-exporter:" screen)" 0 "each message begins on an emptied line"
    grep -q "${CLEAR}tsdb-exporter: input line" screen
    ok $? "also one in the middle"
    # what is to be seen in the end
    sed "s/.*$ESCAPE\[K//" screen > seen
    is "$(grep -c transfers seen)|$(grep -vc '^tsdb-exporter: ' seen)" "0|0" "nothing is left of it"

    : > screen
    slowly 5 | TERM=dumb "$ON_TERMINAL" 80 "$BIN" -q -o file=/dev/null --progress > screen
    is "$(grep -c "$ESCAPE" screen)" 0 "not on a dumb terminal"
    "$ON_TERMINAL" 80 "$BIN" -o file=/dev/null --progress --summary < some > screen
    sed "s/.*$ESCAPE\[K//; s/$ESCAPE\[[0-9]*m//g" screen > seen
    is "$(sed -n 1,2p seen)" "
transfers   20 in 190 ms, 100/s (by the times that are stored)" "the summary begins on a line of its own"
    "$ON_TERMINAL" 80 "$BIN" --allow-empty -o file=/dev/null --progress < /dev/null > screen
    is "$(sed "s/.*$ESCAPE\[K//" screen)" "" "no transfer at all leaves nothing"
else
    ok 0 "terminals # SKIP there are no pseudo-terminals"
fi
tap_done
