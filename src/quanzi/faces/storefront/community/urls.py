"""Addresses of circles, posts and people."""

from django.urls import URLPattern, path, re_path

from quanzi.faces.storefront.community import circle, experience, feed, films, front, post, splitting, starting
from quanzi.faces.storefront.community.me.urls import me_urls

community_urls: list[URLPattern] = [
    path("", feed.front, name="front"),
    path("feed", feed.my_feed, name="feed"),
    path("feed/order", front.order, name="feed_order"),
    path("circles", circle.circles, name="circles"),
    path("circles/new", circle.found, name="circle_found"),
    path("c/<slug:slug>", feed.circle_feed, name="circle"),
    path("c/<slug:slug>/about", circle.about, name="circle_about"),
    path("c/<slug:slug>/join", circle.join, name="circle_join"),
    path("c/<slug:slug>/leave", circle.leave, name="circle_leave"),
    path("c/<slug:slug>/invite", circle.invite, name="circle_invite"),
    path("c/<slug:slug>/manage", circle.manage, name="circle_manage"),
    path("c/<slug:slug>/split", splitting.split, name="circle_split"),
    path("c/<slug:slug>/start", starting.start, name="circle_start"),
    path("j/<str:token>", circle.join_by_link, name="join_link"),
    path("write", post.write, name="write"),
    path("n/<int:post_id>", post.read, name="post"),
    path("n/<int:post_id>/comment", post.comment, name="post_comment"),
    path("n/<int:post_id>/act", post.act, name="post_act"),
    path("n/<int:post_id>/edit", post.edit, name="post_edit"),
    re_path(r"^films/(?P<code>[0-9a-f]{32})\.mp4$", films.film, name="film"),
    re_path(r"^films/(?P<code>[0-9a-f]{32})\.vtt$", films.captions, name="captions"),
    path("n/<int:post_id>/film", films.shown, name="post_film"),
    path("experience/<int:line_id>", experience.experience, name="experience"),
    *me_urls,
]
