#!/bin/busybox sh
# The first process of the test machine: makes a root of the host's files with memory over them, and enters it.
/bin/busybox --install -s /bin
. /settings
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $modules; do modprobe "$module" || echo "vm: no module $module"; done

mount -t virtiofs -o ro host /host || { echo "vm: the host's files cannot be mounted"; poweroff -f; }
tree=lib/modules/$release
insmod "/host$cache/$release/$tree/kernel/fs/overlayfs/overlay.ko"
mount -t tmpfs -o size=60% memory /tmp
mkdir /tmp/upper /tmp/work
mount -t overlay -o lowerdir=/host,upperdir=/tmp/upper,workdir=/tmp/work root /new

# The kernel asks /sbin/modprobe for all other modules.
mkdir -p "/new/$tree"
mount --bind "/host$cache/$release/$tree" "/new/$tree"
ln -sf /bin/busybox /new/sbin/modprobe
for place in proc sys dev; do mount --move "/$place" "/new/$place"; done
exec switch_root /new /bin/bash "$checkout/scripts/vm/machine.sh" "$job"
