from django.apps import AppConfig


class FrontsConfig(AppConfig):
    name = "quanzi.growth.fronts"
    label = "fronts"
    verbose_name = "Fronts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.fronts import invariants, tasks  # noqa: F401  (register themselves)
