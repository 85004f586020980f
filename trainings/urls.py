"""Addresses of the trainings app."""

from django.urls import URLPattern, path

from trainings.views import (
    approval,
    arrival,
    attendance,
    board,
    calendar,
    catalog,
    certificate,
    checking_in,
    coordination,
    enrollment,
    filing,
    importing,
    papers,
    programme,
    records,
    scanning,
    scheduling,
    survey,
    verification,
)

app_name = "trainings"

_run = "formacion/<slug:course>/<slug:edition>/"
catalog_urls: list[URLPattern] = [
    path("formacion/", catalog.course_list, name="course_list"),
    path("formacion/calendario/", calendar.calendar, name="calendar"),
    path("formacion/calendario/<slug:month>/", calendar.calendar, name="calendar_month"),
    path("formacion/calendario.ics", calendar.calendar_feed, name="calendar_feed"),
    path("mi-calendario/", calendar.my_calendar, name="my_calendar"),
    path("mi-calendario/abrir/", calendar.my_calendar_open, name="my_calendar_open"),
    path("mi-calendario/renovar/", calendar.my_calendar_renew, name="my_calendar_renew"),
    path("mi-calendario/terminar/", calendar.my_calendar_end, name="my_calendar_end"),
    path("mi-calendario/<slug:token>.ics", calendar.own_feed, name="own_feed"),
    path("formacion/<slug:course>/", catalog.course_detail, name="course_detail"),
    path(_run, catalog.edition_detail, name="edition_detail"),
    path(f"{_run}encuesta/<slug:moment>/", survey.survey, name="survey"),
    path(f"{_run}asistencia/", checking_in.check_in, name="check_in"),
    path(f"{_run}inscripcion/", enrollment.enrollment, name="enrollment"),
    path(f"{_run}inscripcion/cancelar/", enrollment.enrollment_cancel, name="enrollment_cancel"),
    path(f"{_run}inscripcion/aceptar/", enrollment.offer_accept, name="offer_accept"),
    path(f"{_run}inscripcion/declinar/", enrollment.offer_decline, name="offer_decline"),
]

_desk = "coordinacion/ediciones/<slug:key>/"
desk_urls: list[URLPattern] = [
    path("coordinacion/", coordination.coordination, name="coordination"),
    path("coordinacion/coincidencias/", scheduling.overlap_list, name="overlap_list"),
    path(_desk, coordination.coordination_edition, name="coordination_edition"),
    path(f"{_desk}encuestas/", survey.survey_results_page, name="survey_results"),
    path(f"{_desk}encuestas.csv", survey.survey_results_csv, name="survey_results_csv"),
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
    path(
        f"{_desk}asistencia/<int:number>/enviar/",
        attendance.attendance_sync,
        name="attendance_sync",
    ),
    path(
        f"{_desk}asistencia/<int:number>/deshacer/",
        attendance.attendance_undo,
        name="attendance_undo",
    ),
    path(f"{_desk}asistencia/<int:number>/llego/", arrival.walk_in_add, name="walk_in_add"),
    path(
        f"{_desk}asistencia/<int:number>/lista-firmada/",
        filing.session_papers,
        name="session_papers",
    ),
    path(f"{_desk}asistencia/<int:number>/justificar/<int:pk>/", filing.excuse, name="excuse"),
    path(f"{_desk}asistencia/papeles/<int:pk>/", filing.attendance_paper, name="attendance_paper"),
    path(
        f"{_desk}asistencia/<int:number>/codigos/", scanning.attendance_scan, name="attendance_scan"
    ),
    path(f"{_desk}asistencia/<int:number>/sala/", scanning.attendance_room, name="attendance_room"),
    path(f"{_desk}asistencia/importar/", importing.marks_import, name="marks_import"),
    path(f"{_desk}pase/<int:pk>/", scanning.attendance_pass, name="attendance_pass"),
    path(f"{_desk}acta.pdf", records.acta_pdf, name="acta_pdf"),
    path(f"{_desk}gafetes.pdf", records.badges_pdf, name="badges_pdf"),
    path(f"{_desk}sin-inscripcion/<int:pk>/", arrival.walk_in, name="walk_in"),
    path(
        f"{_desk}sin-inscripcion/<int:pk>/desvincular/",
        arrival.walk_in_unlink,
        name="walk_in_unlink",
    ),
    path(f"{_desk}sin-inscripcion/<int:pk>/quitar/", arrival.walk_in_forget, name="walk_in_forget"),
    path(f"{_desk}modulos/", programme.programme_progress, name="programme_progress"),
    path(f"{_desk}cierre/", coordination.edition_close, name="edition_close"),
    path(f"{_desk}constancias/", certificate.certificate_issue, name="certificate_issue"),
    path(f"{_desk}personas/<slug:act>/", board.seats_act, name="seats_act"),
    path(f"{_desk}inscribir/", board.enrol_person, name="enrol_person"),
    path(f"{_desk}proponer/", board.nominate, name="nominate"),
    path(f"{_desk}aviso/", board.group_message, name="group_message"),
    path(f"{_desk}aviso/enviar/", board.group_message_send, name="group_message_send"),
    path(f"{_desk}personas.csv", board.board_csv, name="board_csv"),
    path("visto-bueno/<str:key>/", approval.approval, name="approval"),
    path("visto-bueno/<str:key>/dar/", approval.approval_give, name="approval_give"),
    path("visto-bueno/<str:key>/negar/", approval.approval_decline, name="approval_decline"),
    path(
        f"{_desk}constancias/reconocimientos/", papers.recognition_issue, name="recognition_issue"
    ),
    path(f"{_desk}constancias/conjunto/", papers.bundle_ask, name="bundle_ask"),
    path(f"{_desk}constancias/conjunto/<int:pk>/", papers.bundle_file, name="bundle_file"),
    path(
        "coordinacion/disenos/<int:pk>/<str:case>.pdf", papers.design_preview, name="design_preview"
    ),
    path("constancias/", certificate.certificate_list, name="certificate_list"),
    path("constancias/kardex.pdf", certificate.kardex_pdf, name="kardex_pdf"),
    path("coordinacion/historicas/", papers.past_load, name="past_load"),
    path("constancias/<str:code>.pdf", certificate.certificate_pdf, name="certificate_pdf"),
    path("verificar/", verification.verify, name="verify"),
    path("verificar/archivo/", verification.verify_file, name="verify_file"),
    path("verificar/<str:code>/", verification.verify_code, name="verify_code"),
]

urlpatterns = [*catalog_urls, *desk_urls]
