FROM postgres:17

RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
COPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
COPY pgbouncer.sh /pgbouncer.sh

USER postgres
ENTRYPOINT ["sh", "/pgbouncer.sh"]
