"""Any story of a shop ends with the books, the stock, every order and every team as a plain model says; and in any story
of a town everybody's money is where their orders say, and nobody waits for ever.

The doctor looks after every step. QUANZI_STEPS says how many steps are taken in all (5,000 by default), QUANZI_SEED
which stories are told: a story that fails prints the seed under which it is told again. `./dev soak` tells more.
With QUANZI_SHRINK set, a story that fails is made as short as possible, which takes minutes.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as story_settings
from hypothesis.stateful import run_state_machine_as_test

from quanzi.trade.payments import providers
from tests.properties import quick_doctor
from tests.properties.orders import QUIET
from tests.properties.shop import Shop
from tests.properties.story import Story
from tests.properties.town import Town

STEPS = int(os.environ.get("QUANZI_STEPS", "5000"))
STEPS_OF_A_STORY = 50
KINDS: tuple[type[Story], ...] = (Shop, Town, Shop, Town)
VOLUMES = len(KINDS)
"""So many tests share the steps, so that each core has something to tell."""
SHRINK = "QUANZI_SHRINK" in os.environ


@pytest.mark.django_db
@pytest.mark.parametrize("volume", range(VOLUMES))
def test_any_story_of_a_shop_adds_up(volume: int, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, "quiet"]
    monkeypatch.setitem(providers._providers, "quiet", QUIET)
    quick_doctor.prepare()
    told = os.environ.get("QUANZI_SEED")
    number = int(told) if told else secrets.randbelow(2**32)
    try:
        kind = KINDS[volume]
        tell(kind, number * VOLUMES + volume, steps=STEPS // VOLUMES // kind.weight)
    except BaseException as trouble:
        trouble.add_note(
            f"Told again by: QUANZI_SEED={number} QUANZI_STEPS={STEPS} ./dev test tests/properties -k '[{volume}]'"
        )
        raise


def tell(kind: type[Story], number: int, *, steps: int) -> None:
    """Stories until so many steps are taken; the number decides all of them. A story may end early, so several rounds."""
    kind.taken = 0
    while kind.taken < steps:
        stories = (steps - kind.taken) // STEPS_OF_A_STORY + 2
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            seed(number * 1_000_000 + kind.taken)(kind),
            settings=story_settings(
                max_examples=stories,
                stateful_step_count=STEPS_OF_A_STORY,
                deadline=None,
                phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
                database=None,
                print_blob=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
