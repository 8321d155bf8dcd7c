"""A member is erased."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quanzi.growth.erasing import services, tombstones
from quanzi.growth.erasing.models import Erasure
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.crash.plays.play import PLAYS, Facts, Play, is_one
from tests.factories.community import make_post
from tests.factories.people import make_member


def _somebody_asked() -> Facts:
    long_ago = clock.now() - timedelta(days=8)
    member = make_member("不留痕", now=long_ago)
    make_post(author=member, title="不留之言", now=long_ago)
    services.ask(member=member, keeps_words=False, now=long_ago)
    return {"member": member.pk}


def _erase(facts: Facts) -> None:
    services.erase_due(now=clock.now())
    tombstones.mend()


def _is_gone(facts: Facts) -> None:
    is_one(Erasure.objects.filter(member=facts["member"]).exclude(done_at=None))
    is_one(Member.objects.filter(pk=facts["member"]).exclude(erased_at=None))
    assert facts["member"] in {stone.member_id for stone in tombstones.read()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posts_post AS p WHERE strpos(p::text, '不留之言') > 0")
        assert cursor.fetchone() == (0,)


PLAYS["leave_for_good"] = Play(_somebody_asked, _erase, _is_gone)
