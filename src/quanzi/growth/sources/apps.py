from importlib import import_module

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "quanzi.growth.sources"
    label = "sources"
    verbose_name = "Sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.sources.ties import KEPT_ADVICE
        from quanzi.people.trust.ports import register_deeds

        import_module("quanzi.growth.sources.reactions")
        register_deeds(KEPT_ADVICE)
