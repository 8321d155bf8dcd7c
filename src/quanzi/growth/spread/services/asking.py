"""Members are asked whether they would try a sample; it is held from the question to the parcel."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.jobs.services import enqueue
from quanzi.goods.stock import services as stock
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import invitation_for
from quanzi.growth.spread import errors
from quanzi.growth.spread.models import LIVE, Plan, PlanState, Seed, SeedState
from quanzi.growth.spread.queries.willing import willing
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import address_of
from quanzi.people.contact.services import notify

SILENCE = timedelta(days=7)
"""Who has not answered by then is not asked any more, and the sample goes to the next."""


@transaction.atomic
def ask_next(*, plan_id: int, actor: Member, now: datetime) -> int:
    """Ask those who come next, as many as there are samples that nobody has; returns how many were asked.

    Whoever withdrew the consent or was asked lately is passed over. A sample is held for each. Raises NotReady, NobodyLeft, OutOfStock.
    """
    plan = _locked(plan_id)
    if plan.state not in (PlanState.READY, PlanState.ASKING) or plan.ends_at <= now:
        raise errors.NotReady()
    waiting = list(plan.seeds.select_for_update().filter(state=SeedState.CHOSEN).order_by("place"))
    free = plan.samples - plan.seeds.filter(state__in=LIVE).count()
    may_be_asked = willing([one.member_id for one in waiting], now=now)
    asked = [one for one in waiting if one.member_id in may_be_asked][: max(0, free)]
    if not asked:
        raise errors.NobodyLeft()
    stock.reserve(lines=[(plan.sku_id, 1, ref_of(one.pk)) for one in asked], expires_at=None, now=now)
    crash.point("spread.ask.held")
    Seed.objects.filter(pk__in=[one.pk for one in asked]).update(state=SeedState.ASKED, asked_at=now)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ASKING)
    for one in asked:
        notify(
            member_id=one.member_id, kind="sample_offered", params={"goods": plan.sku.product.name}, link="/me/asked",
            key=f"sample:{one.pk}", now=now,
        )  # fmt: skip
    audit.write(actor=actor, action="spread.ask", target=f"plan:{plan.pk}", after={"asked": len(asked)}, now=now)
    return len(asked)


@transaction.atomic
def answer(*, seed_id: int, member: Member, accept: bool, address_id: int | None = None, now: datetime) -> Seed:
    """The member's own word. accept: with the address to send it to, or none to fetch it at the shop. Saying no binds to nothing.

    Raises NotAsked, also for somebody else's question and an address that is not theirs.
    """
    seed = Seed.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=seed_id, member=member).first()
    if seed is None or seed.state not in (SeedState.ASKED, SeedState.ACCEPTED, SeedState.DECLINED):
        raise errors.NotAsked()
    after = SeedState.ACCEPTED if accept else SeedState.DECLINED
    if seed.state == after:
        return seed
    if seed.state == SeedState.DECLINED:  # the sample may be with somebody else
        raise errors.NotAsked()
    address = address_of(member, address_id) if accept and address_id is not None else None
    if accept and address_id is not None and address is None:
        raise errors.NotAsked(field="address_id")
    seed.state, seed.answered_at, seed.address = after, now, address
    seed.save(update_fields=["state", "answered_at", "address"])
    if not accept:
        stock.release(refs=[ref_of(seed.pk)], now=now)
    enqueue("spread.foretell", plan_id=seed.plan_id, unique=f"foretell:{seed.plan_id}", lock="spread")
    return seed


@transaction.atomic
def send(*, seed_id: int, actor: Member, now: datetime) -> Seed:
    """The sample leaves: written off the shelf as one, never sold. The member's own link to the goods is made. Raises NothingToSend."""
    seed = (
        Seed.objects.select_for_update(of=("self",))
        .select_related("plan__sku__product", "member").filter(pk=seed_id).first()
    )  # fmt: skip
    if seed is None or seed.state != SeedState.ACCEPTED:
        raise errors.NothingToSend()
    plan = seed.plan
    stock.release(refs=[ref_of(seed.pk)], now=now)
    stock.scrap(
        sku_id=plan.sku_id,
        quantity=1,
        key=ref_of(seed.pk),
        reason=f"sample, plan {plan.pk}",
        actor=f"staff:{actor.pk}",
        now=now,
    )
    crash.point("spread.send.written_off")
    seed.state, seed.sent_at = SeedState.SENT, now
    seed.save(update_fields=["state", "sent_at"])
    product = plan.sku.product
    invitation_for(member=seed.member, target=f"/p/{product.slug}", kind=SourceKind.SAMPLE, now=now)
    notify(
        member_id=seed.member_id, kind="sample_sent", params={"goods": product.name}, link="/me/asked",
        key=f"sample_sent:{seed.pk}", now=now,
    )  # fmt: skip
    audit.write(actor=actor, action="spread.send", target=f"seed:{seed.pk}", after={"sku": plan.sku_id}, now=now)
    return seed


@transaction.atomic
def close(*, plan_id: int, actor: Member, now: datetime) -> None:
    """Nobody more is asked; samples that have not left are free again. Closing twice changes nothing."""
    plan = _locked(plan_id)
    if plan.state == PlanState.CLOSED:
        return
    let_go(list(plan.seeds.filter(state__in=(SeedState.CHOSEN, SeedState.ASKED, SeedState.ACCEPTED))), now=now)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CLOSED)
    audit.write(actor=actor, action="spread.close", target=f"plan:{plan.pk}", now=now)


@transaction.atomic
def lapse(*, now: datetime) -> int:
    """Questions without an answer for seven days end; returns how many."""
    silent = list(Seed.objects.select_for_update().filter(state=SeedState.ASKED, asked_at__lte=now - SILENCE))
    let_go(silent, now=now)
    return len(silent)


def let_go(seeds: list[Seed], *, now: datetime) -> None:
    """These are not asked any more, and what was held for them is free."""
    Seed.objects.filter(pk__in=[one.pk for one in seeds]).update(state=SeedState.LEFT)
    stock.release(refs=[ref_of(one.pk) for one in seeds], now=now)


def ref_of(seed_id: int) -> str:
    """By which name a sample is held, and written off."""
    return f"sample:{seed_id}"


def _locked(plan_id: int) -> Plan:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("sku__product").filter(pk=plan_id).first()
    if plan is None:
        raise errors.NotReady()
    return plan
