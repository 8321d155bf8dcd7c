from importlib import import_module

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "quanzi.community.posts"
    label = "posts"
    verbose_name = "Posts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.community.posts.ties import HELPED, REPLIED
        from quanzi.people.trust.ports import register_deeds

        import_module("quanzi.community.posts.reactions")
        register_deeds(HELPED)
        register_deeds(REPLIED)
