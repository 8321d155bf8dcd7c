from importlib import import_module

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "quanzi.growth.insight"
    label = "insight"
    verbose_name = "Insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.growth.insight.tasks")
