"""What must hold of members who were erased."""

from quanzi.base.doctor import invariant
from quanzi.growth.erasing.fates import FATES, Erase
from quanzi.growth.erasing.queries import left_behind


@invariant("ER1", "Nothing is left of an erased member but a number")
def what_is_left() -> str:
    """Rows that should have gone, contacts that are still there, requests that wait for somebody who is gone."""
    gone = [fate for fate in FATES if isinstance(fate, Erase) and isinstance(fate.where, str)]
    return " UNION ALL ".join([
        "SELECT 'member:' || id AS place, 'is erased and can still be reached or log in' AS problem FROM accounts_member"
        " WHERE erased_at IS NOT NULL AND (is_active OR email IS NOT NULL OR phone IS NOT NULL OR bio <> '' OR avatar_id IS NOT NULL)",
        "SELECT 'member:' || member_id, 'is erased and waits to be' FROM erasing_erasure e JOIN accounts_member m ON m.id = e.member_id"
        " WHERE m.erased_at IS NOT NULL AND e.withdrawn_at IS NULL AND e.done_at IS NULL",
        *(left_behind(fate) for fate in gone),
    ])  # fmt: skip
