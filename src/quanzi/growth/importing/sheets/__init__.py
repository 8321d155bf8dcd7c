"""A sheet's way through the house: sent in, its columns chosen, looked at, applied by a job, its content forgotten."""
