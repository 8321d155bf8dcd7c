"""Orders from before: read from a sheet, kept apart from what happened here, claimed by who proves to be the buyer."""
