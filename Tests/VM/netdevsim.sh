#!/bin/bash
# netdevsim.sh [-c CACHE] KERNELDIR   builds the module netdevsim, a network card that is not there and reports
# packets that its hardware would have dropped (devlink traps). No Debian kernel ships it. KERNELDIR is a Debian kernel,
# unpacked, with lib/modules/VERSION. Printed is the folder, in CACHE (~/.cache/dropwatch), of what was made:
#
#   netdevsim.ko           as in Debian's source: it consumes the packets it reports
#   netdevsim_dropping.ko  the same, but it drops what it reports, and hands exceptions on to the stack, which drops
#                          them: each packet is reported twice, to test that it counts once
#
# The source and headers come from Debian by apt, into CACHE as well; nothing is installed here, KERNELDIR is only read.
# Seen to work on Debian 12 for 5.10, 6.1 and 6.12; Debian 13's kernels need its compiler and C library.
# In a guest: modprobe -a psample udp_tunnel; insmod FOLDER/netdevsim.ko; then the tests of HardwareTests run there.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dropwatch
while getopts c: option; do case $option in c) cache=$OPTARG;; *) exit 64;; esac; done
shift $((OPTIND - 1))
kernel=$(realpath "${1:?usage: netdevsim.sh [-c CACHE] KERNELDIR}")
version=$(ls "$kernel/lib/modules")          # 6.1.0-50-cloud-amd64, 7.3.4+deb13-cloud-amd64
release=${version%-cloud-amd64} release=${release%-amd64}
series=$(cut -d. -f1,2 <<< "$version")       # 6.1
case $release in                             # the suite that has it
  5.10.*) suite=bullseye;; *+deb12*) suite=bookworm-backports;; 6.1.*) suite=bookworm;;
  *+deb13*) suite=trixie-backports;; *) suite=trixie;;
esac
for tool in gcc make bc dpkg-deb xz; do
  command -v $tool > /dev/null || { echo "netdevsim.sh: $tool is missing: apt-get install gcc make bc dpkg xz-utils" >&2; exit 2; }
done

work=$cache/netdevsim/$version state=$cache/netdevsim/apt-$suite
mkdir -p "$work" "$state"/{lists/partial,cache/archives/partial}
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$state/sources.list"
apt=(-qq -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" -o Dir::Etc::SourceList="$state/sources.list"
  -o Dir::Etc::SourceParts=/dev/null -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
[ -n "$(ls -A "$state/lists/partial/.." | grep Packages)" ] || apt-get "${apt[@]}" update

# The headers, and what builds modules with them; all of one version.
headers=linux-headers-$version
built=$(apt-cache "${apt[@]}" show "$headers" | sed -n 's/^Version: //p' | head -1)
needs=$(apt-cache "${apt[@]}" depends --no-recommends --no-suggests "$headers" |
  sed -n 's/^ *Depends: \(linux-\(headers\|kbuild\)-.*\)$/\1/p')
cd "$work"
for package in $headers $needs linux-source-$series; do
  ls "$package"_*.deb > /dev/null 2>&1 || apt-get "${apt[@]}" download "$package=$built"
done
if [ ! -d tree ]; then
  rm -rf new && mkdir new
  for deb in linux-headers-*.deb linux-kbuild-*.deb; do dpkg-deb -x "$deb" new; done
  # Their makefiles name each other by where they would be installed.
  sed -i "s#/usr/src/#$work/tree/usr/src/#" "new/usr/src/$headers/Makefile"
  mkdir new/source
  dpkg-deb --fsys-tarfile linux-source-*.deb | tar -xO "./usr/src/linux-source-$series.tar.xz" |
    xz -dc | tar -x -C new/source --strip-components=1 "linux-source-$series/drivers/net/netdevsim"
  mv new tree
fi

build() { # SOURCE MODULE; with this machine's compiler, and without BTF, which would take pahole and the vmlinux
  make -s -j"$(nproc)" -C "$work/tree/usr/src/$headers" M="$1" CC=gcc CONFIG_NETDEVSIM=m CONFIG_DEBUG_INFO_BTF= \
    CONFIG_DEBUG_INFO_BTF_MODULES= modules > "$work/build.log" 2>&1 ||
    { echo "netdevsim.sh: the module cannot be built:" >&2; tail -20 "$work/build.log" >&2; exit 2; }
  strip --strip-debug -o "$work/$2.ko" "$1/$2.ko"
}
source=$work/tree/source/drivers/net/netdevsim
build "$source" netdevsim

dropping=$work/tree/dropping
rm -rf "$dropping" && cp -r "$source" "$dropping"
# In nsim_dev_trap_report(), instead of consuming the packet. IP's header is behind the 14 bytes of Ethernet's.
sed -i '/^static void nsim_dev_trap_report(/,/^}/s#consume_skb(skb);#if (nsim_traps_arr[i].type == DEVLINK_TRAP_TYPE_EXCEPTION) { skb_pull(skb, 14); netif_rx(skb); } else kfree_skb(skb);#' \
  "$dropping/dev.c"
grep -q 'skb_pull(skb, 14)' "$dropping/dev.c" ||
  { echo "netdevsim.sh: drivers/net/netdevsim/dev.c of $built has changed: nsim_dev_trap_report() was not found" >&2; exit 2; }
sed -i 's/netdevsim\.o/netdevsim_dropping.o/; s/netdevsim-objs/netdevsim_dropping-objs/' "$dropping/Makefile"
build "$dropping" netdevsim_dropping
echo "$work"
