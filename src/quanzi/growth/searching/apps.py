from django.apps import AppConfig


class SearchingConfig(AppConfig):
    name = "quanzi.growth.searching"
    label = "searching"
    verbose_name = "Searching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.searching import invariants, tasks  # noqa: F401  (register themselves)
