"""What a journey finds when it begins: the shop's sizes, people who are logged in, addresses that exist."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

from bench.shop.sizes import Sizes, at

PEOPLE = 64


@dataclass(frozen=True)
class Person:
    """A member who is logged in. cookie: the whole Cookie header; csrf: the token of forms; circle: slug of their own."""

    id: int
    cookie: str
    csrf: str
    circle: str


class Stage:
    """One measured shop. Chance is seeded, so that two runs ask the same."""

    BROWSER = {"User-Agent": "Mozilla/5.0 (bench)", "Accept-Language": "zh-CN,zh;q=0.9", "Accept": "text/html"}
    CSRF = "b" * 32
    VISITOR = f"qz_v={'v' * 24}; csrftoken={CSRF}"

    def __init__(self, *, scale: float, port: int, seed: int = 1) -> None:
        self.scale, self.port, self.seed = scale, port, seed

    @property
    def sizes(self) -> Sizes:
        return at(self.scale)

    @cached_property
    def members(self) -> list[Person]:
        """People spread over the shop, logged in as the login page does it."""
        return [self._log_in(number) for number in self.spread(self.sizes.members, PEOPLE)]

    def crowd(self, count: int) -> list[Person]:
        """So many people, no two of them the same. Raises ValueError when there are fewer."""
        found = self.different(self.sizes.members, count)
        if len(found) < count:
            raise ValueError(f"{len(found)} people are no crowd of {count}")
        return [self._log_in(number) for number in found]

    def spread(self, most: int, count: int, *, lowest: int = 1) -> list[int]:
        """Numbers from lowest to most, by chance."""
        chance = random.Random(f"{self.seed} {most} {count}")
        return [chance.randint(min(lowest, most), most) for _ in range(count)]

    def different(self, most: int, count: int, *, lowest: int = 1) -> list[int]:
        """The same by chance, no two of them the same; fewer where there are not so many."""
        chance = random.Random(f"{self.seed} different {most} {count}")
        known = range(min(lowest, most), most + 1)
        return chance.sample(known, min(count, len(known)))

    def words(self, count: int) -> list[str]:
        """Different words that stand in names of products, so that a search finds some."""
        from quanzi.goods.catalogue.models import Product

        names = Product.objects.filter(pk__in=self.different(self.sizes.products, count)).values_list("name", flat=True)
        return list(dict.fromkeys(part for name in names.order_by("pk") for part in (name[2:4], name[-2:])))[:count]

    def kept_by_friends(self) -> list[tuple[int, str]]:
        """For each member some goods that a friend has kept: place of the member, slug."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT source_id, slug FROM (
                     SELECT t.source_id, p.slug, row_number() OVER (PARTITION BY t.source_id ORDER BY p.id) AS place
                     FROM trust_tie t JOIN sales_orderline l ON l.member_id = t.target_id AND l.kept_at IS NOT NULL
                     JOIN catalogue_product p ON p.id = l.product_id WHERE t.source_id = ANY(%s)) found
                   WHERE place <= 6 ORDER BY place, source_id""",
                [[one.id for one in self.members]],
            )
            places = {one.id: place for place, one in enumerate(self.members)}
            return [(places[member], slug) for member, slug in cursor.fetchall()]

    def _log_in(self, number: int) -> Person:
        from django.test import Client

        from quanzi.people.accounts.models import Member

        client = Client(headers={"User-Agent": "Mozilla/5.0 (bench)"}, SERVER_NAME="localhost")
        client.force_login(Member.objects.get(pk=number))
        key = client.cookies["sessionid"].value
        cookie = f"sessionid={key}; {self.VISITOR}"
        return Person(number, cookie, self.CSRF, f"circle-{min((number - 1) // 200 + 1, self.sizes.circles)}")
