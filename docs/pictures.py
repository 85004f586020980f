"""Takes the pictures of the README and of the documentation from a running ``bin/demo``.

.venv/bin/python -m docs.pictures http://localhost:8000
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from red_genero.demo import DOMAIN, ENTRY_WORD

FOLDER: Final = Path(__file__).parent / "img"
HEAVIEST: Final = 200_000
WIDTH: Final = 1280
SHEET_WIDTH: Final = 1100
PROGRAMME: Final = "/formacion/pp-03/"
EDITION: Final = "/formacion/pg-02/pg-02-2026-1/"
ATTENDANCE: Final = "/coordinacion/ediciones/dh-01-2026-1/asistencia/1/"
SURVEYS: Final = "/coordinacion/ediciones/tr-01-2026-1/encuestas/"
LIBRARY: Final = "/biblioteca/unidades-genero/"
FACTS: Final = "/admin/resources/topicfact/?verification__exact=por+confirmar"
EDITIONS: Final = "/admin/trainings/edition/?q=pg-02"
CHANGES: Final = "/admin/members/changerequest/?state__exact=solicitada"
TERM: Final = "/periodos/2021-2024/?estado=sustituida"
RIGHTS: Final = "/admin/members/privacyrequest/?plazo=abiertas"
APPLICATIONS: Final = "/admin/members/application/?bandeja=sin-tomar"
PEOPLE: Final = "/admin/members/person/"
MAIL_TEXT: Final = "/admin/common/mailtext/?q=application_sent"
PADRON: Final = (
    "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel\n"
    f"Inés,Güereña,ines.guerena@{DOMAIN},cultura,Jefa de unidad,Jefatura\n"
    f"Paula,Castañeda,p.castaneda@{DOMAIN},cultura,Jefa de departamento,Jefatura\n"
    f"Rosa,Ávila,rosa.avila,Dirección de Marte,Directora,Dirección\n"
)
"""A list with somebody new, somebody alike and something wrong."""


def main(portal: str) -> None:
    """Save every picture as the person concerned sees the page."""
    FOLDER.mkdir(exist_ok=True)
    arguments = ["--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=arguments
        )
        with visit(browser, portal) as page:
            pictures_for_visitors(page)
        with visit(browser, portal, "biblioteca") as page:
            picture_of_an_entry(page)
        with visit(browser, portal, "solicitante") as page:
            picture(page, "solicitud", "/solicitud/", height=1000)
        with visit(browser, portal, "validacion") as page:
            page.goto(APPLICATIONS)
            review = page.locator("#result_list tbody th a").first.get_attribute("href")
            picture(page, "revision", str(review), height=1000)
            picture(page, "bandejas", "/admin/members/application/")
            picture_of_an_import(page)
            picture(page, "periodo", TERM, height=1100)
            picture_of_first(page, "cambio", CHANGES)
        with visit(browser, portal, "alicia.munoz") as page:
            picture(page, "panel", "/panel/", height=1000)
            picture(page, "mis-datos", "/mis-datos/", height=1000)
            picture(page, "unidad", "/enlace/unidad/", height=1000)
            picture(page, "edicion", EDITION)
            picture(page, "diplomado", PROGRAMME)
            picture(page, "segundo-factor", "/cuenta/segundo-factor/")
            verification = certificate(page)
        with visit(browser, portal) as page:
            picture(page, "verificacion", verification)
        with visit(browser, portal, "coordinacion") as page:
            picture(page, "asistencia", ATTENDANCE)
            picture(page, "encuestas", SURVEYS, height=1000)
        with visit(browser, portal, "formacion") as page:
            page.goto(EDITIONS)
            run = page.locator("#result_list tbody th a").first.get_attribute("href")
            picture(page, "edicion-admin", str(run), height=1000)
        with visit(browser, portal, "direccion") as page:
            picture_of_first(page, "arco", RIGHTS)
            picture(page, "escritorio", "/admin/")
            page.goto(f"{PEOPLE}?q=paula+castaneda")
            twice = page.locator("#result_list tbody th a").first.get_attribute("href")
            picture(page, "fusionar", str(twice).split("change/")[0] + "fusionar/", height=900)
            page.goto(MAIL_TEXT)
            words = page.locator("#result_list tbody th a").first.get_attribute("href")
            picture(page, "textos", str(words), height=1000)
        browser.close()


@contextmanager
def visit(browser: Browser, portal: str, mailbox: str = "") -> Iterator[Page]:
    """Open the portal as somebody of the demonstration, or as a visitor."""
    context = browser.new_context(
        base_url=portal,
        locale="es-MX",
        timezone_id="America/Mexico_City",
        viewport={"width": WIDTH, "height": 860},
    )
    page = context.new_page()
    if mailbox:
        page.goto("/cuenta/ingresar/")
        page.get_by_label("Correo electrónico").fill(f"{mailbox}@{DOMAIN}")
        page.get_by_label("Contraseña", exact=True).fill(ENTRY_WORD)
        page.get_by_role("button", name="Ingresar", exact=True).click()
        page.wait_for_url("**/panel/")
    yield page
    context.close()


def picture(page: Page, name: str, address: str, *, height: int = 860) -> None:
    """Save the top of a page, without the strip that says it is a demonstration."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address, wait_until="networkidle")
    page.locator(".demo-banner").evaluate_all("all => all.forEach(one => one.remove())")
    save(Image.open(io.BytesIO(page.screenshot())), name)


def picture_of_first(page: Page, name: str, address: str) -> None:
    """Save the first row of a list of the administration."""
    page.goto(address)
    row = page.locator("#result_list tbody th a").first.get_attribute("href")
    picture(page, name, str(row), height=900)


def pictures_for_visitors(page: Page) -> None:
    """Save what anybody reads: the first pages, and of the library a door, an introduction, a search and an entry."""
    picture(page, "portada", "/")
    picture(page, "directorio", "/directorio/")
    picture(page, "biblioteca", LIBRARY)
    picture(page, "tema", "/biblioteca/acoso-hostigamiento/")
    picture(page, "busqueda", "/biblioteca/?q=protocolo")
    picture(page, "recurso", f"{LIBRARY}guia-instancias-municipales/", height=1000)


def picture_of_an_entry(page: Page) -> None:
    """Save the same entry as the library's staff works on it, and what waits for a source."""
    page.goto("/admin/resources/resource/?q=guia+instancia")
    entry = page.locator("#result_list tbody th a").first.get_attribute("href")
    picture(page, "recurso-admin", str(entry), height=900)
    picture(page, "hechos", FACTS)


def picture_of_an_import(page: Page) -> None:
    """Save what a file would do, and throw the file away."""
    page.goto("/admin/members/memberimport/add/")
    page.locator("input[type=file]").set_input_files(
        {"name": "padron.csv", "mimeType": "text/csv", "buffer": PADRON.encode()}
    )
    page.get_by_role("button", name="Continuar", exact=True).click()
    page.wait_for_url("**/change/")
    read = page.url
    picture(page, "importar", read, height=1000)
    page.goto(read.replace("/change/", "/descartar/"))
    page.get_by_role("button", name="Descartar", exact=True).click()


def certificate(page: Page) -> str:
    """Save her constancia as printed; return the address to which its code leads."""
    page.goto("/constancias/")
    pdf = page.get_by_role("link", name="Abrir PDF").first.get_attribute("href")
    verification = page.get_by_role("link", name="Página de verificación").first
    content = page.context.request.get(str(pdf)).body()
    sheet = pypdfium2.PdfDocument(content)[0]
    save(sheet.render(scale=SHEET_WIDTH / sheet.get_width()).to_pil(), "constancia")
    return str(verification.get_attribute("href"))


def save(image: Image.Image, name: str) -> None:
    """Write a PNG light enough for a page, with fewer colours when it has to be."""
    path = FOLDER / f"{name}.png"
    image.convert("RGB").save(path, optimize=True)
    if path.stat().st_size > HEAVIEST:
        image.convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
