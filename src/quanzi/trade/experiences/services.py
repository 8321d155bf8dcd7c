"""Writing an experience: a post that is tied to one kept order line of its author."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Circle
from quanzi.community.posts.filming import Filmed
from quanzi.community.posts.models import PostKind
from quanzi.community.posts.services import compose
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.experiences.errors import NotKeptYet, StarsOutOfRange, WrittenAlready
from quanzi.trade.experiences.events import ExperienceWritten
from quanzi.trade.experiences.models import Experience
from quanzi.trade.sales.models import OrderLine


@transaction.atomic
def write_experience(
    *,
    member: Member,
    line_id: int,
    title: str,
    body: str = "",
    stars: int | None = None,
    pictures: Sequence[Picture] = (),
    circle: Circle | None = None,
    film: Filmed | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Experience:
    """Tell how something turned out. With stars (1 to 5) it is a review; one for each order line, good or bad alike.

    Raises NotFound (not the member's line), NotKeptYet, WrittenAlready, StarsOutOfRange, and what writing a post raises.
    """
    line = OrderLine.objects.select_related("product").select_for_update(of=("self",)).filter(
        pk=line_id, member=member
    ).first()  # fmt: skip
    if line is None:
        raise NotFound
    if line.kept_at is None:
        raise NotKeptYet
    if stars is not None and not 1 <= stars <= 5:
        raise StarsOutOfRange(field="stars")
    if Experience.objects.filter(line=line).exists():
        raise WrittenAlready
    post = compose(
        author=member, circle=circle, kind=PostKind.EXPERIENCE, title=title, body=body, pictures=pictures,
        products=[line.product], film=film, is_demo=is_demo, now=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            experience = Experience.objects.create(
                post=post, line=line, product=line.product, member=member, stars=stars, created_at=now
            )
    except IntegrityError as refused:  # two forms sent at once: the first one stands
        raise WrittenAlready from refused
    record(
        ExperienceWritten(
            post_id=post.pk, line_id=line.pk, member_id=member.pk, product_id=line.product_id, stars=stars
        ),
        now=now,
    )
    return experience


@transaction.atomic
def void_experience(*, line_id: int, now: datetime) -> None:
    """The goods went back: the words stay to be read, the stars no longer count. Twice changes nothing."""
    Experience.objects.filter(line_id=line_id, voided_at=None).update(voided_at=now)
