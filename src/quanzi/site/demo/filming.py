"""Two short films of the demo shop: beside goods, and in a note. The worker prepares them like everybody's, when it first runs."""

from __future__ import annotations

from pathlib import Path

from quanzi.base.films import services as films
from quanzi.base.films.models import Film
from quanzi.community.posts.filming import Filmed, change_film
from quanzi.community.posts.models import Post
from quanzi.goods.catalogue import services as catalogue
from quanzi.people.accounts.models import Member
from quanzi.site.demo.stage import Stage

FILMS = Path(__file__).with_name("films")


def film(stage: Stage) -> None:
    """After the notes."""
    catalogue.put_film(
        product=stage.goods["yam"], film=_sent(stage, "yam", stage.staff["zhoumin"]), is_silent=True, actor="demo", now=stage.now
    )  # fmt: skip
    author = stage.people["liushu"]
    note = Post.objects.filter(author=author, post_products__product=stage.goods["shrimp"], kind="note").first()
    if note is not None:
        change_film(post=note, member=author, filmed=Filmed(_sent(stage, "shrimp", author), is_silent=True))


def _sent(stage: Stage, name: str, who: Member) -> Film:
    data = (FILMS / f"{name}.mp4").read_bytes()
    begun = films.begin(owner_id=who.pk, key=f"demo-{name}", size=len(data), now=stage.now)
    return films.receive(film_id=begun.pk, offset=0, data=data, now=stage.now)
