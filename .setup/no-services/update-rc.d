#!/bin/sh
# Stands in for Debian's program while apt-get installs: a new service is registered, but does not start at boot.
[ "$2" = defaults ] && set -- "$1" defaults-disabled
exec /usr/sbin/update-rc.d "$@"
