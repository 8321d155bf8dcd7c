"""The shop's PostgreSQL: the embedded server, or the one that DATABASE_URL names."""
