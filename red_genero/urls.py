"""The address book of the portal."""

from django.contrib import admin
from django.urls import include, path

from red_genero import views
from red_genero.handover import views as handover

handler400 = "red_genero.errors.bad_request"
handler403 = "red_genero.errors.forbidden"
handler404 = "red_genero.errors.not_found"
handler500 = "red_genero.errors.failed"

urlpatterns = [
    path("", views.home, name="home"),
    path("la-red/", views.la_red, name="la_red"),
    path("panel/", views.panel, name="panel"),
    path("buscar/", views.search, name="search"),
    path("indicadores/", views.indicators_page, name="indicators"),
    path("indicadores/dependencias/", views.department_figures_page, name="department_figures"),
    path(
        "indicadores/dependencias/datos.csv",
        views.department_figures_csv,
        name="department_figures_csv",
    ),
    path("indicadores/datos.csv", views.indicators_csv, name="indicators_csv"),
    path("salud/", views.health_live, name="health_live"),
    path("salud/lista/", views.health_ready, name="health_ready"),
    path("periodos/<slug:key>/entrega/", handover.handover, name="handover"),
    path(
        "periodos/<slug:key>/entrega/<int:pk>/<slug:form>/",
        handover.handover_file,
        name="handover_file",
    ),
    path("cuenta/", include("red_genero.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("red_genero.common.urls")),
    path("", include("members.urls")),
    path("", include("trainings.urls")),
    path("", include("resources.urls")),
]
