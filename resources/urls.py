"""Addresses of the resources app."""

from django.urls import path

from resources.views import care, entry, files, finding, reading, spreading

app_name = "resources"

urlpatterns = [
    path("biblioteca/", finding.topic_list, name="topic_list"),
    path("biblioteca/lineas-de-ayuda/", care.helpline_list, name="helpline_list"),
    path("biblioteca/salida-rapida/", care.quick_exit, name="quick_exit"),
    path("biblioteca/novedades/atom/", spreading.feed, name="feed"),
    path("biblioteca/novedades/texto/", spreading.news_text, name="news_text"),
    path("biblioteca/boletin/<int:number>/", spreading.bulletin_preview, name="bulletin_preview"),
    path("biblioteca/boletin/baja/", spreading.bulletin_left, name="bulletin_left"),
    path("biblioteca/boletin/baja/<str:token>/", spreading.bulletin_leave, name="bulletin_leave"),
    path(
        "biblioteca/colecciones/<slug:collection>/",
        reading.collection_detail,
        name="collection_detail",
    ),
    path(
        "biblioteca/<slug:topic>/introduccion/<int:number>/",
        reading.introduction_detail,
        name="introduction_detail",
    ),
    path("biblioteca/<slug:topic>/", finding.topic_detail, name="topic_detail"),
    path("biblioteca/<slug:topic>/<slug:resource>/", entry.resource_detail, name="resource_detail"),
    path(
        "biblioteca/<slug:topic>/<slug:resource>/ediciones/<int:number>/",
        files.version_detail,
        name="version_detail",
    ),
    path(
        "biblioteca/<slug:topic>/<slug:resource>/ediciones/<int:number>/archivo/",
        files.version_file,
        name="version_file",
    ),
    path(
        "biblioteca/<slug:topic>/<slug:resource>/ediciones/<int:number>/portada/",
        files.version_thumbnail,
        name="version_thumbnail",
    ),
]
