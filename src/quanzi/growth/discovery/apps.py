from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "quanzi.growth.discovery"
    label = "discovery"
    verbose_name = "Discovery"
    default_auto_field = "django.db.models.BigAutoField"
