from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "quanzi.faces.api"
    label = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.faces.api import reactions  # noqa: F401  (registers itself)
