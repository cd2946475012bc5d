#!/bin/sh
# Prints the path of a program that the demo and the tests start, and gets it
# first if need be: from the distribution's package, downloaded and unpacked
# into a cache directory. Installing the package instead would start a service
# on the user's machine, or change the curl that it has. Works without root,
# and any number of these may run at once.
#
#     tests/lib/fetch.sh [--suite SUITE] influxd|victoria-metrics|vmagent|vmauth|caddy|prometheus|promtool|curl
#
# SUITE: the program of Debian's bookworm or trixie, or newest (unstable),
# whatever runs here. The servers are Go programs, which run on any Debian or
# Ubuntu. curl comes with all of its libraries and their loader, so that it
# runs anywhere as well. Without SUITE, curl is one with HTTP/3: this machine's,
# or, where that has none, Debian's newest.
set -eu

fail() {
	echo "fetch: $*" >&2
	exit 1
}

suite=
if [ "${1-}" = --suite ]; then
	suite=${2-}
	case $suite in
	newest) archive=unstable ;;
	bookworm | trixie) archive=$suite ;;
	*) fail 'a suite is one of bookworm, trixie, newest' ;;
	esac
	shift 2
fi
program=${1-}
what=$program
case $program in
influxd) package=influxdb from='https://dl.influxdata.com/influxdb/releases/ (a 1.x)' ;;
victoria-metrics | vmagent | vmauth) package=victoria-metrics from=https://github.com/VictoriaMetrics/VictoriaMetrics/releases ;;
caddy) package=$program from=https://caddyserver.com/download ;;
prometheus) package=$program from=https://prometheus.io/download/ ;;
promtool) package='promtool prometheus' from=https://prometheus.io/download/ ;;
curl)
	package=$program from='https://curl.se/download.html'
	case $suite in
	bookworm | trixie) features= ;;
	*) features='.*HTTP3' what='curl with HTTP/3' ;;
	esac
	;;
*) fail 'usage: fetch.sh [--suite SUITE] influxd|victoria-metrics|vmagent|vmauth|caddy|prometheus|promtool|curl' ;;
esac

# InfluxDB 2 calls its program influxd as well, and is another database.
is_right() {
	case $program in
	influxd) "$1" version 2>/dev/null | grep -q 'InfluxDB v1\.' ;;
	curl) "$1" -q --version 2>/dev/null | grep -q "^Features:$features" ;;
	*) [ -x "$1" ] ;;
	esac
}

elsewhere() {
	fail "$*
fetch: get $what from $from and put it on the PATH"
}

# apt-get with fresh package lists of our own, for which nobody needs to be root.
apt_private() {
	apt-get -qq -o APT::Sandbox::User=root -o Dir::State::lists="$PWD/lists" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}

# The same for the suite alone; what the machine has installed says nothing.
apt_suite() {
	apt_private -o Dir::Etc::sourcelist="$PWD/suite.list" -o Dir::Etc::sourceparts=- \
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

download_from_suite() {
	find_keys
	echo "deb [signed-by=$keys] http://deb.debian.org/debian $archive main" >suite.list
	apt_suite update >log 2>&1 || elsewhere "cannot read Debian's package lists: $(cat log)"
	case $program in
	curl) download_with_libraries apt_suite ;;
	*) download_one apt_suite ;;
	esac
}

# The package and all that it depends on. Nothing counts as installed, so the
# C library is among them; and nothing is installed.
download_with_libraries() {
	mkdir -p archives/partial
	"$@" install --download-only --no-install-recommends -y -o Debug::NoLocking=true \
		-o Dir::Cache::archives="$PWD/archives" "$package" >>log 2>&1
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
		download_from_suite && return
	else
		download_one apt-get -qq -o APT::Sandbox::User=root && return
		apt_private update >log 2>&1 || : # one bad source of several is no matter
		download_one apt_private && return
	fi
	elsewhere "apt has no package '$package' for us:
$(grep '^[WE]:' log)"
}

# Unpacks what download_with_libraries got, and makes the directory ./curl of it:
# the program, the libraries that it loads and their loader, which is named in
# the script curl/curl. The machine's own libraries are of another age, so none
# of them may be among those.
gather_curl() {
	for deb in archives/*.deb; do
		dpkg-deb -x "$deb" tree || fail "cannot unpack $deb"
	done
	loader=$(find "$PWD/tree" -type f -name 'ld*.so.[0-9]' | head -n 1)
	libraries=$(find "$PWD/tree" -name '*.so.*' ! -type d -exec dirname {} + | sort -u | paste -sd : -)
	"$loader" --inhibit-cache --library-path "$libraries" --list tree/usr/bin/curl >loaded ||
		fail "curl of $suite does not run here: $(cat loaded)"
	mkdir -p curl/lib
	sed -n 's/^.* => \(.*\) (0x[0-9a-f]*)$/\1/p' loaded | while read -r library; do
		case $library in
		"$PWD/tree"/*) cp -L "$library" curl/lib/ ;;
		*) fail "curl of $suite lacks a library of its own: $library" ;;
		esac
	done
	cp "$loader" curl/lib/
	cp tree/usr/bin/curl curl/lib/
	home=$(printf '%s\n' "$cache/curl/lib" | sed "s/'/'\\\\''/g")
	cat >curl/curl <<-END
		#!/bin/sh
		export SASL_PATH='$home' # else plugins of the machine's libsasl2 are loaded
		exec '$home/${loader##*/}' --library-path '$home' '$home/curl' "\$@"
	END
	chmod 755 curl/curl
}

# A rename: whole or not at all. Where another was quicker, his is as good,
# unless it is a broken one from before.
keep_curl() {
	mv -T curl "$cache/curl" 2>/dev/null && return
	if ! is_right "$cached"; then
		mv -T "$cache/curl" broken && mv -T curl "$cache/curl"
	fi
}

if [ -z "$suite" ] && path=$(command -v "$program") && is_right "$path"; then
	echo "$path"
	exit
fi
[ -n "$suite" ] || [ "$program" != curl ] || suite=newest archive=unstable
: "${XDG_CACHE_HOME:=${HOME:?fetch: neither HOME nor XDG_CACHE_HOME is set}/.cache}"
cache=$XDG_CACHE_HOME/tsdb-exporter${suite:+/$suite}
cached=$cache/$program
[ "$program" != curl ] || cached=$cached/curl
if is_right "$cached"; then
	echo "$cached"
	exit
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	elsewhere "$what is not on the PATH, and without apt it cannot be fetched"
fi
work=$(mkdir -p "$cache" && mktemp -d "$cache/fetch.XXXXXX") || fail "cannot write to $cache"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"
echo "fetch: getting $what${suite:+, $suite} (from the package '${package%% *}', which is not installed)" >&2
download
if [ "$program" = curl ]; then
	gather_curl
	keep_curl
	is_right "$cached" || fail "$what, $suite, does not run here"
	echo "$cached"
	exit
fi
dpkg-deb -x "$package"_*.deb . || fail "cannot unpack $package"
unmet=$(ldd "usr/bin/$program" 2>/dev/null | awk '/not found/ { print $1 }')
[ -z "$unmet" ] || fail "$program needs these libraries: $unmet"
is_right "usr/bin/$program" || elsewhere "the package '$package' here holds another $program"
mv -f "usr/bin/$program" "$cached" # a rename: whole or not at all
echo "$cached"
