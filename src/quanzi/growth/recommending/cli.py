"""`quanzi recommend …`: what the nightly job does, by hand."""

from __future__ import annotations

import click

from quanzi.growth.recommending import services
from quanzi.kernel import clock


@click.command()
@click.option(
    "--seconds",
    default=120.0,
    show_default=True,
    type=click.FloatRange(1),
    help="About how long it may search for its settings.",
)
@click.option("--seed", default=0, show_default=True, help="The same seed and facts give the same shelves.")
def train(seconds: float, seed: int) -> None:
    """Read what people kept, and put new recommendations in place of the old."""
    done = services.train(now=clock.now(), seconds=seconds, seed=seed, say=lambda words: click.echo(words, err=True))
    click.echo(
        f"Trained in {done.seconds} s: {done.people} people, {done.goods} goods, {done.lines} lines, {done.ties} ties."
    )
    if not done.carve_out["people"]:
        click.echo("Too few people kept enough goods to choose settings by; the usual ones are used.")
    for name in ("engine", "without", "popularity"):
        if name in done.carve_out:
            words = ", ".join(f"{figure} {value:.4f}" for figure, value in done.carve_out[name].items())
            click.echo(f"{name}: {words}")


commands = [train]
