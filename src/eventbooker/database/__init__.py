"""The way to PostgreSQL: connections, migrations, and a private server where none is configured."""
