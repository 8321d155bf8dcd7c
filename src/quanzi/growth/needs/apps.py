from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "quanzi.growth.needs"
    label = "needs"
    verbose_name = "Needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.needs import invariants, tasks  # noqa: F401  (register themselves)
