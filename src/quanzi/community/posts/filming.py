"""A post and its film."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from quanzi.base.films.models import Film, FilmState
from quanzi.base.films.rules import WORDS_MAX
from quanzi.base.films.services import is_shown, remove_films
from quanzi.community.posts import errors, policies
from quanzi.community.posts.models import Post, PostFilm, PostPicture
from quanzi.community.posts.text import tidy
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member


@dataclass(frozen=True)
class Filmed:
    """A film to put into a post. words: what is said, plain or as WebVTT; is_silent: nothing is said."""

    film: Film
    words: str = ""
    is_silent: bool = False


def check_film(filmed: Filmed) -> Filmed:
    """With its words tidied. Raises FilmNeedsWords, BodyTooLong."""
    words = tidy(filmed.words, keep_lines=True)
    if len(words) > WORDS_MAX:
        raise errors.BodyTooLong(field="film_words", limit=WORDS_MAX, length=len(words))
    if not words and not filmed.is_silent:
        raise errors.FilmNeedsWords(field="film_words")
    return Filmed(filmed.film, words, filmed.is_silent)


@transaction.atomic
def attach_film(*, post: Post, filmed: Filmed) -> None:
    """Put a film into a post that has none; its poster comes with it, now or when it is ready.

    Raises FilmTaken where it stands in another post already.
    """
    film = Film.objects.select_for_update(of=("self",)).get(pk=filmed.film.pk)
    if is_shown(film):
        raise errors.FilmTaken(field="film")
    PostFilm.objects.create(post=post, film=film, words=filmed.words, is_silent=filmed.is_silent)
    show_poster(film)


@transaction.atomic
def change_film(*, post: Post, member: Member, filmed: Filmed | None) -> None:
    """The author puts another film in the place of the one that stood there, or none. Raises NotAllowed, and what putting raises."""
    if not policies.may_edit(member, post):
        raise NotAllowed
    checked = check_film(filmed) if filmed is not None else None
    Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    former = PostFilm.objects.filter(post=post).first()
    if former is not None:
        if checked is not None and former.film_id == checked.film.pk:
            PostFilm.objects.filter(post=post).update(words=checked.words, is_silent=checked.is_silent)
            return
        drop_film(former)
    if checked is not None:
        attach_film(post=post, filmed=checked)


def drop_film(former: PostFilm) -> None:
    """The film goes, with its poster and its files."""
    film_id, poster_id = former.film_id, Film.objects.values_list("poster_id", flat=True).get(pk=former.film_id)
    PostPicture.objects.filter(post=former.post_id, picture=poster_id).delete()
    former.delete()
    remove_films(film_ids=[film_id])


@transaction.atomic
def show_poster(film: Film) -> None:
    """The poster of a ready film becomes the first picture of its post. Twice changes nothing."""
    stands = PostFilm.objects.filter(film=film).first()
    if stands is None or film.state != FilmState.READY or film.poster_id is None:
        return
    pictures = PostPicture.objects.filter(post=stands.post_id)
    if not pictures.filter(picture=film.poster_id).exists():
        pictures.update(position=F("position") + 1)
        PostPicture.objects.create(post_id=stands.post_id, picture_id=film.poster_id, position=0)


def film_shown(code: str) -> PostFilm | None:
    """A film in its post, with the post's circle and author; whether the reader may see it is the policy's question."""
    found = PostFilm.objects.select_related("film__poster", "post__circle", "post__author")
    return found.filter(film__code=code).first()
