from django.apps import AppConfig


class TastesConfig(AppConfig):
    name = "quanzi.growth.tastes"
    label = "tastes"
    verbose_name = "Tastes"
    default_auto_field = "django.db.models.BigAutoField"
