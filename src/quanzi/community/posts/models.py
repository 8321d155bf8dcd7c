"""What people write: notes, questions, experiences; comments and reactions under them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quanzi.base.films.rules import are_captions


class PostKind(models.TextChoices):
    NOTE = "note", _("Note")
    QUESTION = "question", _("Question")
    EXPERIENCE = "experience", _("Experience")


class Post(models.Model):
    """`circle` None: on the author's own page and public. `shared_by_depth` is for later; text is plain, cleaned on the way out."""

    circle = models.ForeignKey("circles.Circle", null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=12, choices=PostKind.choices)
    title = models.CharField(max_length=60)
    body = models.TextField(max_length=5000, blank=True)
    accepted_comment = models.ForeignKey(
        "posts.Comment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_demo = models.BooleanField(default=False)
    got_sample = models.BooleanField(
        default=False,
        editable=False,
        help_text="The shop gave its author goods that it names; kept by the database",
    )
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="post_has_a_title"),
            models.CheckConstraint(condition=Q(hidden_at=None) | ~Q(hidden_reason=""), name="post_hidden_for_a_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["circle", "-id"], condition=Q(hidden_at=None, removed_at=None), name="post_feed"),
            models.Index(fields=["author", "-id"], name="post_author"),
        ]


class PostPicture(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="post_pictures")
    picture = models.ForeignKey("media.Picture", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "picture"], name="post_picture_once")]


class PostFilm(models.Model):
    """The film of a post; once it is ready, its poster is the first picture. words: what is said in it, as plain text or as
    WebVTT captions; is_silent: the author says that nothing is said."""

    post = models.OneToOneField(Post, primary_key=True, on_delete=models.CASCADE, related_name="post_film")
    film = models.OneToOneField("films.Film", on_delete=models.PROTECT, related_name="post_film")
    words = models.TextField(max_length=5000, blank=True)
    is_silent = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_silent=True) | ~Q(words=""), name="post_film_can_be_read")
        ]

    @property
    def has_captions(self) -> bool:
        """What is said stands there moment by moment."""
        return are_captions(self.words)


class PostProduct(models.Model):
    """A product tagged in a post: the way from talk to goods, and back."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="post_products")
    product = models.ForeignKey("catalogue.Product", on_delete=models.PROTECT, related_name="post_products")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "product"], name="post_product_once")]
        indexes: ClassVar = [models.Index(fields=["product", "-id"], name="post_product_newest")]


class Comment(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="comments")
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    body = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(body=""), name="comment_says_something")]
        indexes: ClassVar = [models.Index(fields=["post", "id"], name="comment_thread")]


class Reaction(models.Model):
    """ "Useful to me": one for each member and post. A count of reactions is a count of these rows."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="reactions")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "member"], name="reaction_once")]
