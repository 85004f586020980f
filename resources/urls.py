"""Addresses of the resources app."""

from django.urls import path

from resources import views

app_name = "resources"

urlpatterns = [
    path("biblioteca/", views.topic_list, name="topic_list"),
    path("biblioteca/lineas-de-ayuda/", views.helpline_list, name="helpline_list"),
    path("biblioteca/<slug:topic>/", views.topic_detail, name="topic_detail"),
    path("biblioteca/<slug:topic>/<slug:resource>/", views.resource_detail, name="resource_detail"),
]
