"""What people do in the portal, step by step, as its pages lead them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from red_genero.common import delivery
from tests.smtp import Letter, PostOffice

WORD: Final = "tres palabras sueltas"
TRAP_SECONDS: Final = 2.1
"""Nobody fills in the sign-up form sooner; the portal refuses whoever does."""

Look = Callable[[Page, str], None]


def no_look(page: Page, name: str) -> None:
    """Walk on without stopping to look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Applicant:
    """A servidora pública as she introduces herself."""

    mailbox: str = "angela.munoz@guadalajara.gob.mx"
    given_names: str = "María Ángela"
    first_surname: str = "Muñoz"
    second_surname: str = "Güereña"
    department: str = "Dirección de Participación Ciudadana"
    typed_department: str = "participacion ciudadana"
    area: str = "Comités vecinales"
    position: str = "Jefa de unidad"
    work: str = "Reglas de paridad de los comités vecinales."

    @property
    def name(self) -> str:
        """As a constancia prints it."""
        return f"{self.given_names} {self.first_surname} {self.second_surname}"


def heading(page: Page, text: str) -> None:
    """Expect this to be the title of the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def letter_to(office: PostOffice, mailbox: str, subject: str) -> Letter:
    """Let the mail leave and return the newest letter with this subject (a pattern)."""
    delivery.deliver_due()
    found = [each for each in office.to(mailbox) if re.fullmatch(subject, each.message["Subject"])]
    assert found, [each.message["Subject"] for each in office.to(mailbox)]
    return found[-1]


def link_in(letter: Letter, path: str) -> str:
    """Return the only address of the letter's text that leads to ``path``."""
    found = set(re.findall(rf"https?://\S+{re.escape(path)}\S*", letter.text))
    assert len(found) == 1, letter.text
    return str(found.pop())


def register(page: Page, who: Applicant, office: PostOffice, look: Look = no_look) -> None:
    """Open an account on the way to the solicitud and prove the mailbox, by the button its letter leads to."""
    page.goto("/")
    look(page, "portada")
    page.locator("main").get_by_role("link", name="Solicitar ingreso").first.click()
    heading(page, "Ingresar")
    look(page, "ingresar")
    page.locator("main").get_by_role("link", name="Regístrese").click()
    heading(page, "Abrir una cuenta")
    look(page, "registro")
    page.get_by_label("Correo electrónico").fill(who.mailbox)
    page.get_by_label("Contraseña", exact=True).fill(WORD)
    page.get_by_label("Repita la contraseña").fill(WORD)
    page.wait_for_timeout(TRAP_SECONDS * 1000)
    page.get_by_role("button", name="Abrir mi cuenta").click()
    heading(page, "Revise su correo")
    look(page, "revise su correo")
    letter = letter_to(office, who.mailbox, "Confirme su correo")
    page.goto(link_in(letter, "/cuenta/confirmar-correo/"))
    heading(page, "Confirmar su correo")
    look(page, "confirmar su correo")
    page.get_by_role("button", name="Confirmar mi correo").click()


def begin_application(page: Page, look: Look = no_look) -> None:
    """Read the aviso de privacidad, where her confirmation has led, and open the draft."""
    heading(page, "Antes de empezar: el aviso de privacidad")
    expect(page.get_by_role("heading", name="Aviso de privacidad simplificado")).to_be_visible()
    look(page, "solicitud: aviso")
    page.get_by_role("button", name="Leí el aviso; comenzar").click()
    heading(page, "Quién es")


def fill_in_application(page: Page, who: Applicant, look: Look = no_look) -> None:
    """Fill in the five pages of the draft, one after the other."""
    look(page, "solicitud: quién es")
    page.get_by_label("Nombre(s)").fill(who.given_names)
    page.get_by_label("Primer apellido").fill(who.first_surname)
    page.get_by_label("Segundo apellido").fill(who.second_surname)
    page.get_by_label("Teléfono de oficina").fill("+52 33 1234 5678")
    save_page(page, "Dependencia")
    look(page, "solicitud: dependencia")
    page.get_by_label("Nombre o siglas de su dependencia").fill(who.typed_department)
    page.get_by_role("button", name="Buscar", exact=True).click()
    page.wait_for_url("**/solicitud/dependencia/?q=*")
    look(page, "solicitud: dependencia encontrada")
    page.get_by_label(who.department).check()
    save_page(page, "Puesto")
    look(page, "solicitud: puesto")
    page.get_by_label("Área o unidad administrativa").fill(who.area)
    page.get_by_label("Cargo o puesto").fill(who.position)
    page.get_by_label("Jefatura", exact=False).first.check()
    save_page(page, "Qué hace")
    look(page, "solicitud: qué hace")
    page.get_by_label("¿Qué políticas, programas o acciones diseña o implementa?").fill(who.work)
    save_page(page, "Estadística")
    look(page, "solicitud: estadística")
    save_page(page, "Revise y envíe")


def save_page(page: Page, then: str) -> None:
    """Save this page of the draft and arrive at the next."""
    page.get_by_role("button", name="Guardar y continuar").click()
    heading(page, then)


def send_application(page: Page, look: Look = no_look) -> str:
    """Send the draft and return the folio that the status page shows."""
    look(page, "solicitud: revisión")
    page.get_by_label("Autorizo aparecer en el directorio interno").check()
    page.get_by_role("button", name="Enviar solicitud").click()
    page.wait_for_url("**/solicitud/")
    look(page, "solicitud: estado")
    found = re.search(r"SOL-\d{4}-\d{4}", page.locator("main").inner_text())
    assert found
    return found[0]


def sign_in(page: Page, mailbox: str, word: str = "clave-de-prueba") -> None:
    """Type address and password at the portal's door."""
    page.goto("/cuenta/ingresar/")
    page.get_by_label("Correo electrónico").fill(mailbox)
    page.get_by_label("Contraseña", exact=True).fill(word)
    with page.expect_navigation():
        page.get_by_role("button", name="Ingresar", exact=True).click()


def open_from_menu(page: Page, name: str) -> None:
    """Choose from the main menu, which a phone shows folded."""
    link = page.get_by_role("navigation", name="Principal").get_by_role("link", name=name)
    if not link.is_visible():
        page.get_by_text("Menú", exact=True).click()
    link.click()


def find_department(page: Page, typed: str, name: str, look: Look = no_look) -> None:
    """Find a dependencia in the directory and open its page."""
    page.goto("/directorio/")
    look(page, "directorio")
    page.get_by_label("Buscar dependencia").fill(typed)
    page.get_by_role("button", name="Filtrar").click()
    page.wait_for_url("**/directorio/?q=*")
    look(page, "directorio: búsqueda")
    page.locator("main").get_by_role("link", name=name).click()
    heading(page, name)
    look(page, "dependencia")


def enrol(page: Page, course: str, look: Look = no_look) -> None:
    """Find the course in the catalogue, read the conditions and enrol."""
    open_from_menu(page, "Formación")
    heading(page, "Formación")
    look(page, "formación")
    page.goto("/formacion/?abierta=si")
    page.locator("main").get_by_role("link", name=course).click()
    heading(page, course)
    look(page, "curso")
    page.get_by_role("region", name="Ediciones").get_by_role("link").first.click()
    page.wait_for_url("**/formacion/*/*/")
    look(page, "edición")
    page.locator("main").get_by_role("link", name="Inscribirme").click()
    page.wait_for_url("**/inscripcion/")
    look(page, "inscripción: condiciones")
    page.get_by_role("button", name="Inscribirme").click()
    expect(page.get_by_role("status").first).to_contain_text("Su inscripción está confirmada.")
    look(page, "inscripción: confirmada")
