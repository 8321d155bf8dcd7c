from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "quanzi.goods.stock"
    label = "stock"
    verbose_name = "Stock"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.stock import events, invariants  # noqa: F401  (register themselves)
