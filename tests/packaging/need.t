#!/bin/sh
# What a newcomer is told when something is missing: need.sh, and a bare `make`.
# apt-get and sudo are scripts here, so that nothing is installed.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS BUILD SAN
cd "$ROOT" || exit 1

make all BUILD="$WORK/build" CC=absent-cc PKG_CONFIG=absent-pkg-config >"$WORK/out" 2>&1
is "$?" 2 'make without a compiler: fails'
is "$(grep -vc '^make' "$WORK/out")" 1 'make without a compiler: one line says why'
like "$(cat "$WORK/out")" '^need: .*lacks absent-cc,.* absent-pkg-config, libcjson,.*: make deps$' \
    'make without a compiler: the line has all that is missing, and what to do'
like "$(make -n deps)" 'need\.sh build$' 'there is make deps'
like "$(make help)" '^deps ' 'make help has it'

# script NAME: a command that stands before the machine's own
script() {
    mkdir -p "$WORK/bin"
    { echo '#!/bin/sh' && cat; } >"$WORK/bin/$1"
    chmod +x "$WORK/bin/$1"
}
# need GROUP: without a compiler; sets $status and $out
need() {
    status=0
    out=$(PATH=$WORK/bin:$PATH CC=absent-cc tests/lib/need.sh "$@" 2>&1) || status=$?
}
script apt-cache </dev/null
script id <<'END'
echo 1000
END
script sudo <<'END'
exec "$@"
END
script apt-get <<END
echo "\$@" >>"$WORK/calls"
echo 'Reading package lists...'
echo 'the disk is made of cheese' >&2
exit 1
END

need --check build
is "$status $(cat "$WORK/calls" 2>/dev/null)" '1 ' '--check: installs nothing'
need build
is "$status" 1 'apt-get fails: need.sh does'
like "$out" '^need: installing with apt-get, which takes.*: absent-cc ' 'it is said what is installed, and that it takes time'
like "$out" '^the disk is made of cheese$' 'apt-get fails: its reason is shown'
like "$out" 'by hand: apt-get install .*absent-cc ' 'apt-get fails: and the command'
like "$(cat "$WORK/calls")" '--no-remove' 'nothing is taken away for it'

script sudo <<'END'
echo 'somebody is not in the sudoers file.' >&2
exit 1
END
: >"$WORK/calls"
need build
is "$status $(cat "$WORK/calls")" '1 ' 'sudo refuses: need.sh fails, apt-get is not called'
like "$out" '^somebody is not in the sudoers file\.$' 'sudo refuses: in its own words'
like "$out" 'as root, run: apt-get install .*absent-cc ' 'sudo refuses: what to do'

need no-such-group
is "$status $out" "1 need: no group 'no-such-group'" 'a group that there is not'
tap_done
