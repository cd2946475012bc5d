#!/bin/sh
# What Tab makes of a command line in bash, zsh and fish themselves, with the
# completions as `make install` leaves them.
# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"

export WORK HOME="$WORK"
build=$ROOT/${BUILD:-build}
cp "$build/completion/bash" "$WORK/tsdb-exporter"
cp "$build/completion/zsh" "$WORK/_tsdb-exporter"
cp "$build/completion/fish" "$WORK/tsdb-exporter.fish"
mkdir "$WORK/here" "$WORK/here/directory"
cd "$WORK/here" || exit 1
: >certificate.pem

tab=$(printf '\t')
# name, help
"$BIN" --help all | awk '/^  / {
    if (!match(substr($0, 1, 29), /--[a-z-]+/))
        next # an example below a group
    print substr($0, RSTART, RLENGTH) "\t" substr($0, 31)
}' >options
ok "$(($(wc -l <options) < 20))" 'there are options to be tested'

# listed SHELL LINE: what is offered
listed() {
    case $1 in
    fish) fish --no-config -c "source $WORK/tsdb-exporter.fish; complete -C\$argv[1]" "$2" ;;
    bash) python3 "$ROOT/tests/lib/complete.py" bash "$WORK/tsdb-exporter" "$2" list ;;
    zsh) python3 "$ROOT/tests/lib/complete.py" zsh "$WORK/_tsdb-exporter" "$2" list ;;
    esac
}

# completed SHELL LINE: the line after Tab
completed() {
    case $1 in
    bash) python3 "$ROOT/tests/lib/complete.py" bash "$WORK/tsdb-exporter" "$2" ;;
    zsh) python3 "$ROOT/tests/lib/complete.py" zsh "$WORK/_tsdb-exporter" "$2" ;;
    fish) # it only tells what the last word can become
        candidates=$(listed fish "$2" | cut -f 1)
        case $candidates in
        '' | *'
'*) echo "$2" ;;
        *) echo "${2% *} $candidates" ;;
        esac
        ;;
    esac
}

# becomes LINE WANT: spaces and commas that a shell adds for the next word aside
becomes() {
    is "$(completed "$shell" "tsdb-exporter $1" 2>&1 | sed 's/[, ]*$//')" "tsdb-exporter $2" "$shell: $1 becomes $2"
}

each_shell() {
    becomes --net --netrc
    becomes '--layout w' '--layout wide'
    becomes --layout=w --layout=wide
    becomes '-o pro' '-o prometheus='
    becomes --output=inf --output=influxdb=
    becomes '-o file=cert' '-o file=certificate.pem'
    becomes --output=file=dir --output=file=directory/
    becomes '--cacert cert' '--cacert certificate.pem'
    becomes --key=dir --key=directory/
    becomes '-t http_v' '-t http_version'
    becomes '--tag-field host,http_v' '--tag-field host,http_version'
    becomes --fields=time_total,phase_w --fields=time_total,phase_wait
    becomes '--fields conte' '--fields conte' # a text, which --fields does not send
    becomes '-t url.pass' '-t url.pass'       # a secret
    becomes '--help del' '--help delivery'
    becomes '--tee --gz' '--tee --gzip'
    becomes '-o file=a --text --qu' '-o file=a --text --quiet'
    becomes cert cert # there are no arguments
    becomes '--label cert' '--label cert'

    listed "$shell" 'tsdb-exporter --' >offered 2>&1
    is "$(grep -o '^ *--[a-z-]*' offered | tr -d ' ' | sort)" "$(cut -f 1 options | sort)" "$shell: lists all options"
    unhelpful=$(while IFS=$tab read -r name help; do
        grep -- "${name}[^a-z-]" offered | grep -qF -- "$help" || echo "$name"
    done <options)
    is "$unhelpful" '' "$shell: and with their help"

    listed "$shell" 'tsdb-exporter -t url' >offered 2>&1
    like "$(cat offered)" 'url\.path' "$shell: lists the keys that can be tags"
    listed "$shell" 'tsdb-exporter --remote-write ' >offered 2>&1
    is "$(tr -s ' \n' ' ' <offered)" '1 2 ' "$shell: lists the words of a choice"
    listed "$shell" 'tsdb-exporter --layout ' >offered 2>&1
    like "$(tr -s ' \n' ' ' <offered)" 'metric (totals )?wide ' "$shell: lists the layouts"
}

shell=fish
each_shell
# a container may have no pseudo-terminals
for shell in bash zsh; do
    if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
        each_shell
    else
        ok 0 "$shell # SKIP there are no pseudo-terminals"
    fi
done
tap_done
