#!/bin/sh
# Makes sure that what a make target needs is on this machine, so that `make
# demo` and `make test` are the only commands a newcomer has to know.
#
#     tests/lib/need.sh GROUP...      build test demo bench fuzz lint deb package browser
#     tests/lib/need.sh --check build     installs nothing: tells in one line
#
# It looks for the things themselves (a command, a header, a library), so it
# is quick when all is there and right on any system. What is missing comes
# from apt where there is apt; elsewhere it is named. Only tools and headers
# are installed, never a server: those are fetch.sh's business.
set -eu

cc=${CC:-cc}
pkg_config=${PKG_CONFIG:-pkg-config}
case $cc in
cc | gcc) compiler=gcc ;;
*) compiler=${cc%% *} ;; # "clang -m32" is clang's
esac

# groups | what to look for | Debian's package, or a choice: the first that apt knows
needs() {
	cat <<END
build,test,demo,bench,fuzz|command ${cc%% *}|$compiler
build,test,demo,bench,fuzz|header stdio.h|libc6-dev
build,test,demo,bench,fuzz|command $pkg_config|pkg-config pkgconf
build,test,demo,bench,fuzz|library libcjson|libcjson-dev
build,test,demo,bench,fuzz|library libcurl|libcurl4-openssl-dev
build,test,demo,bench,fuzz|library zlib|zlib1g-dev
build,test,demo,bench,fuzz|library libprotobuf-c|libprotobuf-c-dev
build,test,demo,bench,fuzz|command protoc-c|protobuf-c-compiler
build,test,demo,bench,fuzz|header snappy-c.h|libsnappy-dev
test,demo,bench|command curl|curl
test,bench|command python3|python3
test|command prove|perl
test|command openssl|openssl
test|command mandoc|mandoc
test|command col|bsdextrautils bsdmainutils
test|command zsh|zsh
test|command fish|fish
bench|command jq|jq
fuzz|command clang|clang
fuzz|libfuzzer clang|libclang-rt-dev clang
deb|package build-essential|build-essential
deb|command dh|debhelper
deb|package curl|curl
deb|package python3|python3
package|command debootstrap|debootstrap
browser|command chromium|chromium
lint|command clang-format|clang-format
lint|command shellcheck|shellcheck
lint|command cppcheck|cppcheck
END
}

fail() {
	echo "need: $*" >&2
	exit 1
}

is_there() {
	case $1 in
	command) command -v "$2" ;;
	header) echo "#include <$2>" | $cc -E - ;;
	library) $pkg_config --exists "$2" ;;
	package) dpkg-query -W -f '${db:Status-Status}' "$2" | grep -qx installed ;;
	libfuzzer) # nothing names its file alike everywhere, so link with it
		echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
			"$2" -fsanitize=fuzzer -x c -o /dev/null - ;;
	esac >/dev/null 2>&1
}

# The rows of the groups asked for whose thing is not there.
missing_rows() {
	needs | while IFS='|' read -r groups thing packages; do
		for group; do
			case ,$groups, in
			*,"$group",*)
				# shellcheck disable=SC2086 # "kind name" is two words
				is_there $thing || echo "$thing|$packages"
				break
				;;
			esac
		done
	done
}

# One package a row, the first of the row's choice that apt can install.
packages_for() {
	echo "$1" | while IFS='|' read -r thing packages; do
		for package in $packages; do
			if apt-cache show "$package" >/dev/null 2>&1; then
				echo "$package"
				continue 2
			fi
		done
		echo "unknown:${packages%% *}"
	done | sort -u | paste -sd " " -
}

apt() {
	# NEEDRESTART_SUSPEND: Ubuntu would restart the user's services otherwise.
	$as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
		apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# --no-remove: nothing the user has is ever taken away in exchange.
install_packages() {
	# shellcheck disable=SC2086 # a list of words
	apt install --no-install-recommends --no-remove $1
}

install_with_apt() {
	packages=$(packages_for "$1")
	by_hand="apt-get install --no-install-recommends $(echo "$packages" | sed 's/unknown://g')"
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || fail "no sudo here; as root, run: $by_hand"
		as_root=sudo
		sudo true || fail "sudo refuses, in its words above; as root, run: $by_hand"
	fi
	echo "need: installing with apt-get, which takes a minute or so: ${by_hand#*recommends }" >&2
	case $packages in
	*unknown:*) ;;
	*) if log=$(install_packages "$packages" 2>&1); then return; fi ;;
	esac
	# The package lists are absent or old. That update fails, perhaps for
	# somebody's third source, does not mean that install will.
	update_log=$(apt update 2>&1) || :
	packages=$(packages_for "$1" | sed 's/unknown://g')
	log=$(install_packages "$packages" 2>&1) || fail "apt-get failed:
$(reasons "$update_log" "$log")
need: try it by hand: $by_hand"
}

# apt's warnings and errors; or, if something else went wrong, the last that was said
reasons() {
	printf '%s\n' "$@" | grep '^[WE]:' || printf '%s\n' "$@" | tail -n 10
}

# The things that are missing, and their packages, each as one list.
things() {
	echo "$1" | sed 's/|.*//; s/^[a-z]* //' | paste -sd , - | sed 's/,/, /g'
}
debian_packages() {
	echo "$1" | sed 's/.*|//; s/ .*//' | sort -u | paste -sd ' ' -
}

check=
[ "${1-}" != --check ] || { check=1 && shift; }
[ $# -gt 0 ] || fail 'usage: need.sh [--check] GROUP...'
for group; do
	needs | cut -d'|' -f1 | tr ',' '\n' | grep -qx "$group" || fail "no group '$group'"
done

missing=$(missing_rows "$@")
[ -n "$missing" ] || exit 0
[ -z "$check" ] || fail "cannot build, this machine lacks $(things "$missing"); to install them: make deps"
if command -v apt-get >/dev/null; then
	install_with_apt "$missing"
	missing=$(missing_rows "$@")
	[ -n "$missing" ] || exit 0
fi
fail "this machine lacks $(things "$missing")
(on Debian they come with: $(debian_packages "$missing"))"
