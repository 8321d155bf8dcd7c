from django.apps import AppConfig


class SpreadConfig(AppConfig):
    name = "quanzi.growth.spread"
    label = "spread"
    verbose_name = "Spread"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.spread import invariants, reactions, tasks  # noqa: F401  (register themselves)
