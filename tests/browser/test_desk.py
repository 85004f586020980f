"""The desk of vetting, the padrón and the words of the mail in a real browser: axe, and the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from members import answering, changing, importing
from members.models import Application, User
from red_genero.common.models import MailText
from red_genero.common.states import By
from tests import make
from tests.browser.test_keyboard import tab_to
from tests.browser.visiting import AXE
from tests.conftest import signed_in

pytestmark = pytest.mark.once

FILE = (
    "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel\n"
    "Inés,Güereña,ines@guadalajara.gob.mx,Mercados,Jefa,jefatura\n"
    "Ana,,sin-arroba,Marte,Jefa,mucha\n"
)


@pytest.fixture
def direction(transactional_db: None) -> User:
    """Dirección, whom every page of the desk opens to."""
    call_command("sync_roles", verbosity=0)
    account = make.user(staff=True, roles=("Dirección",))
    make.person("Diana", "Ibarra", account=account)
    return account


@pytest.fixture
def desk(page: Page, base_url: str, direction: User) -> Page:
    """The administration, signed in."""
    session = signed_in(direction).cookies["sesion"].value
    page.context.add_cookies([{"name": "sesion", "value": session, "url": base_url}])
    return page


def pages(direction: User) -> dict[str, str]:
    """Return the pages of the desk, each with something on it."""
    make.department("Mercados")
    sent = make.application()
    kept, gone = make.member(make.person("Ana", "Ruiz")), make.member(make.person("Ana", "Ruíz"))
    read = importing.read("lista.csv", FILE.encode(), by=By.admin(direction))
    words = MailText.objects.get(kind="members/application_sent")
    held = make.in_review(direction)
    hers = By.web(kept.person.user)  # type: ignore[arg-type]
    name = {"given_names": "Ana", "first_surname": "Ruiz"}
    change = changing.request(kept, "nombre", wanted=name, by=hers)
    right = answering.request(kept.person, "cancelacion", text="Bórrenlos.", by=hers)
    return {
        "rechazar": f"members/application/{held.pk}/rechazar/",
        "corregir área": f"members/application/{held.pk}/corregir-area/",
        "cambio": f"members/changerequest/{change.pk}/change/",
        "una ARCO": f"members/privacyrequest/{right.pk}/change/",
        "bloquear": f"members/privacyrequest/{right.pk}/bloquear-datos/",
        "bandejas": "members/application/",
        "solicitud": f"members/application/{sent.pk}/change/",
        "tomar": f"members/application/{sent.pk}/tomar/",
        "padrón": "members/member/",
        "registrar": "members/member/registrar/",
        "integrante": f"members/member/{kept.pk}/change/",
        "readscripción": f"members/member/{kept.pk}/readscripcion/",
        "invitar": "members/invitation/add/",
        "importar": "members/memberimport/add/",
        "importación": f"members/memberimport/{read.pk}/change/",
        "buscar a la otra": f"members/person/{kept.person.pk}/fusionar/",
        "comparar": f"members/person/{kept.person.pk}/fusionar/?con={gone.person.pk}",
        "textos": "common/mailtext/",
        "texto": f"common/mailtext/{words.pk}/change/",
    }


def past_the_menu(page: Page) -> None:
    """Skip the list of everything that the administration holds, by the first link of the page."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip-to-content-link, .skip-link")).to_be_focused()
    page.keyboard.press("Enter")


def test_every_page_of_the_desk_passes_axe(desk: Page, direction: User) -> None:
    found = []
    for name, path in pages(direction).items():
        answer = desk.goto(f"/admin/{path}")
        assert answer is not None
        assert answer.status == 200, name
        told = Axe().run(desk, options=AXE)
        found += [
            f"{name}: {wrong['id']} · {node['html'][:160]}"
            for wrong in told.response["violations"]
            for node in wrong["nodes"]
        ]
    assert not found, found


def test_a_solicitud_is_taken_and_decided_without_a_mouse(desk: Page, direction: User) -> None:
    sent = make.application()
    desk.goto("/admin/members/application/")
    past_the_menu(desk)
    tab_to(desk, desk.get_by_role("link", name=str(sent.folio)))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Tomar", exact=True)).to_be_visible()
    past_the_menu(desk)
    tab_to(desk, desk.get_by_role("button", name="Tomar", exact=True))
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("a su cargo")
    past_the_menu(desk)
    tab_to(desk, desk.get_by_role("link", name="Aprobar…"))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Aprobar", exact=True)).to_be_visible()
    past_the_menu(desk)
    tab_to(desk, desk.get_by_role("button", name="Aprobar", exact=True))
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Se aprobó")
    sent.refresh_from_db()
    assert (sent.state, sent.reviewer) == (Application.State.APPROVED, direction)
    assert sent.person.member.state == "activa"
