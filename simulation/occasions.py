"""What is not there every day. Each kind has a class of its own, and they all are asked the same three questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from quanzi.people.accounts.models import Member
from simulation.verbs import Doing
from simulation.world import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOURS_A_DAY = 16
"""In which people are awake."""

Act = Callable[[datetime], object]


class Occasion:
    """`open` begins what a day brings, `morning` is the shop's part, `of_this_hour` says what people do, at any minute of the hour."""

    def __init__(self, world: World, doing: Doing) -> None:
        self.world, self.chance, self.doing = world, world.chance, doing
        self.some = max(8, len(world.members) // 50)
        """People who care for one such thing."""

    def open(self, day: int, now: datetime) -> None:
        """Nothing by itself."""

    def morning(self, now: datetime) -> None:
        """Nothing by itself."""

    def of_this_hour(self, now: datetime) -> list[Act]:
        return []

    def who(self) -> Member:
        return self.chance.choice(self.world.members)

    def times(self, hours: float) -> range:
        """One for each of those who come in this hour, when `some` people come in `hours` hours."""
        wanted = self.some / hours
        return range(int(wanted) + (self.chance.random() < wanted % 1))
