from importlib import import_module

from django.apps import AppConfig


class ExperiencesConfig(AppConfig):
    name = "quanzi.trade.experiences"
    label = "experiences"
    verbose_name = "Experiences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.trade.experiences.reactions")
