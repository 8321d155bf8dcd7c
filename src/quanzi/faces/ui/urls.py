"""Language, theme and the living page of components."""

from django.urls import path

from . import views

app_name = "ui"
urlpatterns = [
    path("preferences/language", views.choose_language, name="language"),
    path("preferences/theme", views.choose_theme, name="theme"),
    path("styleguide", views.styleguide, name="styleguide"),
]
