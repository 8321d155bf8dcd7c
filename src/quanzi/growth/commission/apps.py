from importlib import import_module

from django.apps import AppConfig


class CommissionConfig(AppConfig):
    name = "quanzi.growth.commission"
    label = "commission"
    verbose_name = "Commission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.commission.services.settling import PayoutDeed
        from quanzi.people.approvals.ports import register_deed

        import_module("quanzi.growth.commission.reactions")
        import_module("quanzi.growth.commission.invariants")
        register_deed(PayoutDeed())
