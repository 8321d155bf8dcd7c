"""What people hear about their own posts. Each answer is safe to run twice: a notice has a key."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.base.films.events import FilmEnded
from quanzi.base.films.models import Film
from quanzi.community.posts.events import AnswerAccepted, CommentWritten, PostHidden
from quanzi.community.posts.filming import show_poster
from quanzi.community.posts.models import Comment, Post
from quanzi.people.contact.services import notify
from quanzi.people.safety.queries import blocked_ids, muted_ids


@react_to(FilmEnded, consumer="posts.show_poster")
def show_poster_of(event: FilmEnded, *, now: datetime) -> None:
    """What is ready shows its first picture wherever the post is shown."""
    film = Film.objects.filter(pk=event.film_id).select_related("post_film__post").first()
    if film is None:
        return
    show_poster(film)
    if not event.is_ready and (stands := getattr(film, "post_film", None)) is not None:
        post = stands.post
        notify(
            member_id=post.author_id, kind="film_failed", params={"title": post.title}, link=f"/n/{post.pk}",
            key=f"film:{film.pk}", now=now,
        )  # fmt: skip


@react_to(CommentWritten, consumer="posts.tell_author")
def tell_author(event: CommentWritten, *, now: datetime) -> None:
    """The author of the post, and of the comment that was answered, hear of it; not across a block or mute."""
    row = Comment.objects.select_related("post", "author", "answers").filter(pk=event.comment_id).first()
    if row is None or row.removed_at is not None:
        return
    listeners = {row.post.author_id}
    if row.answers is not None:
        listeners.add(row.answers.author_id)
    for listener in sorted(listeners - {row.author_id}):
        if row.author_id in blocked_ids(listener) | muted_ids(listener):
            continue
        notify(
            member_id=listener, kind="comment", params={"name": row.author.name, "title": row.post.title},
            link=f"/n/{row.post_id}#c{row.pk}", key=f"comment:{row.pk}", now=now,
        )  # fmt: skip


@react_to(AnswerAccepted, consumer="posts.tell_helper")
def tell_helper(event: AnswerAccepted, *, now: datetime) -> None:
    """Whoever helped hears that it did."""
    post = Post.objects.filter(pk=event.post_id).first()
    if post is not None:
        notify(
            member_id=event.helper_id, kind="answer_accepted", params={"title": post.title},
            link=f"/n/{post.pk}#c{event.comment_id}", key=f"answer:{event.comment_id}", now=now,
        )  # fmt: skip


@react_to(PostHidden, consumer="posts.tell_hidden")
def tell_hidden(event: PostHidden, *, now: datetime) -> None:
    """The author reads why."""
    post = Post.objects.filter(pk=event.post_id).first()
    if post is not None:
        notify(
            member_id=event.author_id, kind="post_hidden", params={"title": post.title, "reason": event.reason},
            link=f"/n/{post.pk}", key=f"hidden:{post.pk}:{event.reason}", now=now,
        )  # fmt: skip
