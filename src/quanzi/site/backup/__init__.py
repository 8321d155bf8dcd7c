"""A shop's past: copies of the database, each followed by the log of what came after, so that any moment comes back.

`copies` makes, lists and clears away copies; `pictures` keeps pictures beside them; `proof` looks whether everything is
there and whole; `recovery` brings a moment back; `tasks` does the daily work. For the embedded database only.
"""
