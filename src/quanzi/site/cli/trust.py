"""`quanzi trust`: ties between people, made anew from their facts."""

from __future__ import annotations

import time

import click

from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop


@click.group()
def trust() -> None:
    """Ties between people, and how strong they are."""


@trust.command()
def rebuild() -> None:
    """Make every tie anew from its facts, and count every pair anew.

    The shop may go on meanwhile. What people declared, withdrew, hid or left out stays.
    """
    open_shop()
    from quanzi.people.accounts.models import Member
    from quanzi.people.trust import services

    made: dict[str, int] = {}
    started = time.monotonic()
    with steps("people", Member.objects.filter(erased_at=None).count()) as counter:

        def told(what: str, count: int) -> None:
            if what == "edges":
                counter.advance(count)
            else:
                made[what] = count

        pairs = services.rebuild(told=told)
    for kind, count in made.items():
        click.echo(f"{kind}: {count} ties were missing")
    click.echo(f"{pairs} pairs counted in {time.monotonic() - started:.1f} s")
