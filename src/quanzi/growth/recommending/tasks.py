"""Each night the engine reads what was kept since, and puts new shelves in place of the old; who is new need not wait."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic


@periodic("recommending.train", cron="23 19 * * *")
def train(*, now: datetime) -> None:
    """Nightly, at an hour when few people are here."""
    # numpy is loaded when it is needed only: the web processes never train.
    from quanzi.growth.recommending.services import train as train_now

    train_now(now=now)


@periodic("recommending.fold_in", cron="*/10 * * * *")
def fold_in(*, now: datetime) -> None:
    """Every ten minutes: a shelf for those who came or bought since."""
    from quanzi.growth.recommending.services import fold_in as fold_in_now

    fold_in_now(now=now)
