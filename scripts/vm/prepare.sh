# Sourced by scripts/vm.sh: the kernel's files under $cache, and the initramfs. Sets `kernel` and `release`.

current_package() {
  apt-cache depends --important linux-image-cloud-amd64 2>/dev/null |
    sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1
}
package=$(current_package) || true
[ -n "$package" ] || { apt-get update -qq && package=$(current_package) || true; }
[ -n "$package" ] || { echo "vm: apt knows no linux-image-cloud-amd64" >&2; exit 1; }
release=${package#linux-image-}
kernel=$cache/$release/boot/vmlinuz-$release

# Downloaded and unpacked, never installed: the host keeps its own kernel.
download_kernel() {
  local unpacked=$cache/$release.$$
  mkdir -p "$unpacked"
  echo "vm: downloading $package"
  (cd "$unpacked" && apt-get download -qq "$package" 2>/dev/null && dpkg-deb -x ./*.deb . && rm ./*.deb usr -r)
  busybox depmod -b "$unpacked" "$release"
  mv -T "$unpacked" "$cache/$release"
}
[ -e "$kernel" ] || download_kernel

# The modules that reach the host's files; the kernel asks modprobe for all others once those are there.
boot_modules=(virtio_pci virtiofs virtio_blk)

# make_initramfs WORK: busybox, the first modules and the init script, as a cpio archive on standard output.
make_initramfs() {
  local root=$1/initramfs.d tree=lib/modules/$release module path
  mkdir -p "$root"/{bin,dev,proc,sys,host,new,tmp} "$root/$tree"
  cp /bin/busybox "$root/bin/busybox"
  install -m 755 "$checkout/scripts/vm/init.sh" "$root/init"
  printf 'checkout=%q cache=%q release=%q job=%q modules=%q\n' \
    "$checkout" "$cache" "$release" "$1/job" "${boot_modules[*]}" > "$root/settings"
  for module in "${boot_modules[@]}"; do
    for path in $(module_files "$module"); do install -D -m 644 "$cache/$release/$tree/$path" "$root/$tree/$path"; done
  done
  cp "$cache/$release/$tree"/modules.* "$root/$tree/"
  (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null)
}

# A module's file and those it depends on, from modules.dep.
module_files() {
  grep "/${1//_/[_-]}\.ko:" "$cache/$release/lib/modules/$release/modules.dep" | tr -d :
}
