"""Background work waiting in the same PostgreSQL as the data that it belongs to."""
