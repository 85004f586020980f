"""Addresses of the members app."""

from django.urls import URLPattern, path

from members.views import application, directory, liaison, my_data, privacy

app_name = "members"

urlpatterns: list[URLPattern] = [
    path("solicitud/", application.application, name="application"),
    path("solicitud/aviso/", application.application_start, name="application_start"),
    path("solicitud/revision/", application.application_review, name="application_review"),
    path("solicitud/respuesta/", application.application_answer, name="application_answer"),
    path("solicitud/retiro/", application.application_withdraw, name="application_withdraw"),
    path("solicitud/<slug:step>/", application.application_edit, name="application_edit"),
    path("solicitud/<slug:step>/borrador/", application.application_save, name="application_save"),
    path("directorio/", directory.department_list, name="department_list"),
    path("directorio/integrantes/", directory.member_list, name="member_list"),
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
    path("enlace/<uuid:key>/", liaison.designation_detail, name="designation_detail"),
    path("enlace/<uuid:key>/aceptar/", liaison.designation_accept, name="designation_accept"),
    path("enlace/<uuid:key>/declinar/", liaison.designation_decline, name="designation_decline"),
    path(
        "enlace/<uuid:key>/nombre/", liaison.designation_visibility, name="designation_visibility"
    ),
    path("enlace/<uuid:key>/entrega/", liaison.designation_attach, name="designation_attach"),
    path("enlace/<uuid:key>/oficio/", liaison.designation_oficio, name="designation_oficio"),
    path("privacidad/", privacy.privacy, name="privacy"),
    path("privacidad/<slug:kind>/<str:version>/", privacy.privacy_version, name="privacy_version"),
    path("mis-datos/", my_data.my_data, name="my_data"),
    path("mis-datos/mis-datos.json", my_data.my_data_json, name="my_data_json"),
    path("mis-datos/visibilidad/", my_data.visibility, name="visibility"),
    path("mis-datos/consentimientos/<slug:purpose>/", my_data.consent, name="consent"),
]
