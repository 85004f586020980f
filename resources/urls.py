"""Addresses of the resources app."""

from django.urls import path

from resources.views import care, entry, finding

app_name = "resources"

urlpatterns = [
    path("biblioteca/", finding.topic_list, name="topic_list"),
    path("biblioteca/lineas-de-ayuda/", care.helpline_list, name="helpline_list"),
    path("biblioteca/salida-rapida/", care.quick_exit, name="quick_exit"),
    path("biblioteca/<slug:topic>/", finding.topic_detail, name="topic_detail"),
    path("biblioteca/<slug:topic>/<slug:resource>/", entry.resource_detail, name="resource_detail"),
]
