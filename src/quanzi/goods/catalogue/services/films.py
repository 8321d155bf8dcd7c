"""The film of goods: put beside their pictures, taken out again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.films.models import Film
from quanzi.base.films.rules import WORDS_MAX
from quanzi.base.films.services import is_shown, remove_films
from quanzi.goods.catalogue.errors import FilmElsewhere, FilmWordsTooLong, GoodsFilmNeedsWords
from quanzi.goods.catalogue.models import Product, ProductFilm


@transaction.atomic
def put_film(
    *, product: Product, film: Film, words: str = "", is_silent: bool = False, actor: str, now: datetime
) -> None:
    """Show a film with goods, in the place of the one that stood there; the same again changes what is said in it.

    It plays as soon as it is ready. Raises GoodsFilmNeedsWords, FilmWordsTooLong, FilmElsewhere.
    """
    words = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > WORDS_MAX:
        raise FilmWordsTooLong(field="film_words", most=WORDS_MAX)
    if not words and not is_silent:
        raise GoodsFilmNeedsWords(field="film_words")
    Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    film = Film.objects.select_for_update(of=("self",)).get(pk=film.pk)
    former = ProductFilm.objects.filter(product=product).first()
    if former is not None and former.film_id == film.pk:
        ProductFilm.objects.filter(product=product).update(words=words, is_silent=is_silent)
    else:
        if is_shown(film):
            raise FilmElsewhere(field="film")
        if former is not None:
            _drop(former)
        ProductFilm.objects.create(product=product, film=film, words=words, is_silent=is_silent)
    audit.write(
        actor=actor, action="catalogue.put_film", target=f"product:{product.pk}", after={"film": film.pk}, now=now
    )


@transaction.atomic
def drop_film(*, product: Product, actor: str, now: datetime) -> None:
    """The film goes, with its files. Twice changes nothing."""
    former = ProductFilm.objects.select_for_update(of=("self",)).filter(product=product).first()
    if former is None:
        return
    film_id = former.film_id
    _drop(former)
    audit.write(
        actor=actor, action="catalogue.drop_film", target=f"product:{product.pk}", before={"film": film_id}, now=now
    )


def _drop(former: ProductFilm) -> None:
    film_id = former.film_id
    former.delete()
    remove_films(film_ids=[film_id])
