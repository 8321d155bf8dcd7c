"""Measures the shop under load: a large seeded shop, an external load tool, and the same SQL by pgbench beside it."""
