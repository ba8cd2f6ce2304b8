#!/usr/bin/env bash
# Makes the ordinary user as whom the end-to-end tests run once more, and a copy of gantry that this user can reach
# (a checkout is often below a directory closed to others). Prints the user's name. Needs root.
set -euo pipefail
cd "$(dirname "$0")/.."
user=gantry-test

id "$user" >/dev/null 2>&1 || useradd --create-home --shell /bin/sh "$user"
for file in subuid subgid; do
  grep -q "^$user:" "/etc/$file" || usermod "--add-${file}s" 700000-765535 "$user"
done
# 0600 on some virtual machines; 0666 wherever udev is.
[ ! -e /dev/net/tun ] || chmod 0666 /dev/net/tun

home=$(getent passwd "$user" | cut -d: -f6)
copy=$home/gantry
rm -rf "$copy"
mkdir -p "$copy/native/build" "$copy/node_modules"
cp -a bin dist package.json "$copy"
cp -a native/build/gantry-shim "$copy/native/build"
for node in node_modules/node-linux-*; do cp -al "$node" "$copy/node_modules" 2>/dev/null || cp -a "$node" "$copy/node_modules"; done
# Snapshots are made there on first use.
rm -f "$copy"/dist/*.blob
chown -R "$user:" "$copy/dist"
chmod 755 "$home"
echo "$user"
