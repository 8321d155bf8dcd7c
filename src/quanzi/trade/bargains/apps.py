from django.apps import AppConfig


class BargainsConfig(AppConfig):
    name = "quanzi.trade.bargains"
    label = "bargains"
    verbose_name = "Bargains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.trade.bargains import invariants  # noqa: F401  (registers itself)
