from importlib import import_module

from django.apps import AppConfig


class RingsConfig(AppConfig):
    name = "quanzi.growth.rings"
    label = "rings"
    verbose_name = "Rings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.growth.rings.tasks")
