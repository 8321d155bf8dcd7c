"""Goods carry a film: sent by the staff, watched by everybody, gone with its files, kept when its sender is erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.base.films import services as films
from quanzi.base.films.models import Film
from quanzi.base.jobs.services import run_due
from quanzi.base.media.models import Picture
from quanzi.community.posts.errors import FilmTaken
from quanzi.community.posts.filming import Filmed, attach_film
from quanzi.goods.catalogue import errors, services
from quanzi.goods.catalogue.models import Product, ProductFilm
from quanzi.growth.erasing.fates import Gone
from quanzi.growth.erasing.pictures import films_of, goods_stay, pictures_of
from quanzi.kernel import clock
from tests.faces.api.conftest import Caller
from tests.factories.community import make_post
from tests.factories.films import send_film
from tests.factories.goods import make_product, make_sku
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db
FILM = bytes(range(256))


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of its own, and preparing without decoding."""
    settings.MEDIA_ROOT, settings.QUANZI_FILMS_ARRIVING = tmp_path / "media", tmp_path / "arriving"

    def make(source: Path, folder: Path) -> dict[str, Any]:
        from PIL import Image

        if source.read_bytes().startswith(b"broken"):
            return {"fault": "not_a_film"}
        (folder / "film.mp4").write_bytes(FILM)
        Image.new("RGB", (64, 48), "#123456").save(folder / "poster.png")
        return {"width": 64, "height": 48, "length_ms": 2_000, "has_sound": True}

    monkeypatch.setattr(films, "_make", make)


def filmed(product: Product, *, words: str = "这是一个红薯", data: bytes = b"bytes", owner: Any = None) -> Film:
    """Goods with a film that went through the shop's hands."""
    now = clock.now()
    film = send_film(data, owner_id=(owner or make_member()).pk, key=f"film-{product.pk}-{len(data)}", now=now)
    services.put_film(product=product, film=film, words=words, actor="staff:0", now=now)
    run_due(now)
    film.refresh_from_db()
    return film


def test_staff_put_a_film_beside_goods_and_everybody_watches_it() -> None:
    product = make_sku().product
    staff = log_in(Client(), make_staff("operator"))
    here, sent = reverse("console:product_film", args=[product.pk]), SimpleUploadedFile("x.mp4", b"some film")
    page = Client().get(f"/p/{product.slug}").text
    assert "<video" not in page
    refused = staff.post(here, {"film": sent})
    assert refused.status_code == 422 and not ProductFilm.objects.exists(), "somebody must be able to read what is said"
    assert staff.post(here, {"film_words": "没有片子"}).status_code == 422
    sent.seek(0)
    assert staff.post(here, {"film": sent, "film_words": "这是一个红薯"}).status_code == 302
    assert "<video" not in Client().get(f"/p/{product.slug}").text, "not before it is ready"
    run_due(clock.now())
    page = Client().get(f"/p/{product.slug}").text
    assert "<video" in page and "autoplay" not in page and "这是一个红薯" in page
    film = Film.objects.get()
    assert b"".join(Client().get(f"/films/{film.code}.mp4").streaming_content) == FILM
    staff.post(here, {"film_words": "这是两个红薯"})
    assert "这是两个红薯" in Client().get(f"/p/{product.slug}").text and Film.objects.get() == film
    product.state = "draft"
    product.save(update_fields=["state"])
    assert Client().get(f"/films/{film.code}.mp4").status_code == 404
    staff.post(reverse("console:product_film_remove", args=[product.pk]))
    assert not Film.objects.exists() and not Picture.objects.filter(pk=film.poster_id).exists()
    done = AuditEntry.objects.filter(action__endswith="_film").values_list("action", flat=True)
    assert sorted(set(done)) == ["catalogue.drop_film", "catalogue.put_film"]


def test_a_film_that_could_not_be_prepared_says_why_to_the_staff_alone() -> None:
    product = make_sku().product
    filmed(product, data=b"broken")
    staff = log_in(Client(), make_staff("operator"))
    assert "notice" in staff.get(reverse("console:product", args=[product.pk])).text
    assert "<video" not in Client().get(f"/p/{product.slug}").text


def test_a_film_stands_in_one_place_and_another_takes_its_place() -> None:
    product, now = make_product(), clock.now()
    first = filmed(product)
    with pytest.raises(FilmTaken):
        attach_film(post=make_post(), filmed=Filmed(first, "话"))
    with pytest.raises(errors.FilmElsewhere):
        services.put_film(product=make_product(), film=first, words="话", actor="staff:0", now=now)
    with pytest.raises(errors.FilmWordsTooLong):
        services.put_film(product=product, film=first, words="话" * 5001, actor="staff:0", now=now)
    second = filmed(product, data=b"other bytes")
    assert list(Film.objects.all()) == [second]


def test_a_film_of_goods_stays_when_whoever_sent_it_is_erased_and_their_others_go() -> None:
    member, now = make_member(), clock.now()
    of_goods = filmed(make_product(), owner=member)
    own = send_film(b"their own", owner_id=member.pk, now=now)
    gone = Gone(member.pk, (), False, (), now)
    assert films_of(gone) == [own.pk]
    assert of_goods.poster_id not in pictures_of(gone)
    goods_stay(member.pk)
    assert Picture.objects.get(pk=of_goods.poster_id).owner_id is None


def test_a_program_of_the_staff_does_the_same_and_readers_find_it() -> None:
    product, me = make_sku().product, make_staff("operator")
    film = send_film(b"bytes", owner_id=me.pk, now=clock.now())
    caller, where = Caller(me), f"/staff/products/{product.pk}/film"
    caller.send("PUT", where, {"code": film.code}, status=422)
    assert caller.send("PUT", where, {"code": film.code, "is_silent": True})["state"] == "waiting"
    caller.send("DELETE", f"/films/{film.code}", status=404)
    run_due(clock.now())
    assert Caller(make_member()).send("GET", f"/products/{product.slug}")["film"]["url"].endswith(".mp4")
    caller.send("DELETE", where, status=204)
    assert Caller(make_member()).send("GET", f"/products/{product.slug}")["film"] is None
