from importlib import import_module

from django.apps import AppConfig


class FilmsConfig(AppConfig):
    name = "quanzi.base.films"
    label = "films"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.base.films.tasks")
