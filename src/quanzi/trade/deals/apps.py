from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "quanzi.trade.deals"
    label = "deals"
    verbose_name = "Deals"
    default_auto_field = "django.db.models.BigAutoField"
