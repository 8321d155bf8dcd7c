from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "quanzi.trade.sales"
    label = "sales"
    verbose_name = "Sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.payments.ports import register_payable
        from quanzi.trade.sales import invariants, reactions, tasks  # noqa: F401  (they register themselves)
        from quanzi.trade.sales.services.asking import RefundDeed
        from quanzi.trade.sales.services.paying import OrderPayable

        register_payable(OrderPayable())
        register_deed(RefundDeed())
