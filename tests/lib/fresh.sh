#!/bin/sh
# A Debian in which nothing is installed yet, as a newcomer has it, in a directory.
# Needs root, debootstrap, and once the network: what debootstrap makes is kept for
# a week in ~/.cache/tsdb-exporter.
#
#     tests/lib/fresh.sh create SUITE DIRECTORY       SUITE: trixie, unstable, ...
#     tests/lib/fresh.sh clone DIRECTORY              this tree in its /src, and make
#     tests/lib/fresh.sh run DIRECTORY COMMAND...     in it, as root
#
# run gives the command process and mount namespaces of its own: nothing that it
# starts outlives it, and no mount is left behind. It has the machine's network.
set -eu

fail() {
	echo "fresh: $*" >&2
	exit 1
}

# The mirror of SUITE and its components: those that the machine uses, when it runs
# that suite itself, else Debian's.
choose_mirror() {
	# shellcheck disable=SC2016 # apt-get expands it
	found=$(apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
		awk -F '|' -v suite="$1" '$2 == suite')
	mirror=$(echo "$found" | head -n 1 | cut -d '|' -f 1)
	components=$(echo "$found" | cut -d '|' -f 3 | sort -u | paste -sd , -)
	[ -n "$mirror" ] || { mirror=http://deb.debian.org/debian components=main; }
}

bootstrap() {
	command -v debootstrap >/dev/null || fail 'debootstrap is missing: tests/lib/need.sh package installs it'
	choose_mirror "$1"
	script=
	[ -e "/usr/share/debootstrap/scripts/$1" ] || script=/usr/share/debootstrap/scripts/sid
	echo "fresh: getting a minimal $1 from $mirror, for about a minute" >&2
	debootstrap --force-check-gpg --variant=minbase --components="$components" \
		"$1" "$2" "$mirror" ${script:+"$script"} >"$2.log" 2>&1 ||
		fail "debootstrap cannot make a $1 from $mirror:
$(tail -n 15 "$2.log")"
	rm -f "$2"/var/cache/apt/archives/*.deb
}

create() {
	: "${XDG_CACHE_HOME:=${HOME:?fresh: neither HOME nor XDG_CACHE_HOME is set}/.cache}"
	cache=$XDG_CACHE_HOME/tsdb-exporter
	archive=$cache/fresh-$1.tar.gz
	if [ -z "$(find "$archive" -mtime -7 2>/dev/null)" ]; then
		work=$(mkdir -p "$cache" && mktemp -d "$cache/fresh.XXXXXX") || fail "cannot write to $cache"
		trap 'rm -rf "$work"' EXIT
		trap 'exit 130' INT
		trap 'exit 143' TERM
		bootstrap "$1" "$work/root"
		tar -C "$work/root" -cf - . | gzip -1 >"$work/tar" || fail "cannot write to $cache"
		mv -f "$work/tar" "$archive" # a rename: whole or not at all
	fi
	mkdir -p "$2"
	tar -C "$2" -xzf "$archive" || fail "cannot unpack $archive into $2"
	cp /etc/resolv.conf "$2/etc/resolv.conf"
	# apt goes through the machine's proxy, and believes the mirrors that it believes
	apt-config dump | grep -E '^Acquire::(Check-|https?|Retries|Languages)' >"$2/etc/apt/apt.conf.d/90machine" || :
	[ -e "$2/etc/hosts" ] || echo '127.0.0.1 localhost' >"$2/etc/hosts"
	# no package may start a service
	printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
	chmod 755 "$2/usr/sbin/policy-rc.d"
}

# What git knows of, as it is now: a file that was forgotten is missed here. Of all
# that can be installed the newcomer has only make.
clone() {
	tests/lib/fresh.sh run "$1" sh -c 'apt-get -q update && apt-get -q -y --no-install-recommends install make' >"$1/make.log" 2>&1 ||
		fail "make cannot be installed in $1:
$(tail -n 15 "$1/make.log")"
	mkdir -p "$1/src"
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files -z | tar -cf - --null -T - | tar -C "$1/src" --no-same-owner -xf -
	else
		tar -cf - --exclude=./build . | tar -C "$1/src" --no-same-owner -xf -
	fi
}

# The shell stays as process 1 and collects orphans, as init does.
run() {
	# shellcheck disable=SC2016 # expanded by the inner sh
	exec unshare --mount --pid --fork --kill-child sh -c '
		root=$1
		shift
		mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys" || {
			echo "fresh: nothing can be mounted here, which takes a root that may (no plain container)" >&2
			exit 125
		}
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
			DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
		exit $?' sh "$@"
}

cd "$(dirname "$0")/../.." || exit 1
[ "$(id -u)" -eq 0 ] || fail 'this needs root, which debootstrap and chroot do'
case ${1-}/$# in
create/3 | clone/2 | run/[3-9] | run/??)
	verb=$1
	shift
	"$verb" "$@"
	;;
*) fail 'usage: fresh.sh create SUITE DIRECTORY | clone DIRECTORY | run DIRECTORY COMMAND...' ;;
esac
