#!/bin/sh
# PgBouncer, which the password of the database opens too.
set -eu

umask 077
echo "\"eventbooker\" \"$(cat /run/eventbooker/database_password)\"" >/tmp/users.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
