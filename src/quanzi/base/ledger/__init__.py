"""Double entry: balanced, append-only, hash-chained; the database itself refuses anything else."""
