from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "quanzi.goods.wishes"
    label = "wishes"
    verbose_name = "Wishes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.wishes import reactions  # noqa: F401  (registers itself)
