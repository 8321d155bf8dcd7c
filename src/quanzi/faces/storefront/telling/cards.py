"""Share cards: 1200 × 630 px, what a messenger shows beside a link. Drawn from facts that everybody may see, kept in the data folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageOps

from quanzi.base.media import files, rules
from quanzi.base.media.models import Picture
from quanzi.base.shop.identity import current, shop_name
from quanzi.community.circles.models import Admission
from quanzi.community.circles.queries import circle_by_slug
from quanzi.community.posts.policies import may_read as may_read_post
from quanzi.community.posts.queries import feed, post_by_id
from quanzi.faces.storefront.telling.answers import answer_if_new
from quanzi.faces.storefront.viewing import id_in
from quanzi.faces.ui import drawn, formats
from quanzi.goods.catalogue.queries import maker_page, product_page
from quanzi.growth.fronts.queries.record import standing_of
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.queries import product_counts

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 56
LAYOUT = 1
"""Changes when the drawing does, so that cards of an older drawing are not served."""
MOST_FILES = 5_000


@dataclass(frozen=True)
class Card:
    """What a card shows. picture: its hash and width; price: written out; second: a line of facts under it."""

    title: str
    text: str = ""
    price: str = ""
    second: str = ""
    foot: str = ""
    picture: tuple[str, int] | None = None
    accent: str = "persimmon"


@require_safe
def card(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The card of goods (p), a note (n), an open circle (c), somebody with a public page (u), a maker (m), or the shop.

    What is not public has none.
    """
    data = kept(_facts(kind, key))
    response = HttpResponse(data, content_type="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer_if_new(request, response, kept_for="max-age=3600" if "v" in request.GET else "no-cache")


def kept(shown: Card) -> bytes:
    """The card from the folder of cards; drawn first when nobody asked for it before."""
    folder = Path(settings.QUANZI_HOME) / "cards"
    name = hashlib.sha256(repr((LAYOUT, sorted(asdict(shown).items()))).encode()).hexdigest()[:32]
    path = folder / f"{name}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(mode=0o755, exist_ok=True)
    data = draw(shown)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)
    _forget_oldest(folder)
    return data


def draw(shown: Card) -> bytes:
    """The same card gives the same bytes."""
    ground = Image.new("RGB", SIZE, drawn.PAPER)
    pen = ImageDraw.Draw(ground)
    fill, ink = drawn.ACCENTS.get(shown.accent, drawn.ACCENTS["persimmon"])
    picture = _picture(shown.picture)
    left = MARGIN
    if picture is not None:
        ground.paste(ImageOps.fit(picture, (HEIGHT, HEIGHT)), (0, 0))
        left = HEIGHT + MARGIN
    room, top = WIDTH - left - MARGIN, MARGIN + 4
    for line in drawn.lines_of(shown.title, size=54, width=room, most=3):
        drawn.write(pen, (left, top), line, size=54, fill=drawn.INK)
        top += 74
    top += 14
    for line in drawn.lines_of(shown.text, size=28, width=room, most=3) if shown.text else []:
        drawn.write(pen, (left, top), line, size=28, fill=drawn.INK_2)
        top += 42
    if shown.price:
        drawn.write(pen, (left, HEIGHT - 210), shown.price, size=64, fill=ink, anchor="ls")
    if shown.second:
        drawn.write(pen, (left, HEIGHT - 162), shown.second, size=28, fill=drawn.PINE, anchor="ls")
    pen.line([(left, HEIGHT - 126), (WIDTH - MARGIN, HEIGHT - 126)], fill=drawn.LINE, width=2)
    pen.rounded_rectangle([(left, HEIGHT - 96), (left + 44, HEIGHT - 52)], radius=12, fill=fill)
    drawn.write(pen, (left + 22, HEIGHT - 74), shown.foot[:1], size=26, fill=drawn.ON_ACCENT, anchor="mm")
    drawn.write(pen, (left + 60, HEIGHT - 74), shown.foot, size=28, fill=drawn.INK, anchor="lm")
    return drawn.png(ground)


def _facts(kind: str, key: str) -> Card:
    makers = {"p": _of_product, "n": _of_post, "c": _of_circle, "u": _of_member, "m": _of_maker}
    if kind in makers:
        return makers[kind](key)
    if (kind, key) != ("shop", "front"):
        raise NotFound
    about = gettext("Goods that people you know have kept, and the circles around them.")
    return Card(shop_name(), about, foot=shop_name(), accent=current().accent)


def _of_product(slug: str) -> Card:
    goods = product_page(slug)
    counted = product_counts([goods.id])[goods.id]
    facts = gettext("Kept %(kept)s, returned %(returned)s") % {"kept": counted.kept, "returned": counted.returned}
    price = ""
    if goods.is_on_sale and goods.price_from is not None:
        price = f"¥{formats.plain_money(goods.price_from)}"
        if goods.price_to is not None and goods.price_to > goods.price_from:
            price = gettext("from %(price)s") % {"price": price}
    first = goods.pictures[0] if goods.pictures else None
    return Card(goods.name, goods.summary, price, facts, shop_name(), _named(first), current().accent)


def _of_post(key: str) -> Card:
    post = post_by_id(id_in(key) or 0)
    if post is None or not may_read_post(None, post):
        raise NotFound
    shots = [shown.picture for shown in post.post_pictures.all()]
    return Card(
        post.title, post.body[:200], second=post.author.name, foot=shop_name(), picture=_named(shots[0] if shots else None),
        accent=current().accent,
    )  # fmt: skip


def _of_circle(slug: str) -> Card:
    circle = circle_by_slug(slug)
    if circle is None or circle.closed_at is not None or circle.admission == Admission.INVITATION:
        raise NotFound
    return Card(
        circle.name, circle.summary or circle.charter[:120], second=circle.place, foot=shop_name(), picture=_named(circle.cover),
        accent=current().accent,
    )  # fmt: skip


def _of_member(key: str) -> Card:
    """Of somebody who writes or sells for everybody; others have no page for strangers."""
    who = Member.objects.select_related("avatar").filter(pk=id_in(key) or 0, is_active=True, erased_at=None).first()
    if who is None or not (standing_of(who.pk).is_public or feed(author_id=who.pk, limit=1)):
        raise NotFound
    return Card(who.name, who.bio, foot=shop_name(), picture=_named(who.avatar), accent=current().accent)


def _of_maker(slug: str) -> Card:
    maker = maker_page(slug)
    return Card(
        maker.name,
        maker.story[:200],
        second=maker.place,
        foot=shop_name(),
        picture=_named(maker.portrait),
        accent=current().accent,
    )


def _named(picture: Picture | None) -> tuple[str, int] | None:
    return (picture.sha256, rules.nearest(picture.width, 640)) if picture is not None else None


def _picture(named: tuple[str, int] | None) -> Image.Image | None:
    if named is None:
        return None
    try:
        return Image.open(files.path(*named)).convert("RGB")
    except FileNotFoundError:
        return None


def _forget_oldest(folder: Path) -> None:
    """Cards of prices long gone make room; whoever still asks for one has it drawn again."""
    found = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
    for path in found[: max(0, len(found) - MOST_FILES)]:
        path.unlink(missing_ok=True)
