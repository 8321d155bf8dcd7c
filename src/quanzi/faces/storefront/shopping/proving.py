"""Who that the reader knows kept goods, beside whatever speaks of them: a team, a round, a launch, a batch, a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from quanzi.base.media.models import Picture
from quanzi.faces.storefront.shopping.drawing import kept_by, names_of
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.growth.discovery.queries import Known, Proof, proof_lines
from quanzi.growth.discovery.queries.proof import social_proofs
from quanzi.people.accounts.models import Member


@dataclass(frozen=True)
class Beside:
    """The block of own.html: the nearest path to the goods, who else, who came to it independently."""

    proof: Proof
    path: dict[str, Any] | None
    others: str
    slug: str
    title: str


def beside(me: Member | None, goods: Mapping[int, tuple[str, str]], *, now: datetime) -> list[Beside]:
    """goods: slug and title by product id. Only of goods that somebody whom the reader knows bought; nothing for visitors."""
    if me is None or not goods:
        return []
    found = social_proofs(viewer_id=me.pk, product_ids=goods, now=now)
    known = {product_id: proof for product_id, proof in found.items() if proof.known_bought}
    pictures = first_pictures(set(known)) if known else {}
    return [
        Beside(proof, path_of(proof, pictures.get(product_id)), names_of(proof.others), *goods[product_id])
        for product_id, proof in known.items()
    ]


def keepers(me: Member | None, product_ids: set[int], *, now: datetime) -> dict[int, tuple[Any, str]]:
    """For lists of goods: the faces of known people who kept each, and who they are in words; nothing for visitors."""
    if me is None or not product_ids:
        return {}
    lines = proof_lines(viewer_id=me.pk, product_ids=product_ids, now=now)
    return {
        product_id: (line.people, kept_by(line.people, line.known_kept))
        for product_id, line in lines.items()
        if line.people
    }


def product_of(sku_id: int) -> int:
    """Of which product this is a variant."""
    found: int = Sku.objects.values_list("product_id", flat=True).get(pk=sku_id)
    return found


def path_of(known: Known, picture: Picture | Any) -> dict[str, Any] | None:
    """People and edges from the reader to the goods; the last edge says that the last person kept them."""
    if len(known.path) < 2 or picture is None:
        return None
    return {
        "people": known.path,
        "edges": [step.word for step in known.path[1:]] + [gettext("kept")],
        "pic": picture,
    }
