"""Addresses of the trainings app."""

from django.urls import URLPattern, path

from trainings.views import (
    attendance,
    catalog,
    certificate,
    coordination,
    enrollment,
    verification,
)

app_name = "trainings"

_run = "formacion/<slug:course>/<slug:edition>/"
catalog_urls: list[URLPattern] = [
    path("formacion/", catalog.course_list, name="course_list"),
    path("formacion/<slug:course>/", catalog.course_detail, name="course_detail"),
    path(_run, catalog.edition_detail, name="edition_detail"),
    path(f"{_run}inscripcion/", enrollment.enrollment, name="enrollment"),
    path(f"{_run}inscripcion/cancelar/", enrollment.enrollment_cancel, name="enrollment_cancel"),
    path(f"{_run}inscripcion/aceptar/", enrollment.offer_accept, name="offer_accept"),
    path(f"{_run}inscripcion/declinar/", enrollment.offer_decline, name="offer_decline"),
]

_desk = "coordinacion/ediciones/<slug:key>/"
desk_urls: list[URLPattern] = [
    path("coordinacion/", coordination.coordination, name="coordination"),
    path(_desk, coordination.coordination_edition, name="coordination_edition"),
    path(f"{_desk}lista.pdf", coordination.attendance_list_pdf, name="attendance_list_pdf"),
    path(f"{_desk}asistencia/", attendance.attendance_next, name="attendance_capture"),
    path(
        f"{_desk}asistencia/<int:number>/", attendance.attendance_capture, name="attendance_capture"
    ),
    path(
        f"{_desk}asistencia/<int:number>/todas/",
        attendance.attendance_all_present,
        name="attendance_all_present",
    ),
    path(f"{_desk}cierre/", coordination.edition_close, name="edition_close"),
    path(f"{_desk}constancias/", certificate.certificate_issue, name="certificate_issue"),
    path("constancias/", certificate.certificate_list, name="certificate_list"),
    path("constancias/<str:code>.pdf", certificate.certificate_pdf, name="certificate_pdf"),
    path("verificar/", verification.verify, name="verify"),
    path("verificar/<str:code>/", verification.verify_code, name="verify_code"),
]

urlpatterns = [*catalog_urls, *desk_urls]
