from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "quanzi.goods.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.catalogue import events, invariants  # noqa: F401  (register themselves)
