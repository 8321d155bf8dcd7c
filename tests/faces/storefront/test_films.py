"""A film from the composer to whoever may watch it, and to nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quanzi.base.events.services import deliver_pending
from quanzi.base.films import services as films
from quanzi.base.films.models import Film
from quanzi.base.jobs.services import run_due
from quanzi.base.media.models import Picture
from quanzi.community.posts import errors, services
from quanzi.community.posts.filming import Filmed, change_film
from quanzi.community.posts.models import Post, PostFilm, PostPicture
from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.community.films import part_of
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.faces.storefront.browsing import browser as entered
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.films import film_bytes, send_film

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.QUANZI_FILMS_ARRIVING = tmp_path / "media", tmp_path / "arriving"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Preparing without decoding."""

    def make(source: Path, folder: Path) -> dict[str, Any]:
        from PIL import Image

        (folder / "film.mp4").write_bytes(FILM)
        Image.new("RGB", (64, 48), "#123456").save(folder / "poster.png")
        return {"width": 64, "height": 48, "length_ms": 61_200, "has_sound": True}

    monkeypatch.setattr(films, "_make", make)


def filmed_post(
    author: Member | None = None, *, words: str = "这是一个红薯", prepared: bool = True, **fields: Any
) -> Post:
    author, now = author or make_person(), clock.now()
    film = send_film(b"some bytes", owner_id=author.pk, now=now)
    post = make_post(author=author, film=Filmed(film, words), **fields)
    if prepared:
        run_due(now)
        deliver_pending(now=now)
    return post


def address(post: Post, kind: str = "mp4") -> str:
    return f"/films/{PostFilm.objects.select_related('film').get(post=post).film.code}.{kind}"


def test_a_form_without_script_sends_a_film_that_everybody_watches_soon() -> None:
    me = entered(make_person())
    sent = {
        "kind": "note",
        "title": "红薯怎么蒸",
        "film_silent": "on",
        "film": SimpleUploadedFile("x.mov", film_bytes(kind="mov")),
    }
    went = me.post("/write", sent)
    assert went.status_code == 302
    assert "hx-get" in me.get(went.url).content.decode() and "<video" not in Client().get(went.url).content.decode()
    run_due(clock.now())
    deliver_pending(now=clock.now())
    page = Client().get(went.url).content.decode()
    assert 'preload="none"' in page and "playsinline" in page and "autoplay" not in page
    assert Client().head(address(Post.objects.get()))["Content-Type"] == "video/mp4"


def test_what_is_said_is_written_down_or_ticked_as_nothing(quick: None) -> None:
    author = make_person()
    me, film = entered(author), send_film(b"some bytes", owner_id=author.pk, now=clock.now())
    form = {"kind": "note", "title": "红薯怎么蒸", "film_code": film.code}
    refused = me.post("/write", form)
    assert refused.status_code == 422
    assert film.code in refused.content.decode(), "what was sent is not sent again"
    assert me.post("/write", {**form, "film_words": "先洗干净"}).status_code == 302
    assert me.post("/write", {**form, "film_words": "再来一次"}).status_code == 422
    assert me.post("/write", {**form, "film_code": "0" * 32, "film_silent": "on"}).status_code == 404
    assert entered(make_person()).post("/write", {**form, "film_silent": "on"}).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("", (0, 99)), ("bytes=0-", (0, 99)), ("bytes=0-1", (0, 1)), ("bytes=40-400", (40, 99)), ("bytes=-10", (90, 99)), ("bytes=-400", (0, 99)),
        ("bytes=100-", None), ("bytes=9-3", None), ("bytes=-0", None), ("bytes=0-1,5-6", (0, 99)), ("pages=1-2", (0, 99)), ("bytes=-", (0, 99)),
    ],
)  # fmt: skip
def test_players_ask_for_parts(wanted: str, part: tuple[int, int] | None) -> None:
    assert part_of(wanted, 100) == part


def test_a_part_is_answered_as_a_part(quick: None) -> None:
    where, client = address(filmed_post()), Client()
    part = client.get(where, headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part), part["Content-Range"]) == (206, FILM[10:20], f"bytes 10-19/{len(FILM)}")
    assert client.get(where, headers={"Range": "bytes=5000-"}).status_code == 416
    whole = client.get(where)
    assert (whole.status_code, b"".join(whole), whole["Accept-Ranges"]) == (200, FILM, "bytes")
    assert whole["X-Content-Type-Options"] == "nosniff" and "no-cache" in whole["Cache-Control"]
    assert client.get(where, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.head(where)["Content-Length"] == str(len(FILM))
    other = client.get(where, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (other.status_code, b"".join(other)) == (200, FILM)


def test_what_is_hidden_taken_back_or_behind_a_door_is_not_served(quick: None) -> None:
    author = make_person()
    circle = make_circle(founder=author)
    post = filmed_post(author, circle=circle)
    where = address(post)
    assert Client().head(where).status_code == 200
    Post.objects.filter(pk=post.pk).update(hidden_at=clock.now(), hidden_reason="not kind")
    assert Client().get(where).status_code == 404
    assert entered(author).head(where).status_code == 200
    Post.objects.filter(pk=post.pk).update(hidden_at=None, hidden_reason="")
    type(circle).objects.filter(pk=circle.pk).update(admission="invited")
    assert entered(make_person()).get(where).status_code == 404
    type(circle).objects.filter(pk=circle.pk).update(admission="open")
    services.remove_post(post=post, member=author, now=clock.now())
    assert entered(author).get(where).status_code == 404


def test_captions_are_served_as_captions_and_words_as_words(quick: None) -> None:
    told = "WEBVTT\n\n00:00.000 --> 00:01.000\n先洗干净"
    post = filmed_post(words=told)
    served = Client().get(address(post, "vtt"))
    assert served["Content-Type"] == "text/vtt; charset=utf-8" and "先洗干净" in served.content.decode()
    assert '<track kind="captions"' in Client().get(f"/n/{post.pk}").content.decode()
    plain = filmed_post(words="先洗<干净")
    assert Client().get(address(plain, "vtt")).status_code == 404
    assert "先洗&lt;干净" in Client().get(f"/n/{plain.pk}").content.decode()


def test_cards_show_the_poster_with_length_and_the_post_does_not_show_it_twice(
    quick: None, django_assert_num_queries: Any
) -> None:
    picture = Picture.objects.create(
        sha256="a" * 64, width=9, height=9, bytes=9, purpose="post", created_at=clock.now()
    )
    post = filmed_post(prepared=False, pictures=[picture])
    [before] = feed()
    assert (before.picture_id, before.film_seconds) == (picture.pk, 0)
    run_due(clock.now())
    for _ in range(2):
        deliver_pending(now=clock.now())
    with django_assert_num_queries(1):
        [after] = feed()
    assert (after.picture_id, after.film_seconds) == (Film.objects.get().poster_id, 62)
    assert PostPicture.objects.filter(post=post).count() == 2
    assert "1:02" in Client().get("/feed").content.decode()
    assert Client().get(f"/n/{post.pk}").content.decode().count('class="shot"') == 1


def test_the_author_changes_a_film_that_failed_and_hears_why(monkeypatch: pytest.MonkeyPatch, quick: None) -> None:
    author, whole = make_person(), films._make
    monkeypatch.setattr(films, "_make", lambda *_: {"fault": "film_too_long"})
    post = filmed_post(author)
    me = entered(author)
    assert "60" in me.get(f"/n/{post.pk}").content.decode()
    assert author.notices.filter(kind="film_failed").exists()
    monkeypatch.setattr(films, "_make", whole)
    other = send_film(b"other bytes", owner_id=author.pk, key="another-film", now=clock.now())
    me.post(f"/n/{post.pk}/edit", {"title": post.title, "body": "", "film_code": other.code, "film_silent": "on"})
    run_due(clock.now())
    deliver_pending(now=clock.now())
    assert "<video" in me.get(f"/n/{post.pk}").content.decode()
    me.post(f"/n/{post.pk}/edit", {"title": "neu", "body": "", "film_silent": "on"})
    assert PostFilm.objects.get().film_id == other.pk
    me.post(f"/n/{post.pk}/edit", {"title": "neu", "body": "", "film_gone": "on"})
    assert not Film.objects.exists() and not Picture.objects.exists() and not PostPicture.objects.exists()


def test_only_the_author_changes_a_film(quick: None) -> None:
    from quanzi.kernel.errors import NotAllowed

    with pytest.raises(NotAllowed):
        change_film(post=filmed_post(), member=make_person(), filmed=None)


def test_a_program_sends_in_parts_and_goes_on_after_a_break(quick: None) -> None:
    author = make_person()
    me = entered(author)
    begun = me.post("/api/v1/films", {"key": "0123456789", "size": 10}, content_type="application/json").json()
    parts, film = f"/api/v1/films/{begun['code']}/parts", f"/api/v1/films/{begun['code']}"
    for offset, data in ((0, b"012345"), (0, b"012345")):
        assert me.post(parts, {"offset": offset, "file": SimpleUploadedFile("part", data)}).json()["received"] == 6
    lost = me.post(parts, {"offset": 8, "file": SimpleUploadedFile("part", b"89")})
    assert lost.status_code == 409
    assert entered(make_person()).get(film).status_code == 404
    assert me.post(parts, {"offset": 6, "file": SimpleUploadedFile("part", b"6789")}).json()["state"] == "waiting"
    run_due(clock.now())
    assert me.get(film).json()["seconds"] == 62
    body = {"title": "红薯", "film": {"code": begun["code"], "is_silent": True}}
    made = me.post("/api/v1/posts", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["film"]["url"] == f"/films/{begun['code']}.mp4"
    assert me.delete(film).status_code == 404
    with pytest.raises(errors.FilmTaken):
        make_post(author=author, film=Filmed(Film.objects.get(), "", True))
