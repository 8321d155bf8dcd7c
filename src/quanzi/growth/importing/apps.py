from importlib import import_module

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "quanzi.growth.importing"
    label = "importing"
    verbose_name = "Importing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.growth.importing.reactions")
