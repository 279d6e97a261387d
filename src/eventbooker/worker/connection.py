"""How the worker's threads reach the database: each has a connection of its own."""

import psycopg

from eventbooker.database.pool import Connection


def connect(database_url: str, name: str) -> Connection:
    """An autocommit connection: one call is one transaction, and none stays open in between.

    `name` shows in pg_stat_activity. A database that falls silent is an OperationalError within seconds.
    """
    return psycopg.connect(
        database_url,
        autocommit=True,
        application_name=f"eventbooker {name}",
        connect_timeout=3,
        tcp_user_timeout=10_000,
    )


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
