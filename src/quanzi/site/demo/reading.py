"""Who reads what the demo's people wrote, and what some of them did next."""

from __future__ import annotations

from quanzi.community.posts.models import Post
from quanzi.growth.insight.services import note_reading
from quanzi.growth.sources.models import Visitor
from quanzi.people.trust.services import follow
from quanzi.site.demo.stage import Stage

OPEN_TO_ALL = ("wang", "axia", "xuning", "chennian", "liushu", "zhao", "chenjie")
STRANGERS = 9
NEWCOMERS = {"p34": 14.8, "p36": 10.8, "p37": 8.9, "p38": 5.9}
"""Who read something on the day they joined, days ago."""
FOLLOWED = (("p36", "xuning", 7.1), ("p38", "chennian", 4.2), ("p37", "axia", 3.4), ("p34", "wang", 1.1))


def read(stage: Stage) -> None:
    """Passers-by read and go; newcomers read, and some come closer."""
    authors = {stage.people[key].pk for key in OPEN_TO_ALL}
    written = list(
        Post.objects.filter(author_id__in=authors, circle__admission="open", created_at__lt=stage.ago(1)).order_by("pk")
    )
    strangers = list(Visitor.objects.filter(member=None).order_by("pk").values_list("key", flat=True))
    for post in written:
        days = (stage.now - post.created_at).total_seconds() / 86_400
        for key in stage.chance.sample(strangers, stage.chance.randint(3, STRANGERS)):
            note_reading(post=post, visitor_key=key, member_id=None, now=stage.ago(stage.chance.uniform(0.1, days)))
    for who, joined in NEWCOMERS.items():
        _newcomer(stage, who, joined, written)
    for who, author, days in FOLLOWED:
        follow(member=stage.people[who], target=stage.people[author], now=stage.ago(days))


def _newcomer(stage: Stage, who: str, joined: float, written: list[Post]) -> None:
    """Two posts of each author whom they found before they ordered anything."""
    member = stage.people[who]
    key = Visitor.objects.filter(member=member).values_list("key", flat=True).first()
    begun = stage.ago(joined + 0.05)
    for post in [one for one in written if one.created_at < begun][-2:] + written[-1:]:
        at = max(begun, post.created_at)
        note_reading(post=post, visitor_key=key, member_id=None if at == begun else member.pk, now=at)
