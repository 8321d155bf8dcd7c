"""Builds a large shop set by set in SQL. The doctor proves the result, since the triggers sleep while it is written."""
