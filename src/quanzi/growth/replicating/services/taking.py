"""A pattern is made of a community of this shop, or taken in as a file of another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post
from quanzi.growth.replicating import archive, content, describing
from quanzi.growth.replicating.errors import AreaNeeded
from quanzi.growth.replicating.models import Pattern
from quanzi.kernel.errors import Errors
from quanzi.trade.sales.rules import clean


@transaction.atomic
def make_pattern(
    *,
    circle: Circle,
    areas: Sequence[str],
    posts: Sequence[Post] = (),
    with_pictures: bool = False,
    kept_words: Sequence[str] = (),
    actor: str,
    now: datetime,
) -> Pattern:
    """The circle's settings, plan and texts as one file, without any person in it; the same content is one pattern.

    areas: how its texts call the area, taken out; posts: notes and questions whose words a branch may begin with;
    with_pictures: and whose pictures; whoever asks for them has looked at each. kept_words: words
    that look like a name here and are none. Raises AreaNeeded, PatternTooLarge, and Personal for each place that would tell of a person.
    """
    words = [said for area in areas if (said := clean(area))]
    if not words:
        raise AreaNeeded(field="areas")
    found, files = describing.describe(circle, posts, with_pictures=with_pictures)
    bare = content.checked(
        content.without_area(found, words) | {"goods": found["goods"]}
    )  # goods are the shop's, in every area
    Errors.raise_any(content.personal_in(bare, names=describing.names_around(circle), kept=kept_words))
    return _keep(bare, files, circle=circle, name=circle.name, actor=actor, now=now)


@transaction.atomic
def take_in(*, data: bytes, actor: str, now: datetime) -> Pattern:
    """A pattern file, checked to the last byte. The same file again is the same pattern. Raises NotAPattern, NewerPattern, PatternTooLarge."""
    found, files = archive.unpack(data)
    return _keep(found, files, circle=None, name=found["circle"]["name"], actor=actor, now=now)


def _keep(
    found: content.Content, files: dict[str, bytes], *, circle: Circle | None, name: str, actor: str, now: datetime
) -> Pattern:
    pattern, is_new = Pattern.objects.get_or_create(
        digest=content.digest_of(found, files),
        defaults={
            "name": name[:80], "content": found, "archive": archive.pack(found, files), "circle": circle, "made_at": now, "made_by": actor,
        },
    )  # fmt: skip
    if is_new:
        audit.write(
            actor=actor, action="replicating.make_pattern", target=f"pattern:{pattern.pk}",
            after={"circle": circle.pk if circle else None, "digest": pattern.digest}, now=now,
        )  # fmt: skip
    return pattern
