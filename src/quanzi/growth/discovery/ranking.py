"""In which order the feed shows posts, and because of what. Pure.

Each reason adds to the score of a post, and the strongest one is said beside it. Then posts are dealt out so that nobody and nothing
comes twice in near succession. The same posts and the same reader give the same order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log1p, prod

HALF_LIFE = timedelta(days=3)
"""After which a post is half as fresh."""

FRESH, AUTHOR, KEPT, ASKED, FIT, TASTE, CIRCLE, USEFUL, MANY = 1.0, 2.0, 1.0, 0.8, 0.7, 0.5, 0.25, 0.16, 0.08
"""What each reason weighs at its fullest; the last two for each e-fold of people."""

STRANGER_CAP = 0.6
"""The most that people whom the reader does not know add by finding it useful or by keeping its goods."""

GAPS = {"author": 3, "product": 3, "circle": 1}
"""For how many places after it the same author, goods or circle stands back."""

LOOK = 12
"""How far down somebody else is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that the reader may see. useful, kept: members who found it so, and lines kept of its goods, of people who count."""

    id: int
    author_id: int
    circle_id: int | None
    product_id: int | None
    made_at: datetime
    useful: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Eye:
    """What decides for one reader. Empty: for whoever is not known, or does not want to be.

    trust: strength of people in reach; keepers: of these, who kept which goods; fit: of goods, 0 to 1; tastes: of goods, those the reader
    picked; asked: goods that the reader asked about; circles: the reader's own.
    """

    member_id: int | None = None
    trust: Mapping[int, float] = field(default_factory=dict)
    keepers: Mapping[int, Collection[int]] = field(default_factory=dict)
    fit: Mapping[int, float] = field(default_factory=dict)
    tastes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    asked: Collection[int] = ()
    circles: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """Why a post stands where it stands: the strongest reason. number: of people, where there are some; taste: which."""

    kind: str
    number: int = 0
    taste: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A post with its score and its reason."""

    post: Candidate
    score: float
    because: Because


def ranked(posts: Iterable[Candidate], eye: Eye, now: datetime) -> list[Ranked]:
    """All of these posts, the best first, nobody and nothing twice in near succession."""
    scored = [_scored(post, eye, now) for post in posts]
    scored.sort(key=lambda one: (-one.score, -one.post.id))
    return spread(scored)


def _scored(post: Candidate, eye: Eye, now: datetime) -> Ranked:
    reasons = _reasons(post, eye)
    age = max(timedelta(0), now - post.made_at)
    fresh = FRESH * 0.5 ** (age / HALF_LIFE)
    best = max(reasons, key=lambda one: one[0], default=(0.0, Because("new")))
    return Ranked(post, fresh + sum(weight for weight, _ in reasons), best[1])


def _reasons(post: Candidate, eye: Eye) -> list[tuple[float, Because]]:
    found: list[tuple[float, Because]] = []
    goods = post.product_id
    if post.author_id in eye.trust:
        found.append((AUTHOR * eye.trust[post.author_id], Because("author")))
    if goods is not None:
        people = set(eye.keepers.get(goods, ())) - {post.author_id}
        if people:
            together = 1.0 - prod(1.0 - eye.trust.get(one, 0.0) for one in sorted(people))
            found.append((KEPT * together, Because("kept", len(people))))
        if goods in eye.asked and post.author_id != eye.member_id:
            found.append((ASKED, Because("asked")))
        if eye.fit.get(goods):
            found.append((FIT * eye.fit[goods], Because("fit")))
        if eye.tastes.get(goods):
            found.append((TASTE, Because("taste", taste=eye.tastes[goods][0])))
    if post.circle_id is not None and post.circle_id in eye.circles:
        found.append((CIRCLE, Because("circle")))
    if post.useful:
        found.append((min(STRANGER_CAP, USEFUL * log1p(post.useful)), Because("useful", post.useful)))
    if post.kept:
        found.append((min(STRANGER_CAP, MANY * log1p(post.kept)), Because("many", post.kept)))
    return found


def spread(best_first: Sequence[Ranked]) -> list[Ranked]:
    """Deal them out: at each place the best of the next LOOK that repeats the least of what stood just before."""
    waiting, dealt = list(best_first), list[Ranked]()
    recent: dict[str, deque[int | None]] = {name: deque(maxlen=gap) for name, gap in GAPS.items()}
    while waiting:
        at = min(range(min(LOOK, len(waiting))), key=lambda place: (_repeats(waiting[place].post, recent), place))
        one = waiting.pop(at)
        recent["author"].append(one.post.author_id)
        recent["product"].append(one.post.product_id)
        recent["circle"].append(one.post.circle_id)
        dealt.append(one)
    return dealt


def _repeats(post: Candidate, recent: Mapping[str, Collection[int | None]]) -> int:
    """How bad it would be here: the same person is worse than the same goods, those worse than the same circle."""
    return (
        4 * (post.author_id in recent["author"])
        + 2 * (post.product_id is not None and post.product_id in recent["product"])
        + (post.circle_id is not None and post.circle_id in recent["circle"])
    )
