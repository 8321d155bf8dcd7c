from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "quanzi.goods.pricing"
    label = "pricing"
    verbose_name = "Pricing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing import freight, ports, timed

        ports.register_price_rule(timed.TIMED, timed.ORDER)
        ports.register_price_rule(freight.FREIGHT, freight.ORDER)
