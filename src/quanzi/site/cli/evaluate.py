"""`quanzi evaluate …`: hold the shop's own engine against files of others. No shop and no database is needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SEED = click.option("--seed", default=0, show_default=True, help="The same seed and files give the same answer.")


@click.group()
def evaluate() -> None:
    """Measure the engine that recommends, on files of your own."""


@evaluate.command()
@click.option(
    "--train", required=True, type=_FILE, help="Lines of person, item and perhaps a weight above 0, divided by tabs."
)
@click.option("--test", required=True, type=_FILE, help="Lines of person and item, held back.")
@click.option("--ties", type=_FILE, help="Lines of person and person; who trusts whom.")
@click.option(
    "--seconds",
    default=300.0,
    show_default=True,
    type=click.FloatRange(1),
    help="About how long the engine may search for its settings.",
)
@_SEED
def recommend(train: Path, test: Path, ties: Path | None, seconds: float, seed: int) -> None:
    """Rank all items that each person does not have, and look for those of the test.

    Prints one JSON object a line for each method: popularity, item-knn, engine without ties, engine. recall@K is hits among the first K
    divided by the person's items in the test; ndcg@K divides by the best order of min(items in the test, K). Means over people with
    items in the test. The engine chooses its settings on a tenth of the training lines, never on the test. Progress goes to standard error.
    """
    from quanzi.growth.recommending.engine.evaluating import evaluate as rows_of
    from quanzi.growth.recommending.engine.reading import Unreadable, read_split

    try:
        split = read_split(train, test, ties)
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    for row in rows_of(split, seed=seed, seconds=seconds, say=_say):
        click.echo(json.dumps(row, ensure_ascii=False))
        sys.stdout.flush()


def _say(words: str) -> None:
    click.echo(words, err=True)


@evaluate.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_SEED
def groupbuy(folder: Path, seed: int) -> None:
    """Ask the Beibei group-buying files which launch comes next, and whether it fills.

    FOLDER holds tune, test, invalid and data_size (.txt or .txt.gz). Prints one JSON object for each question. Progress goes to standard error.
    """
    from quanzi.growth.recommending.engine.groupbuy import evaluate_groupbuy, read_groupbuy
    from quanzi.growth.recommending.engine.reading import Unreadable

    try:
        data = read_groupbuy(folder)
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    for row in evaluate_groupbuy(data, seed=seed, say=_say):
        click.echo(json.dumps(row, ensure_ascii=False))
        sys.stdout.flush()
