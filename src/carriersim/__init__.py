"""A simulated carrier: a program of its own that gives numbers, tells what became of parcels, and fails on request. Carries nothing."""
