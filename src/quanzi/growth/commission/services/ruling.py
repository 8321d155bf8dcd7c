"""Who earns how much for goods of their guests: rules that owners write and end. What a rule says is never edited."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.growth.commission import errors
from quanzi.growth.commission.models import CommissionRule
from quanzi.growth.commission.queries import standing_rules
from quanzi.growth.commission.rules import DEPTHS, LONGEST_NAME, MOST_BP
from quanzi.kernel.errors import DomainError, Errors, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


@transaction.atomic
def create_rule(
    *,
    name: str,
    rate_bp: int,
    depth: int = 1,
    starts_at: datetime,
    ends_at: datetime | None = None,
    actor: Member,
    signs: bool = False,
    now: datetime,
) -> CommissionRule:
    """A rate for a depth, in basis points of what is paid and kept; it holds for orders paid from `starts_at` to before `ends_at`.

    Depth 2 is written only when the actor signs for it; the database knows no depth 3. Raises NotAllowed, all that is wrong
    with the terms (Errors), RuleRuns while another of this depth stands, RatesTooHigh when all levels together take too much.
    """
    if not can(actor, "commission.rules"):
        raise NotAllowed()
    name = name.strip()
    _check(name=name, rate_bp=rate_bp, depth=depth, starts_at=starts_at, ends_at=ends_at, signs=signs, now=now)
    _one_at_a_time()
    standing = standing_rules(now=now)
    if any(rule.depth == depth for rule in standing):
        raise errors.RuleRuns()
    if rate_bp + sum(rule.rate_bp for rule in standing) > MOST_BP:
        raise errors.RatesTooHigh(field="rate", most=MOST_BP // 100)
    rule = CommissionRule.objects.create(
        name=name, rate_bp=rate_bp, depth=depth, starts_at=starts_at, ends_at=ends_at,
        signed_by=actor if signs else None, signed_at=now if signs else None,
    )  # fmt: skip
    after = {"rate_bp": rate_bp, "depth": depth, "signed": signs}
    audit(actor=actor, action="commission.rule", target=f"rule:{rule.pk}", after=after, now=now)
    return rule


@transaction.atomic
def end_rule(*, rule_id: int, actor: Member, now: datetime) -> CommissionRule:
    """From now on nothing is earned by it; what was earned stays. Again changes nothing. Raises NotAllowed, NoSuchRule."""
    if not can(actor, "commission.rules"):
        raise NotAllowed()
    rule = CommissionRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise errors.NoSuchRule()
    if rule.ends_at is None or rule.ends_at > now:
        rule.ends_at = max(now, rule.starts_at)
        rule.save(update_fields=["ends_at"])
        audit(actor=actor, action="commission.rule_end", target=f"rule:{rule.pk}", now=now)
    return rule


def _check(
    *, name: str, rate_bp: int, depth: int, starts_at: datetime, ends_at: datetime | None, signs: bool, now: datetime
) -> None:
    wrong: list[DomainError] = []
    if not 1 <= len(name) <= LONGEST_NAME:
        wrong.append(errors.RuleNameNeeded(field="name", most=LONGEST_NAME))
    if type(rate_bp) is not int or not 1 <= rate_bp <= MOST_BP:
        wrong.append(errors.BadRate(field="rate", most=MOST_BP // 100))
    if depth not in DEPTHS:
        wrong.append(errors.BadDepth(field="depth"))
    if depth > 1 and not signs:
        wrong.append(errors.SignatureNeeded(field="signs"))
    if ends_at is not None and ends_at <= max(starts_at, now):
        wrong.append(errors.EndsTooEarly(field="ends_on"))
    if wrong:
        raise Errors(wrong)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('commission rules'))")
