#!/bin/sh
# Two "hosts" on this machine: an sshd for each, with a home of its own, for your user alone. Nothing of your own ssh is
# read or changed. Keys and settings are in .hosts, homes in ~/.two-hosts: inside of this folder Jest would find them.
#
#   sh two-hosts.sh start
#   sh two-hosts.sh stop
set -eu
cd "$(dirname "$0")"
here=$(pwd)/.hosts
homes=${HOMES:-$HOME/.two-hosts}

stop() {
  for file in "$here"/*/pid; do
    [ -f "$file" ] && kill "$(cat "$file")" 2>/dev/null || true
  done
  rm -rf "$here" "$homes"
}

start() {
  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  [ -x "$sshd" ] || { echo "There is no sshd: apt-get install openssh-server" >&2; exit 1; }
  # Root's sshd insists on it.
  [ "$(id -u)" = 0 ] && mkdir -p /run/sshd
  mkdir -p "$here"
  chmod 700 "$here"
  ssh-keygen -q -t ed25519 -N '' -f "$here/key"
  port=${FIRST_PORT:-22501}
  for name in first second; do
    host=$here/$name
    mkdir -p "$host" "$homes/$name"
    ssh-keygen -q -t ed25519 -N '' -f "$host/host_key"
    cat > "$host/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey "$host/host_key"
PidFile "$host/pid"
AuthorizedKeysFile "$here/key.pub"
StrictModes no
UsePAM no
PasswordAuthentication no
SetEnv "HOME=$homes/$name"
END
    "$sshd" -f "$host/sshd_config"
    echo "[127.0.0.1]:$port $(cut -d ' ' -f 1,2 "$host/host_key.pub")" >> "$here/known_hosts"
    cat >> "$here/ssh_config" <<END
Host $name
  HostName 127.0.0.1
  Port $port
  User $(id -un)
  IdentityFile "$here/key"
  IdentitiesOnly yes
  UserKnownHostsFile "$here/known_hosts"
END
    port=$((port + 1))
  done
  echo "first and second are ready"
}

case ${1-} in
  start) stop; start ;;
  stop) stop ;;
  *) echo "usage: sh two-hosts.sh start | stop" >&2; exit 1 ;;
esac
