"""What must hold about the index of the search."""

from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.growth.searching import facts
from quanzi.growth.searching.indexing import catch_up_all

ASTRAY = f"""
SELECT coalesce(f.kind, e.kind) AS kind, coalesce(f.object_id, e.object_id) AS object_id,
       CASE WHEN e.id IS NULL THEN 'cannot be found' WHEN f.facts IS NULL THEN 'can still be found' ELSE 'is found by what it was' END AS problem
FROM ({facts.everything()}) f FULL JOIN searching_entry e ON e.kind = f.kind AND e.object_id = f.object_id
WHERE e.facts IS DISTINCT FROM f.facts OR e.audience IS DISTINCT FROM f.audience OR e.circle_id IS DISTINCT FROM f.circle_id
"""
NOT_WAITING = f"""SELECT a.* FROM ({ASTRAY}) a WHERE NOT EXISTS (SELECT FROM searching_stale s WHERE s.object_id = a.object_id
    AND s."group" = CASE WHEN a.kind IN ('note', 'question', 'experience') THEN 'post' ELSE a.kind END)"""


def read_again() -> None:
    """What is astray is read again."""
    for row in rows_of(NOT_WAITING):
        kind, object_id = row["kind"], row["object_id"]
        group = "post" if kind in ("note", "question", "experience") else kind
        rows_of('INSERT INTO searching_stale ("group", object_id) VALUES (%s, %s) RETURNING id', [group, object_id])
    catch_up_all()


@invariant("SE1", "The search finds what the facts say, and nothing else", fix=read_again)
def entries_are_facts() -> Rows:
    """Entries that are not what the facts say, and that nobody is about to read again."""
    return rows_of(NOT_WAITING)
