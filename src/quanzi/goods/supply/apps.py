from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "quanzi.goods.supply"
    label = "supply"
    verbose_name = "Supply"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.supply import invariants, reactions  # noqa: F401  (they register themselves)
