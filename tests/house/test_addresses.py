"""The address book: what is open to anybody, what is promised to stay, and lists that go on by URL."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from members.models import Member
from tests import make
from tests.house import world as house
from tests.house.world import World

OPEN: Final = {
    "home",
    "la_red",
    "search",
    "department_figures",
    "department_figures_csv",
    "indicators",
    "indicators_csv",
    "health_live",
    "health_ready",
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_login_webauthn",
    "mfa_authenticate",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "admin:login",
    "demo_mail_list",
    "demo_mail_detail",
    "demo_mail_html",
    "members:department_list",
    "members:department_detail",
    "members:coverage",
    "members:coverage_csv",
    "members:privacy",
    "members:privacy_version",
    "trainings:course_list",
    "trainings:course_detail",
    "trainings:edition_detail",
    "trainings:calendar",
    "trainings:calendar_month",
    "trainings:calendar_feed",
    "trainings:own_feed",
    "trainings:verify",
    "trainings:verify_code",
    "trainings:verify_file",
    "trainings:approval",
    "trainings:approval_give",
    "trainings:approval_decline",
    "resources:topic_list",
    "resources:helpline_list",
    "resources:quick_exit",
    "resources:feed",
    "resources:news_text",
    "resources:bulletin_leave",
    "resources:bulletin_left",
    "resources:collection_detail",
    "resources:introduction_detail",
    "resources:topic_detail",
    "resources:resource_detail",
    "resources:version_detail",
    "resources:version_file",
    "resources:version_thumbnail",
}
"""What anybody reaches without signing in. A new open page is written here by hand, or it is not open."""
LEFT_OPEN_BY_DJANGO: Final = {"admin:logout", "admin:jsi18n", "admin:"}
"""Open by Django's own decoration, behind the administration's own check."""

PROMISED: Final = {
    "/": "home",
    "/la-red/": "la_red",
    "/panel/": "panel",
    "/buscar/": "search",
    "/indicadores/": "indicators",
    "/indicadores/dependencias/": "department_figures",
    "/indicadores/cobertura/": "members:coverage",
    "/salud/": "health_live",
    "/salud/lista/": "health_ready",
    "/admin/": "admin:index",
    "/cuenta/ingresar/": "account_login",
    "/cuenta/registro/": "account_signup",
    "/cuenta/salir/": "account_logout",
    "/solicitud/": "members:application",
    "/directorio/": "members:department_list",
    "/directorio/integrantes/": "members:member_list",
    "/directorio/dep-01/": "members:department_detail",
    "/enlace/": "members:designation_list",
    "/enlace/unidad/": "members:unit_list",
    "/privacidad/": "members:privacy",
    "/privacidad/integral/1.0/": "members:privacy_version",
    "/mis-datos/": "members:my_data",
    "/formacion/": "trainings:course_list",
    "/formacion/calendario/": "trainings:calendar",
    "/formacion/calendario/2026-12/": "trainings:calendar_month",
    "/formacion/calendario.ics": "trainings:calendar_feed",
    "/mi-calendario/": "trainings:my_calendar",
    "/mi-calendario/Abc_-9.ics": "trainings:own_feed",
    "/formacion/pg-02/": "trainings:course_detail",
    "/formacion/pg-02/pg-02-2026-1/": "trainings:edition_detail",
    "/formacion/pg-02/pg-02-2026-1/inscripcion/": "trainings:enrollment",
    "/formacion/pg-02/pg-02-2026-1/inscripcion/cancelar/": "trainings:enrollment_cancel",
    "/formacion/pg-02/pg-02-2026-1/inscripcion/aceptar/": "trainings:offer_accept",
    "/formacion/pg-02/pg-02-2026-1/inscripcion/declinar/": "trainings:offer_decline",
    "/coordinacion/": "trainings:coordination",
    "/coordinacion/ediciones/pg-02-2026-1/": "trainings:coordination_edition",
    "/coordinacion/ediciones/pg-02-2026-1/lista.pdf": "trainings:attendance_list_pdf",
    "/coordinacion/ediciones/pg-02-2026-1/asistencia/": "trainings:attendance_capture",
    "/coordinacion/ediciones/pg-02-2026-1/asistencia/2/": "trainings:attendance_capture",
    "/coordinacion/ediciones/pg-02-2026-1/asistencia/2/enviar/": "trainings:attendance_sync",
    "/coordinacion/ediciones/pg-02-2026-1/asistencia/importar/": "trainings:marks_import",
    "/coordinacion/ediciones/pg-02-2026-1/pase/7/": "trainings:attendance_pass",
    "/coordinacion/ediciones/pg-02-2026-1/acta.pdf": "trainings:acta_pdf",
    "/formacion/pg-02/pg-02-2026-1/asistencia/": "trainings:check_in",
    "/coordinacion/ediciones/pg-02-2026-1/cierre/": "trainings:edition_close",
    "/coordinacion/ediciones/pg-02-2026-1/constancias/": "trainings:certificate_issue",
    "/coordinacion/ediciones/pg-02-2026-1/personas/mover/": "trainings:seats_act",
    "/coordinacion/ediciones/pg-02-2026-1/personas.csv": "trainings:board_csv",
    "/visto-bueno/abc.xyz/": "trainings:approval",
    "/constancias/": "trainings:certificate_list",
    "/constancias/ABCD2345.pdf": "trainings:certificate_pdf",
    "/verificar/": "trainings:verify",
    "/verificar/ABCD2345/": "trainings:verify_code",
    "/verificar/archivo/": "trainings:verify_file",
    "/biblioteca/": "resources:topic_list",
    "/biblioteca/salida-rapida/": "resources:quick_exit",
    "/biblioteca/novedades/atom/": "resources:feed",
    "/biblioteca/boletin/baja/abc:1/": "resources:bulletin_leave",
    "/biblioteca/colecciones/25n/": "resources:collection_detail",
    "/biblioteca/muav/introduccion/2/": "resources:introduction_detail",
    "/biblioteca/muav/": "resources:topic_detail",
    "/biblioteca/muav/ruta-atencion/": "resources:resource_detail",
}
"""Papers, mails and bookmarks carry these: they do not change."""


def test_what_is_open_is_written_here_by_hand() -> None:
    found = {address.name for address in house.addresses() if address.open}

    assert found - LEFT_OPEN_BY_DJANGO == OPEN


@pytest.mark.parametrize(("path", "name"), PROMISED.items())
def test_a_promised_address_leads_where_it_always_did(path: str, name: str) -> None:
    assert resolve(path).view_name == name


def test_every_address_is_spelled_in_lower_case_spanish_and_ends_in_a_slash_or_a_file() -> None:
    words = re.compile(r"^([a-z0-9/.-]|<[^>]*>|\^|\$|\(\?P<[^)]*\))*(/|/\$|\.pdf|\.csv|\.json)?$")
    odd = [
        address.pattern
        for address in house.addresses()
        if not address.in_admin and not words.match(address.pattern)
    ]

    assert odd == []


@pytest.mark.parametrize("path", ["/no-existe/", "/panel/no-existe/", "/biblioteca/MUAV/x/y/"])
def test_an_unknown_address_has_no_view(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)


def test_a_missing_slash_is_forgiven(world: World) -> None:
    client = world.client("visitor")

    answer = client.get("/formacion?q=sesgos")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/formacion/?q=sesgos")


def many_courses() -> None:
    for number in range(13):
        make.course(f"Presupuestación con perspectiva {number}")


def many_resources() -> None:
    for number in range(21):
        make.resource(f"Ley de presupuesto {number}")


def many_members() -> None:
    for number in range(26):
        person = make.person("Presupuesta", f"Apellido{number}")
        person.show_in_directory = True
        person.save()
        make.member(person)


LISTS: Final[dict[str, tuple[Callable[[], None], str]]] = {
    "/formacion/": (many_courses, "q=presupuestacion&modalidad=presencial"),
    "/biblioteca/": (many_resources, "q=presupuesto&ambito=federal"),
    "/biblioteca/marco-normativo/": (many_resources, "q=presupuesto"),
    "/directorio/integrantes/": (many_members, "q=presupuesta"),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_goes_on_and_keeps_its_filters(path: str, alicia: Member) -> None:
    fill, filters = LISTS[path]
    fill()
    client = Client()
    if alicia.person.user:
        client.force_login(alicia.person.user)

    first = client.get(f"{path}?{filters}").content.decode()

    onwards = re.search(r'<a[^>]*rel="next"[^>]*>', first)
    assert onwards, path
    url = re.search(r'href="([^"]+)"', onwards[0])
    assert url
    target = url[1].replace("&amp;", "&")
    assert target == f"?{filters}&page=2"
    second = client.get(f"{path}{target}").content.decode()
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_page_that_is_not_there_is_answered_with_one_that_is(world: World) -> None:
    client = world.client("superuser")
    make.topic()

    found = {
        (path, page): client.get(f"{path}?page={page}").status_code
        for path in (*LISTS, "/coordinacion/", "/constancias/", "/buscar/")
        for page in ("999999", "-1", "0", "x", "1e9", "%00", "9" * 400)
    }

    assert {key: status for key, status in found.items() if status != 200} == {}


def test_names_of_the_menu_and_of_the_mails_resolve(world: World) -> None:
    for address in house.addresses():
        if not address.in_admin:
            args = house.arguments(world, address)
            assert reverse(address.name, kwargs=args).startswith("/")
