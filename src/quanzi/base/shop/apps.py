from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "quanzi.base.shop"
    label = "shop"
    verbose_name = "Shop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.base.shop import invariants  # noqa: F401 - registers what the doctor checks
