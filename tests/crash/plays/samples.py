"""Samples: held while somebody is asked, written off once when they leave."""

from __future__ import annotations

import contextlib

from quanzi.goods.stock.models import Movement
from quanzi.goods.stock.queries import free
from quanzi.growth.spread import errors, services
from quanzi.growth.spread.models import Plan, PlanState, Seed, SeedState
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice, Purpose
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, work
from tests.factories.people import make_member, make_staff
from tests.factories.spread import agree, make_plan


def _chosen() -> Facts:
    """Somebody who agreed to be asked stands first; the shop has two of the goods."""
    plan, member = make_plan(), make_member()
    agree(member, Purpose.SAMPLES, now=clock.now())
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.READY)
    seed = Seed.objects.create(plan=plan, member=member, place=1, adds=1.5, state=SeedState.CHOSEN)
    return {"plan": plan.pk, "seed": seed.pk, "sku": plan.sku_id, "boss": make_staff("operator").pk}


def _ask(facts: Facts) -> None:
    with contextlib.suppress(errors.NobodyLeft):
        services.ask_next(plan_id=facts["plan"], actor=Member.objects.get(pk=facts["boss"]), now=clock.now())
    work()


def _is_asked_once(facts: Facts) -> None:
    seed = Seed.objects.get(pk=facts["seed"])
    assert (seed.state, free([facts["sku"]])[facts["sku"]]) == (SeedState.ASKED, 1)
    is_one(Notice.objects.filter(member_id=seed.member_id, kind="sample_offered"))


PLAYS["ask_for_sample"] = Play(_chosen, _ask, _is_asked_once)


def _accepted() -> Facts:
    facts = _chosen()
    _ask(facts)
    seed = Seed.objects.select_related("member").get(pk=facts["seed"])
    services.answer(seed_id=seed.pk, member=seed.member, accept=True, now=clock.now())
    return facts


def _send(facts: Facts) -> None:
    with contextlib.suppress(errors.NothingToSend):
        services.send(seed_id=facts["seed"], actor=Member.objects.get(pk=facts["boss"]), now=clock.now())
    work()


def _is_gone_once(facts: Facts) -> None:
    is_one(Movement.objects.filter(sku_id=facts["sku"], quantity=-1))
    assert Seed.objects.get(pk=facts["seed"]).state == SeedState.SENT
    assert free([facts["sku"]])[facts["sku"]] == 1


PLAYS["send_sample"] = Play(_accepted, _send, _is_gone_once)
