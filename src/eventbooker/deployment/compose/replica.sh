#!/bin/sh
# A copy of the primary at the first start; from then on it follows by itself. Without its volume it is made anew.
set -eu

as_postgres() {
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
}

if [ ! -d "$PGDATA/cluster" ]; then
    install -d -o postgres -g postgres -m 700 "$PGDATA"
    rm -rf "$PGDATA/partial" # of a copy that was interrupted
    (
        PGPASSWORD=$(cat /run/eventbooker/database_password)
        export PGPASSWORD
        as_postgres pg_basebackup -h database -U eventbooker -D "$PGDATA/partial" -R -X stream -c fast
    )
    mv "$PGDATA/partial" "$PGDATA/cluster"
fi

as_postgres postgres -D "$PGDATA/cluster" -c listen_addresses='*'
