"""Addresses of what every app shares: long work, and the demo's mailbox."""

from django.urls import path

from red_genero.common import views

urlpatterns = [
    path("trabajos/<uuid:key>/", views.job_detail, name="job_detail"),
    path("correo-demo/", views.demo_mail_list, name="demo_mail_list"),
    path("correo-demo/<int:pk>/", views.demo_mail_detail, name="demo_mail_detail"),
    path("correo-demo/<int:pk>/html/", views.demo_mail_html, name="demo_mail_html"),
]
