from importlib import import_module

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "quanzi.faces.storefront"
    label = "storefront"
    verbose_name = "Storefront"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module(f"{self.name}.entering")
