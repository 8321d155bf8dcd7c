"""What every story has: a transaction that is rolled back, a clock that stands, and the doctor after each step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.kernel.clock import Clock
from tests.properties import quick_doctor

LOOK_CLOSELY = 10
"""After so many steps the slower questions of the doctor are asked too."""
pick = st.integers(0, 1_000)
OFTEN = st.sampled_from([True, True, True, False])


class Story(RuleBasedStateMachine):
    """Each example lives in a transaction of its own that is rolled back."""

    taken = 0
    """Steps of all stories of this kind so far."""
    weight: ClassVar[int] = 1
    """How many plain steps one of its steps is worth."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.stopped = clock.frozen(datetime(2027, 5, 1, 4, tzinfo=UTC))
        self.time: Clock = self.stopped.__enter__()
        self.number = self.steps = 0

    def teardown(self) -> None:
        """The story ends here; it is rolled back."""
        self.stopped.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def key(self) -> str:
        self.number += 1
        return f"key-{self.number}"

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        quick_doctor.settle()
        if deliver_pending(now=clock.now()):
            while deliver_pending(now=clock.now()):
                continue
            quick_doctor.settle()
        self.steps += 1
        type(self).taken += 1
        ill = quick_doctor.ill(also_the_slow=self.steps % LOOK_CLOSELY == 0)
        assert not ill, ill
        self.count_the_money()

    def count_the_money(self) -> None:
        """When all that was announced is done."""
