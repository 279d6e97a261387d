#!/bin/sh
# Makes what is missing of the passwords in /run/eventbooker, or in the directory named. What is there stays as it is.
set -eu
umask 022 # read by the users of several containers; only these have the volume
cd "${1:-/run/eventbooker}"

for name in database_password admin_password; do
    if [ ! -s "$name" ]; then
        head -c 24 /dev/urandom | base64 | tr +/ -_ >"$name.new"
        mv "$name.new" "$name"
    fi
done

password=$(cat database_password)
for host in database:5432 replica:5432 pgbouncer:6432; do
    echo "postgresql://eventbooker:$password@$host/eventbooker" >"${host%:*}_url"
done
