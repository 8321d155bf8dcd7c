from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "quanzi.faces.ui"
    label = "ui"
    verbose_name = "Design system"
