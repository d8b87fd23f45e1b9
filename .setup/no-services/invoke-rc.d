#!/bin/sh
# Stands in for Debian's program while apt-get installs: no service is started, stopped or restarted.
exit 0
