"""After a shop came back from an older copy: who was erased since is erased again."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.films import services as films
from quanzi.base.media import services as media
from quanzi.growth.erasing import services, tombstones
from quanzi.people.accounts.models import Member


def erase_again(*, now: datetime) -> int:
    """Carry out every erasure that the file knows and the database does not; returns how many. Pictures that no row knows go."""
    stones = tombstones.read()
    living = Member.objects.filter(pk__in=[stone.member_id for stone in stones], erased_at=None)
    there = dict(living.values_list("pk", "joined_at"))
    found = [stone for stone in stones if there.get(stone.member_id) == stone.joined_at]
    done = sum(services.erase(member_id=stone.member_id, now=now, again=stone) for stone in found)
    tombstones.mend()
    media.sweep(now=now, at_once=True)
    films.sweep(now=now, at_once=True)
    return done
