"""Addresses of the members app."""

from django.urls import URLPattern, path

from members.views import (
    application,
    card,
    change,
    contact,
    directory,
    liaison,
    my_data,
    privacy,
    rights,
    term,
    unit,
)

app_name = "members"

urlpatterns: list[URLPattern] = [
    path("solicitud/", application.application, name="application"),
    path("solicitud/aviso/", application.application_start, name="application_start"),
    path("solicitud/revision/", application.application_review, name="application_review"),
    path(
        "solicitud/revision/volver/",
        application.application_review_back,
        name="application_review_back",
    ),
    path("solicitud/respuesta/", application.application_answer, name="application_answer"),
    path("solicitud/retiro/", application.application_withdraw, name="application_withdraw"),
    path("solicitud/archivos/<uuid:key>/", application.application_file, name="application_file"),
    path("solicitud/<slug:step>/", application.application_edit, name="application_edit"),
    path("solicitud/<slug:step>/borrador/", application.application_save, name="application_save"),
    path("solicitud/<slug:step>/volver/", application.application_back, name="application_back"),
    path("directorio/", directory.department_list, name="department_list"),
    path("directorio/integrantes/", directory.member_list, name="member_list"),
    path("directorio/integrantes/<uuid:key>/contacto/", contact.contact_ask, name="contact_ask"),
    path("directorio/<slug:key>/", directory.department_detail, name="department_detail"),
    path("indicadores/cobertura/", liaison.coverage, name="coverage"),
    path("indicadores/cobertura/datos.csv", liaison.coverage_csv, name="coverage_csv"),
    path("indicadores/cobertura/personas/", liaison.coverage_people, name="coverage_people"),
    path("enlace/", liaison.designation_list, name="designation_list"),
    path("enlace/propuesta/", liaison.designation_propose, name="designation_propose"),
    path("enlace/solicitudes/<slug:folio>.pdf", liaison.request_pdf, name="request_pdf"),
    path(
        "enlace/solicitudes/<slug:folio>/respuesta/", liaison.request_answer, name="request_answer"
    ),
    path("enlace/unidad/", unit.unit_list, name="unit_list"),
    path("enlace/unidad/<uuid:key>/evidencia/", unit.unit_present, name="unit_present"),
    path(
        "enlace/unidad/ratificaciones/<uuid:key>/", unit.unit_ratification, name="unit_ratification"
    ),
    path("enlace/unidad/<uuid:key>/disolucion/", unit.unit_dissolution, name="unit_dissolution"),
    path("enlace/unidad/<uuid:key>/<slug:kind>/", unit.unit_paper, name="unit_paper"),
    path("enlace/unidad/evidencias/<uuid:key>/", unit.unit_step_file, name="unit_step_file"),
    path("enlace/unidad/documentos/<uuid:key>/", unit.unit_paper_file, name="unit_paper_file"),
    path("enlace/<uuid:key>/", liaison.designation_detail, name="designation_detail"),
    path("enlace/<uuid:key>/aceptar/", liaison.designation_accept, name="designation_accept"),
    path("enlace/<uuid:key>/declinar/", liaison.designation_decline, name="designation_decline"),
    path(
        "enlace/<uuid:key>/nombre/", liaison.designation_visibility, name="designation_visibility"
    ),
    path("enlace/<uuid:key>/entrega/", liaison.designation_attach, name="designation_attach"),
    path("enlace/<uuid:key>/oficio/", liaison.designation_oficio, name="designation_oficio"),
    path("periodos/", term.term_list, name="term_list"),
    path("periodos/<slug:key>/", term.term_progress, name="term_progress"),
    path("privacidad/", privacy.privacy, name="privacy"),
    path("privacidad/aviso-nuevo/", rights.notice, name="notice"),
    path("privacidad/<slug:kind>/<str:version>/", privacy.privacy_version, name="privacy_version"),
    path("mis-datos/", my_data.my_data, name="my_data"),
    path("mis-datos/mis-datos.json", my_data.my_data_json, name="my_data_json"),
    path("mis-datos/mis-datos.csv", my_data.my_data_csv, name="my_data_csv"),
    path("mis-datos/mis-datos.pdf", my_data.my_data_pdf, name="my_data_pdf"),
    path("mis-datos/contacto/", my_data.contact, name="contact"),
    path("mis-datos/como-me-ven/", card.face, name="face"),
    path("mis-datos/credencial/", card.card, name="card"),
    path("mis-datos/credencial/credencial.pdf", card.card_pdf, name="card_pdf"),
    path("mis-datos/baja/", rights.leave, name="leave"),
    path("mis-datos/cambio/<slug:kind>/", change.change_request, name="change_request"),
    path("mis-datos/cambios/<slug:folio>/", change.change_detail, name="change_detail"),
    path("mis-datos/cambios/<slug:folio>/retiro/", change.change_withdraw, name="change_withdraw"),
    path("mis-datos/cambios/<slug:folio>/documento/", change.change_file, name="change_file"),
    path("mis-datos/derechos/", rights.privacy_request, name="privacy_request"),
    path(
        "mis-datos/derechos/<slug:folio>/",
        rights.privacy_request_detail,
        name="privacy_request_detail",
    ),
    path(
        "mis-datos/derechos/<slug:folio>/retiro/",
        rights.privacy_request_withdraw,
        name="privacy_request_withdraw",
    ),
    path(
        "mis-datos/derechos/<slug:folio>/archivo/",
        rights.privacy_request_file,
        name="privacy_request_file",
    ),
    path("mis-datos/solicitudes-de-contacto/", contact.contact_list, name="contact_list"),
    path(
        "mis-datos/solicitudes-de-contacto/<uuid:key>/",
        contact.contact_detail,
        name="contact_detail",
    ),
    path(
        "mis-datos/solicitudes-de-contacto/<uuid:key>/compartir/",
        contact.contact_accept,
        name="contact_accept",
    ),
    path(
        "mis-datos/solicitudes-de-contacto/<uuid:key>/declinar/",
        contact.contact_decline,
        name="contact_decline",
    ),
    path("mis-datos/visibilidad/", my_data.visibility, name="visibility"),
    path("mis-datos/consentimientos/<slug:purpose>/", my_data.consent, name="consent"),
]
