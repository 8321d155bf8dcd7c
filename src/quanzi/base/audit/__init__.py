"""Who changed what, from where, before and after."""
