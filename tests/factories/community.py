"""The smallest valid circles and posts."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from quanzi.community.circles import services as circles
from quanzi.community.circles.models import Circle
from quanzi.community.posts import services as posts
from quanzi.community.posts.models import Post
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import create_member

_numbers = count(1)


def make_person(name: str = "", *, now: datetime | None = None, **fields: Any) -> Member:
    number = next(_numbers)
    return create_member(
        name=name or f"邻居{number}", email=f"p{number}@community.example", now=now or clock.now(), **fields
    )


def make_circle(*, founder: Member | None = None, now: datetime | None = None, **fields: Any) -> Circle:
    return circles.create_circle(
        founder=founder or make_person(), now=now or clock.now(), **{"name": f"锦绣邻里{next(_numbers)}", **fields}
    )


def make_post(
    *, author: Member | None = None, circle: Circle | None = None, now: datetime | None = None, **fields: Any
) -> Post:
    return posts.write_post(
        author=author or make_person(),
        circle=circle,
        now=now or clock.now(),
        **{"kind": "note", "title": "蒸了二十分钟", **fields},
    )
