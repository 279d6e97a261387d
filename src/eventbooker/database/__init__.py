"""The way to PostgreSQL: connections, migrations, and a private server where none is configured."""

OLDEST_POSTGRESQL = 15
"""The oldest major version that is supported."""
