#!/bin/sh
# Prints the path of a server program that the demo and the tests start, and
# gets it first if need be: from the distribution's package, downloaded and
# unpacked into a cache directory. Installing the package instead would start
# a service on the user's machine. Works without root, and any number of
# these may run at once.
#
#     tests/lib/fetch.sh [--suite newest] influxd|victoria-metrics|caddy|prometheus|promtool
#
# --suite newest: the one of Debian unstable, whatever runs here. They are Go
# programs, which run on any Debian or Ubuntu.
set -eu

fail() {
	echo "fetch: $*" >&2
	exit 1
}

suite=
if [ "${1-}" = --suite ]; then
	[ "${2-}" = newest ] || fail 'there is one suite, newest'
	suite=$2
	shift 2
fi
program=${1-}
case $program in
influxd) package=influxdb from='https://dl.influxdata.com/influxdb/releases/ (a 1.x)' ;;
victoria-metrics) package=$program from=https://github.com/VictoriaMetrics/VictoriaMetrics/releases ;;
caddy) package=$program from=https://caddyserver.com/download ;;
prometheus) package=$program from=https://prometheus.io/download/ ;;
promtool) package='promtool prometheus' from=https://prometheus.io/download/ ;;
*) fail 'usage: fetch.sh [--suite newest] influxd|victoria-metrics|caddy|prometheus|promtool' ;;
esac

# InfluxDB 2 calls its program influxd as well, and is another database.
is_right() {
	case $program in
	influxd) "$1" version 2>/dev/null | grep -q 'InfluxDB v1\.' ;;
	*) [ -x "$1" ] ;;
	esac
}

elsewhere() {
	fail "$*
fetch: get $program from $from and put it on the PATH"
}

# apt-get with fresh package lists of our own, for which nobody needs to be root.
apt_private() {
	apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$PWD/lists" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}

# The same for Debian unstable alone; what the machine has installed says nothing.
apt_newest() {
	apt_private -o Dir::Etc::sourcelist="$PWD/newest.list" -o Dir::Etc::sourceparts=- \
		-o Dir::State::status=/dev/null -o Acquire::Languages=none "$@"
}

# Debian's keys, which another distribution does not have, but packages.
find_keys() {
	keys=usr/share/keyrings/debian-archive-keyring.gpg
	if [ -r "/$keys" ]; then
		keys=/$keys
	elif apt-get -qq -o APT::Sandbox::User=root download debian-archive-keyring >log 2>&1; then
		dpkg-deb -x debian-archive-keyring_*.deb .
		keys=$PWD/$keys
	else
		elsewhere "Debian's keys are not to be had: $(cat log)"
	fi
}

download_newest() {
	find_keys
	echo "deb [signed-by=$keys] http://deb.debian.org/debian unstable main" >newest.list
	apt_newest update >log 2>&1 || elsewhere "cannot read Debian's package lists: $(cat log)"
	download_one apt_newest
}

# The first of the packages that there is, into the current directory.
download_one() {
	for package in $packages; do
		"$@" download "$package" >>log 2>&1 && return
	done
	return 1
}

# With the machine's package lists, or, when they are missing or too old, with
# fresh ones.
download() {
	mkdir -p lists/partial
	packages=$package
	: >log
	if [ -n "$suite" ]; then
		download_newest && return
	else
		download_one apt-get -qq -o APT::Sandbox::User=root && return
		apt_private update >log 2>&1 || : # one bad source of several is no matter
		download_one apt_private && return
	fi
	elsewhere "apt has no package '$package' for us:
$(grep '^[WE]:' log)"
}

if [ -z "$suite" ] && path=$(command -v "$program") && is_right "$path"; then
	echo "$path"
	exit
fi
: "${XDG_CACHE_HOME:=${HOME:?fetch: neither HOME nor XDG_CACHE_HOME is set}/.cache}"
cache=$XDG_CACHE_HOME/tsdb-exporter${suite:+/$suite}
cached=$cache/$program
if is_right "$cached"; then
	echo "$cached"
	exit
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	elsewhere "$program is not on the PATH, and without apt it cannot be fetched"
fi
work=$(mkdir -p "$cache" && mktemp -d "$cache/fetch.XXXXXX") || fail "cannot write to $cache"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"
echo "fetch: getting $program${suite:+, the newest} (from the package '${package%% *}', which is not installed)" >&2
download
dpkg-deb -x "$package"_*.deb . || fail "cannot unpack $package"
unmet=$(ldd "usr/bin/$program" 2>/dev/null | awk '/not found/ { print $1 }')
[ -z "$unmet" ] || fail "$program needs these libraries: $unmet"
is_right "usr/bin/$program" || elsewhere "the package '$package' here holds another $program"
mv -f "usr/bin/$program" "$cached" # a rename: whole or not at all
echo "$cached"
