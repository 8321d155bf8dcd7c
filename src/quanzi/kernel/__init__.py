"""Pure Python under everything else: money, time, errors, states, identifiers. Imports no Django."""
