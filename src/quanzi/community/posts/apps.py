from importlib import import_module

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "quanzi.community.posts"
    label = "posts"
    verbose_name = "Posts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.community.posts.reactions")
