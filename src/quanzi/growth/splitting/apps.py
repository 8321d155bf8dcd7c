from importlib import import_module

from django.apps import AppConfig


class SplittingConfig(AppConfig):
    name = "quanzi.growth.splitting"
    label = "splitting"
    verbose_name = "Splitting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.growth.splitting.tasks")
        import_module("quanzi.growth.splitting.invariants")
