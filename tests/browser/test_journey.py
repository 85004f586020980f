"""The whole story: from opening an account to the stranger who scans the constancia."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pytest_django import Settings

from members.models import User
from tests import make
from tests.browser import staging, walking
from tests.browser.visiting import Inspector, Visits
from tests.browser.walking import Applicant, Look, heading, letter_to, no_look
from tests.documents.reading import copied, pages, photocopy, scanned
from tests.smtp import PostOffice
from trainings.models import Certificate, Edition

COURSE = "Sesgos cotidianos en la oficina pública"
WHO = Applicant()


@pytest.fixture
def staff(portal: PostOffice, valentina: User, fernanda: User, carmen: User) -> Edition:
    """Personnel with proven mailboxes, somebody who signs, and an edición with open enrolment."""
    for account in (valentina, fernanda, carmen):
        make.proven(account)
    make.signatory()
    return staging.open_edition("pg-02", coordinator=carmen, publisher=fernanda)


def download(page: Page, address: str) -> bytes:
    """Return the PDF behind a link, with the cookies of this browser."""
    answer = page.context.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def approve(page: Page, folio: str, reviewer: User, look: Look = no_look) -> None:
    """Validación finds the solicitud in her administration, takes it and approves it."""
    walking.sign_in(page, reviewer.email)
    account = page.get_by_role("navigation", name="Su cuenta")
    account.get_by_role("link", name="Administración").click()
    heading(page, "Administración")
    look(page, "administración")
    page.get_by_role("link", name="Solicitudes por revisar").click()
    page.wait_for_url("**/admin/members/application/?*")
    look(page, "administración: solicitudes")
    page.get_by_role("link", name=folio).click()
    page.wait_for_url("**/change/*")
    look(page, "administración: solicitud")
    page.get_by_role("button", name="Tomar").click()
    expect(page.locator(".messagelist")).to_contain_text("en revisión, a su cargo")
    page.get_by_role("link", name="Aprobar…").click()
    page.wait_for_url("**/aprobar/")
    look(page, "administración: aprobar")
    page.get_by_role("button", name="Aprobar").click()
    expect(page.locator(".messagelist")).to_contain_text(f"Se aprobó la solicitud {folio}")
    look(page, "administración: aprobada")


def read_the_calendar(office: PostOffice, run: Edition) -> None:
    """The confirmation brings each sitting for her calendar, at its hour."""
    letter = letter_to(office, WHO.mailbox, "Su inscripción está confirmada")
    assert COURSE in letter.text
    files = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
    assert len(files) == 1
    calendar = Calendar.from_ical(str(files[0].get_content()))
    assert isinstance(calendar, Calendar)
    starts = sorted(str(event.start) for event in calendar.events)
    assert starts == [
        str(timezone.localtime(session.starts_at)) for session in run.sessions.order_by("starts_at")
    ]
    assert len({event.uid for event in calendar.events}) == len(starts)


def print_the_list(page: Page, run: Edition, look: Look = no_look) -> None:
    """The coordinator prints the list of the first session, with room for many more."""
    account = page.get_by_role("navigation", name="Su cuenta")
    account.get_by_role("link", name="Coordinación").click()
    heading(page, "Coordinación")
    look(page, "coordinación")
    page.get_by_role("link", name=COURSE).click()
    heading(page, COURSE)
    look(page, "coordinación: edición")
    page.get_by_label("Sesión", exact=True).select_option(label="Sesión 1")
    page.get_by_label("Renglones en blanco").fill("60")
    query = page.locator("form.desk-list").evaluate(
        "form => new URLSearchParams(new FormData(form)).toString()"
    )
    pdf = download(page, f"/coordinacion/ediciones/{run.key}/lista.pdf?{query}")
    sheets = pages(pdf)
    assert len(sheets) > 1
    for number, text in enumerate(sheets, start=1):
        assert f"página {number} de {len(sheets)}" in text.lower()
    for words in (WHO.given_names, WHO.first_surname, WHO.second_surname, WHO.department):
        assert words in sheets[0]


def close_the_edition(page: Page, run: Edition, look: Look = no_look) -> None:
    """She captures the attendance of both sessions and closes the edición."""
    for session in run.sessions.order_by("number"):
        page.goto(f"/coordinacion/ediciones/{run.key}/asistencia/{session.number}/")
        look(page, f"asistencia: sesión {session.number}")
        page.get_by_role("button", name="Todas presentes").click()
        expect(page.get_by_role("status").first).to_contain_text("Se guardaron 3 marcas.")
    absent = page.get_by_role("group", name=re.compile("Rezagada"))
    absent.get_by_label("Falta").check()
    page.get_by_role("button", name="Guardar asistencia").click()
    expect(page.get_by_role("status").first).to_contain_text("Se guardó 1 marca.")
    look(page, "asistencia: capturada")
    page.goto(f"/coordinacion/ediciones/{run.key}/")
    page.get_by_role("link", name="Cerrar la edición").click()
    heading(page, "Cerrar la edición")
    look(page, "cierre")
    page.get_by_role("button", name="Cerrar la edición").click()
    heading(page, "Emitir constancias")


def issue(page: Page, look: Look = no_look) -> None:
    """She issues the constancias and watches the work until its end."""
    expect(page.get_by_role("heading", name="Recibirán constancia: 2")).to_be_visible()
    look(page, "constancias: antes de emitir")
    page.get_by_role("button", name="Emitir 2 constancias").click()
    expect(page.get_by_role("heading", name="Emisión en proceso")).to_be_visible()
    assert page.get_by_role("progressbar").evaluate("bar => [bar.value, bar.max]") == [0, 2]
    look(page, "constancias: en proceso")
    staging.let_the_worker_work()
    # The page asks again by itself, without scripts, every five seconds.
    expect(page.get_by_role("heading", name="Última emisión")).to_be_visible(timeout=15_000)
    assert page.get_by_role("progressbar").evaluate("bar => [bar.value, bar.max]") == [2, 2]
    expect(page.get_by_text("Terminada", exact=True)).to_be_visible()
    look(page, "constancias: emitidas")


def read_the_certificate(page: Page, office: PostOffice, base_url: str, look: Look) -> str:
    """She opens her constancia: its text is her name and its code leads to the verification page."""
    letter = letter_to(office, WHO.mailbox, r"Su constancia RED-\d{4}-\d{4} está lista")
    page.goto(walking.link_in(letter, "/constancias/"))
    page.goto("/panel/")
    look(page, "mi panel: con constancia")
    page.goto("/constancias/")
    heading(page, "Mis constancias")
    look(page, "mis constancias")
    address = page.get_by_role("link", name="Abrir PDF").get_attribute("href")
    assert address
    pdf = download(page, address)
    certificate = Certificate.objects.get(person__user__email=WHO.mailbox)
    text = copied(pdf)
    assert WHO.name in text
    assert certificate.name == WHO.name
    assert COURSE in text
    assert certificate.folio in text
    assert len(pages(pdf)) == 1
    assert download(page, address) == pdf
    found = scanned(photocopy(pdf))
    assert found == [f"{base_url}/verificar/{certificate.code}/"]
    return found[0]


def verify_as_a_stranger(page: Page, address: str, look: Look = no_look) -> None:
    """Somebody without account scans the code and reads that it stands; the portal leaves no cookie."""
    answer = page.goto(address)
    assert answer
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("vigente", re.IGNORECASE))
    certificate = Certificate.objects.get(person__user__email=WHO.mailbox)
    for fact in (WHO.name, COURSE, "6 horas", certificate.folio):
        expect(page.locator("main")).to_contain_text(fact)
    look(page, "verificación")
    assert page.context.cookies() == []


def two_colleagues(run: Edition) -> None:
    """Two more people have their seats: one will attend, one will miss a session."""
    for given_names, surname in (("Inés", "Álvarez"), ("Ñeca", "Rezagada")):
        make.enrollment(run, make.member(make.person(given_names, surname)).person)


def test_the_whole_story(
    staff: Edition, portal: PostOffice, visits: Visits, valentina: User, carmen: User
) -> None:
    inspector = Inspector()
    look = inspector.look
    hers = visits.open()
    walking.register(hers, WHO, portal, look)
    walking.begin_application(hers, look)
    walking.fill_in_application(hers, WHO, look)
    folio = walking.send_application(hers, look)
    expect(hers.locator("main")).to_contain_text("Enviada")
    assert folio in letter_to(portal, WHO.mailbox, f"Recibimos su trámite {folio}").text

    approve(visits.open(), folio, valentina, look)

    welcome = letter_to(portal, WHO.mailbox, f"Novedades de su trámite {folio}")
    assert "Le damos la bienvenida a la Red Interinstitucional de Género." in welcome.text
    hers.goto(walking.link_in(welcome, "/panel/"))
    heading(hers, WHO.name)
    walking.find_department(hers, WHO.typed_department, WHO.department, look)
    walking.enrol(hers, COURSE, look)
    read_the_calendar(portal, staff)

    two_colleagues(staff)
    run = staging.let_it_be_held(staff)
    desk = visits.open()
    walking.sign_in(desk, carmen.email)
    look(desk, "mi panel: coordinación")
    print_the_list(desk, run, look)
    close_the_edition(desk, run, look)
    issue(desk, look)

    address = read_the_certificate(hers, portal, visits.base_url, look)
    verify_as_a_stranger(visits.open(), address, look)
    assert len(inspector.seen) > 35
    assert not inspector.findings, "\n".join(inspector.findings)


def test_her_part_works_without_scripts(
    staff: Edition, portal: PostOffice, visits: Visits, valentina: User, carmen: User
) -> None:
    hers = visits.open(scripts=False, width=390)
    walking.register(hers, WHO, portal)
    walking.begin_application(hers)
    walking.fill_in_application(hers, WHO)
    folio = walking.send_application(hers)

    approve(visits.open(), folio, valentina)

    hers.goto("/formacion/")
    walking.find_department(hers, WHO.typed_department, WHO.department)
    walking.enrol(hers, COURSE)

    two_colleagues(staff)
    run = staging.let_it_be_held(staff)
    desk = visits.open()
    walking.sign_in(desk, carmen.email)
    close_the_edition(desk, run)
    issue(desk)

    address = read_the_certificate(hers, portal, visits.base_url, no_look)
    verify_as_a_stranger(visits.open(scripts=False, width=390), address)


def test_personnel_sets_up_a_second_factor_before_entering(
    portal: PostOffice, visits: Visits, valentina: User, settings: Settings
) -> None:
    settings.REQUIRE_STAFF_MFA = True
    make.proven(valentina)
    inspector = Inspector()
    page = visits.open()
    walking.sign_in(page, valentina.email)
    page.goto("/admin/")
    heading(page, "Segundo factor")
    expect(page.locator("main")).to_contain_text("necesita un segundo factor")
    inspector.look(page, "segundo factor")
    page.get_by_role("region", name="Aplicación de códigos").get_by_role("link").click()
    heading(page, "Confirme que es usted")
    inspector.look(page, "confirme que es usted")
    page.get_by_label("Contraseña", exact=True).fill("clave-de-prueba")
    page.get_by_role("button", name="Continuar").click()
    heading(page, "Activar la aplicación de códigos")
    inspector.look(page, "aplicación de códigos")
    secret = page.locator("code").inner_text()
    page.get_by_label("Código", exact=True).fill(code_now(secret))
    page.get_by_role("button", name="Activar").click()
    heading(page, "Códigos de respaldo")
    inspector.look(page, "códigos de respaldo")
    spare = page.get_by_role("list", name="Códigos sin usar").locator("code").first.inner_text()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Lo que espera")).to_be_visible()

    again = visits.open()
    walking.sign_in(again, valentina.email)
    heading(again, "Segundo paso")
    inspector.look(again, "segundo paso")
    again.goto("/admin/")
    expect(again.get_by_role("heading", name="Lo que espera")).to_have_count(0)
    again.goto("/cuenta/ingresar/segundo-factor/")
    again.get_by_label("Código", exact=True).fill(spare)
    again.get_by_role("button", name="Ingresar", exact=True).click()
    heading(again, "Valentina Ríos Núñez")
    again.goto("/admin/")
    expect(again.get_by_role("heading", name="Lo que espera")).to_be_visible()
    assert not inspector.findings, "\n".join(inspector.findings)


def code_now(secret: str) -> str:
    """Return what an application of codes shows at this moment."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
