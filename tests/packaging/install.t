#!/bin/sh
# `make install` and `make uninstall`: the files, their modes, and that what is
# installed works from there.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

make_quietly() {
    make -C "$ROOT" "$@" >"$WORK/log" 2>&1
    ok $? "make $1"
    [ "$TAP_FAILED" -eq 0 ] || sed 's/^/# /' "$WORK/log"
}

# the files below DIRECTORY, with their modes
files() {
    (cd "$1" && find . ! -type d -printf '%m %P\n' | sort -k 2)
}

# the files of the tree that the README links to, or names
linked() {
    { grep -o '](\(examples\|include\)/[^)]*)' "$ROOT/README.md" && echo '(examples/tsdb-exporter-drain.service)'; } |
        sed 's/.*(//; s/)//' | sort -u
}

expected() {
    cat <<END | sort -k 2
755 $1/bin/tsdb-exporter
644 $1/share/bash-completion/completions/tsdb-exporter
644 $1/share/doc/tsdb-exporter/LICENSE
644 $1/share/doc/tsdb-exporter/README.md
$(cd "$ROOT" && for example in examples/*.sh; do echo "755 $1/share/doc/tsdb-exporter/$example"; done)
$(linked | grep -v '\.sh$' | sed "s,^,644 $1/share/doc/tsdb-exporter/,")
644 $1/share/fish/vendor_completions.d/tsdb-exporter.fish
644 $1/share/man/man1/tsdb-exporter.1
644 $1/share/zsh/site-functions/_tsdb-exporter
END
}

# a umask must not keep others from using it
umask 077
make_quietly install DESTDIR="$WORK/one"
is "$(files "$WORK/one")" "$(expected usr/local)" 'into /usr/local'
is "$(find "$WORK/one" -mindepth 1 -type d ! -perm 755)" '' 'all directories can be entered'
is "$("$WORK/one/usr/local/bin/tsdb-exporter" --version)" "$("$BIN" --version)" 'the program runs from there'
ok "$(($(linked | wc -l) < 9))" 'the README links to files'

make_quietly install DESTDIR="$WORK/two" PREFIX=/opt/x MANDIR=/opt/man
is "$(files "$WORK/two")" "$(expected opt/x | sed 's,opt/x/share/man,opt/man,' | sort -k 2)" 'PREFIX and MANDIR'
is "$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$WORK/two/opt/x/share/doc/tsdb-exporter/examples/tsdb-exporter-drain.service")" \
    /opt/x/bin/tsdb-exporter 'the service starts the program that was installed'

mkdir "$WORK/two/opt/x/share/doc/other"
make_quietly uninstall DESTDIR="$WORK/two" PREFIX=/opt/x MANDIR=/opt/man
is "$(files "$WORK/two")" '' 'nothing is left'
is "$(ls "$WORK/two/opt/x/share/doc")" other 'but what others have there'

# each shell finds its completion where it looks for such files
share=$WORK/one/usr/local/share
out=$(HOME=$WORK PATH=$WORK/one/usr/local/bin:$PATH XDG_DATA_DIRS=$share fish -c "complete -C'tsdb-exporter --lay'" 2>&1)
like "$out" '^--layout' 'fish finds its completion'
# shellcheck disable=SC2016 # zsh expands it
out=$(HOME=$WORK zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[tsdb-exporter]' \
    zsh "$share/zsh/site-functions" 2>&1)
is "$out" _tsdb-exporter 'zsh finds its completion'
# shellcheck disable=SC2016 # bash expands it
out=$(bash --norc -c '. "$1"; complete -p tsdb-exporter' bash "$share/bash-completion/completions/tsdb-exporter" 2>&1)
is "$out" 'complete -F _tsdb_exporter tsdb-exporter' 'bash has its completion'
tap_done
