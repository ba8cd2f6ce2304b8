#!/usr/bin/env bash
# The test machine's process 1, once it is in its root: sets the machine up as systemd would have it, runs the job in
# the file $1, and leaves exit code and results on the first disk as a tar archive.
export NO_COLOR=1 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
job=$(cat "$1")

mkdir -p /dev/pts /dev/shm /dev/mqueue /results /var/lib/gantry-e2e
mount -t devpts -o mode=620,ptmxmode=666,gid=5 devpts /dev/pts
mount -t mqueue mqueue /dev/mqueue
for place in /dev/shm /run /tmp /results /var/lib/gantry-e2e; do mount -t tmpfs -o mode=1777 memory "$place"; done
ln -sfn /proc/self/fd /dev/fd
mkdir -p /run/lock

# cgroup v2 alone, this process in a group of its own as a session would be, nothing in the root group.
mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/user.slice/session.scope
echo $$ > /sys/fs/cgroup/user.slice/session.scope/cgroup.procs
mount --make-rshared /

hostname machine
ip link set lo up
modprobe virtio_net
ip link set eth0 up && ip address add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2

bash -c "$job" </dev/null 2>&1 | cat
echo "${PIPESTATUS[0]}" > /results/code
tar -C /results -cf /dev/vda .
sync
echo o > /proc/sysrq-trigger
sleep 60
