from django.apps import AppConfig


class ExportingConfig(AppConfig):
    name = "quanzi.growth.exporting"
    label = "exporting"
    verbose_name = "Exporting"
    default_auto_field = "django.db.models.BigAutoField"
