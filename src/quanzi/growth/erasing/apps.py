from django.apps import AppConfig


class ErasingConfig(AppConfig):
    name = "quanzi.growth.erasing"
    label = "erasing"
    verbose_name = "Erasing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.erasing import invariants, reactions  # noqa: F401  (they register themselves)
