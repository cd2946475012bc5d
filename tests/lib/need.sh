#!/bin/sh
# Makes sure that what a make target needs is on this machine, so that `make
# demo` and `make test` are the only commands a newcomer has to know.
#
#     tests/lib/need.sh GROUP...      build test demo bench fuzz lint deb
#
# It looks for the things themselves (a command, a header, a library), so it
# is quick when all is there and right on any system. What is missing comes
# from apt where there is apt; elsewhere it is named. Only tools and headers
# are installed, never a server: those are fetch.sh's business.
set -eu

# groups | what to look for | Debian's package, or a choice: the first that apt knows
needs() {
	cat <<'END'
build,test,demo,bench,fuzz|command cc|gcc
build,test,demo,bench,fuzz|header stdio.h|libc6-dev
build,test,demo,bench,fuzz|command pkg-config|pkg-config pkgconf
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
deb|command dpkg-buildpackage|dpkg-dev
deb|command dh|debhelper
deb|command lintian|lintian
deb|command debootstrap|debootstrap
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
	header) echo "#include <$2>" | cc -E - ;;
	library) pkg-config --exists "$2" ;;
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
	fi
	echo "need: installing ${by_hand#*recommends }" >&2
	case $packages in
	*unknown:*) ;;
	*) if log=$(install_packages "$packages" 2>&1); then return; fi ;;
	esac
	# The package lists are absent or old. That update fails, perhaps for
	# somebody's third source, does not mean that install will.
	update_log=$(apt update 2>&1) || :
	packages=$(packages_for "$1" | sed 's/unknown://g')
	log=$(install_packages "$packages" 2>&1) || fail "apt-get failed:
$(printf '%s\n' "$update_log" "$log" | grep '^[WE]:')
need: try it by hand: $by_hand"
}

[ $# -gt 0 ] || fail 'usage: need.sh GROUP...'
for group; do
	needs | cut -d'|' -f1 | tr ',' '\n' | grep -qx "$group" || fail "no group '$group'"
done

missing=$(missing_rows "$@")
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null; then
	install_with_apt "$missing"
	missing=$(missing_rows "$@")
	[ -n "$missing" ] || exit 0
fi
fail "this machine lacks: $(echo "$missing" | cut -d'|' -f1 | tr '\n' ',' | sed 's/,$//; s/,/, /g')
(on Debian they come with: $(echo "$missing" | sed 's/.*|//; s/ .*//' | tr '\n' ' '))"
