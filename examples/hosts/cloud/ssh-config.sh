#!/bin/sh
# Writes an ssh config for machines that were just started, from their addresses, one argument each:
#
#   sh cloud/ssh-config.sh 203.0.113.7 203.0.113.9 > .hosts/ssh_config
#   npx jest-distributed run --hosts cloud1,cloud2
#
# Their host keys are new, so the first connection accepts each (accept-new) and later ones compare it.
set -eu
number=1
for address in "$@"; do
  cat <<END
Host cloud$number
  HostName $address
  User tests
  StrictHostKeyChecking accept-new
  UserKnownHostsFile .hosts/known_hosts
END
  number=$((number + 1))
done
