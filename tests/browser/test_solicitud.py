"""The solicitud in a real browser: the keyboard alone from the aviso to the folio, and axe on each of its states."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from members import admitting, answering, changing, privacy, vetting
from members.models import (
    Application,
    InformationRequest,
    Member,
    PrivacyNotice,
    RejectionReason,
    User,
)
from red_genero.common.states import By
from tests import make
from tests.browser.test_keyboard import tab_to
from tests.browser.test_my_data import enter
from tests.browser.visiting import AXE, NARROW, Visits
from tests.browser.walking import heading
from tests.conftest import signed_in
from tests.smtp import PostOffice

pytestmark = pytest.mark.once
State = Application.State


def session_of(page: Page, account: User, base_url: str) -> Page:
    """Give the browser the session of an account."""
    session = signed_in(make.proven(account)).cookies["sesion"].value
    page.context.add_cookies([{"name": "sesion", "value": session, "url": base_url}])
    return page


def press(page: Page, name: str) -> None:
    """Walk to a button and press it."""
    tab_to(page, page.locator("main").get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Walk to a field and type."""
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def test_she_applies_without_a_mouse(office: PostOffice, visits: Visits, base_url: str) -> None:
    make.notice()
    markets = make.department("Dirección de Mercados")
    page = session_of(visits.open(), make.user(), base_url)
    page.goto("/solicitud/")
    heading(page, "Antes de empezar: el aviso de privacidad")
    press(page, "Leí el aviso; comenzar")
    heading(page, "Quién es")
    write(page, "Nombre(s)", "Inés")
    write(page, "Primer apellido", "Güereña")
    press(page, "Guardar y continuar")
    heading(page, "Dependencia")
    write(page, "Nombre o siglas de su dependencia", "mercados")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=mercados"))
    tab_to(page, page.get_by_label("No está en la lista"))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Dirección de Mercados")).to_be_checked()
    press(page, "Guardar y continuar")
    heading(page, "Puesto")
    write(page, "Área o unidad administrativa", "Planeación")
    write(page, "Cargo o puesto", "Jefa de unidad")
    tab_to(page, page.get_by_label("Operativo"))
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    press(page, "Guardar y continuar")
    heading(page, "Qué hace")
    write(page, "¿Qué políticas", "Presupuesto con perspectiva de género.")
    press(page, "Guardar y continuar")
    heading(page, "Estadística")
    press(page, "Guardar y continuar")
    heading(page, "Revise y envíe")
    tab_to(page, page.get_by_label("Autorizo aparecer en el directorio interno"))
    page.keyboard.press("Space")
    press(page, "Enviar solicitud")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"SOL-\d{4}-\d{4}"))
    sent = Application.objects.get()
    assert (sent.state, sent.department, sent.level) == (State.SENT, markets, "jefatura")
    assert (sent.person.full_name, sent.person.show_in_directory) == ("Inés Güereña", True)


def look(page: Page, wrong: list[str], *paths: str) -> None:
    """Read these pages with axe, and see that none is wider than a phone."""
    for path in paths:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        told = Axe().run(page, options=AXE)
        wrong += [f"{page.url}: {each['id']}" for each in told.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            wrong.append(f"{page.url}: wider than the phone")


def in_each_state(application: Application, staff: User) -> dict[str, Application]:
    """Return one solicitud in each state that its page tells apart; ``application`` was sent."""
    by = By.admin(staff)
    asked, refused, gone, late = (make.in_review(staff) for _ in range(4))
    vetting.request_information(asked, question="¿Cuál es su área?", by=by)
    reason = RejectionReason.objects.create(text="El cargo todavía no corresponde")
    vetting.reject(refused, reason=reason, text="Puede volver.", by=by)
    admitting.withdraw(gone, by=By.web(gone.person.user))  # type: ignore[arg-type]
    question = vetting.request_information(late, question="¿Área?", by=by)
    InformationRequest.objects.filter(pk=question.pk).update(deadline=timezone.now())
    admitting.expire_due(by=By.job("prueba"))
    return {
        State.SENT: application,
        State.DRAFT: make.draft(),
        State.IN_REVIEW: make.in_review(staff),
        State.NEEDS_INFO: asked,
        State.REJECTED: refused,
        State.WITHDRAWN: gone,
        State.EXPIRED: late,
    }


def test_every_state_of_her_solicitud_passes_axe_on_a_phone(
    office: PostOffice, visits: Visits, base_url: str, valentina: User
) -> None:
    wrong: list[str] = []
    for state, row in in_each_state(make.application(), valentina).items():
        row.refresh_from_db()
        assert row.state == state
        assert row.person.user
        page = session_of(visits.open(width=NARROW), row.person.user, base_url)
        more = ("respuesta/", "retiro/") if state == State.NEEDS_INFO else ()
        look(page, wrong, "/solicitud/", *(f"/solicitud/{each}" for each in more))
        page.context.close()
    assert wrong == []
    assert visits.oddities() == []


def test_what_she_asked_and_a_new_aviso_pass_axe_on_a_phone(
    office: PostOffice, visits: Visits, base_url: str, alicia: Member
) -> None:
    make.notice()
    by = By.web(alicia.person.user)  # type: ignore[arg-type]
    wanted = {"given_names": "Alicia", "first_surname": "Muñoz"}
    change = changing.request(alicia, "nombre", wanted=wanted, by=by)
    right = answering.request(alicia.person, "acceso", text="Todo.", by=by)
    page = enter(visits.open(width=NARROW), alicia, base_url)
    wrong: list[str] = []
    mine = f"/mis-datos/cambios/{change.folio}/", f"/mis-datos/derechos/{right.folio}/"
    look(page, wrong, *mine, *(f"{each}retiro/" for each in mine))
    privacy.read_notice(alicia.person, PrivacyNotice.objects.get(), by=by)
    newer = make.notice("2.0")
    PrivacyNotice.objects.filter(pk=newer.pk).update(purpose_changed=True)
    look(page, wrong, "/privacidad/aviso-nuevo/")
    heading(page, "El aviso de privacidad cambió")
    assert wrong == []
