"""What happens to people on the way: bad words, two tabs, the back button, a double press, a session that ends."""

from typing import Final

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as StoredSession
from playwright.sync_api import Page, expect

from members.models import Application, Member, Person, User
from tests import make
from tests.browser import walking
from tests.browser.visiting import Visits
from tests.browser.walking import heading
from tests.smtp import PostOffice
from trainings.models import Edition, Enrollment

BAD: Final = {
    "too long": "Ñ" * 3000,
    "markup": "<script>document.title = 'robado'</script>",
    "right to left": "Ana\u202egnp.exe",
}
ROOMS: Final = ("common", "members", "trainings", "resources", "account")


def everything() -> dict[str, list[dict[str, object]]]:
    """Return every stored row of the portal, so that two moments can be compared."""
    return {
        model._meta.label: sorted(model._default_manager.values(), key=str)
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
    }


@pytest.fixture
def ines(office: PostOffice) -> User:
    """An applicant with a complete draft."""
    made = make.draft(works_in=make.department("Dirección de Mercados"))
    assert made.person.user
    return made.person.user


@pytest.fixture
def run(office: PostOffice) -> Edition:
    """An edición with open enrolment."""
    return make.edition()


def type_past_the_limit(page: Page, label: str, text: str) -> None:
    """Type into a field as a program would, past what the browser lets people type."""
    field = page.get_by_label(label)
    field.evaluate("one => one.removeAttribute('maxlength')")
    field.fill(text)


def expect_refusal(page: Page, sentence: str) -> None:
    """Expect a summary in Spanish that leads to the field, and nothing run from what was typed."""
    summary = page.get_by_role("alert").filter(has_text="Falta corregir")
    expect(summary).to_contain_text(sentence)
    summary.get_by_role("link").first.click()
    assert page.evaluate("['INPUT', 'TEXTAREA'].includes(document.activeElement.tagName)")
    assert "robado" not in page.title()


SENTENCES: Final = {
    "too long": "Asegúrese de que este valor tenga menos de",
    "markup": "Escriba solo texto, sin los signos",
    "right to left": "El texto contiene caracteres invisibles",
}


@pytest.mark.once
@pytest.mark.parametrize("kind", BAD)
def test_bad_words_are_refused_with_a_sentence_and_stay_on_the_page(
    ines: User, visits: Visits, kind: str
) -> None:
    page = visits.open()
    walking.sign_in(page, ines.email)
    steps = {
        "quien-es": ("Nombre(s)",),
        "dependencia": ("Otra dependencia u organismo",),
        "puesto": ("Área o unidad administrativa", "Cargo o puesto"),
    }
    before = everything()
    for step, labels in steps.items():
        page.goto(f"/solicitud/{step}/")
        if step == "dependencia":
            page.get_by_label("No está en la lista").check()
        for label in labels:
            type_past_the_limit(page, label, BAD[kind])
        with page.expect_navigation() as answer:
            page.get_by_role("button", name="Guardar y continuar").click()
        assert answer.value
        assert answer.value.status == 422
        expect_refusal(page, SENTENCES[kind])
        for label in labels:
            expect(page.get_by_label(label)).to_have_value(BAD[kind])
    assert everything() == before


@pytest.mark.once
def test_markup_in_an_open_text_is_printed_as_text(ines: User, visits: Visits) -> None:
    page = visits.open()
    walking.sign_in(page, ines.email)
    page.goto("/solicitud/que-hace/")
    page.get_by_label("¿Qué políticas").fill(BAD["markup"])
    walking.save_page(page, "Estadística")
    page.goto("/solicitud/revision/")
    expect(page.locator("main")).to_contain_text(BAD["markup"])
    assert "robado" not in page.title()


@pytest.mark.parametrize(
    ("field", "value"),
    [("given_names", "Inés\0"), ("institutional_email", "ines\0@guadalajara.gob.mx")],
)
def test_a_crafted_nul_is_refused_whole(ines: User, visits: Visits, field: str, value: str) -> None:
    page = visits.open()
    walking.sign_in(page, ines.email)
    page.goto("/solicitud/quien-es/")
    before = everything()
    page.locator(f"[name={field}]").evaluate(
        "(one, value) => { one.type = 'hidden'; one.value = value; }", value
    )
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Guardar y continuar").click()
    assert answer.value
    assert answer.value.status == 422
    expect(page.get_by_role("alert").first).to_contain_text(
        "Los caracteres nulos no están permitidos"
    )
    assert everything() == before


@pytest.mark.parametrize("scripts", [True, False])
def test_two_tabs_and_the_back_button_send_one_solicitud(
    ines: User, visits: Visits, scripts: bool
) -> None:
    first = visits.open(scripts=scripts)
    walking.sign_in(first, ines.email)
    second, third = first.context.new_page(), first.context.new_page()
    for page in (first, second):
        page.goto("/solicitud/revision/")
    third.goto("/solicitud/puesto/")
    first.get_by_role("button", name="Enviar solicitud").dblclick()
    first.wait_for_url("**/solicitud/")
    folio = Application.objects.get(person__user=ines).folio
    assert folio
    heading(first, folio)
    sent = everything()

    second.get_by_role("button", name="Enviar solicitud").click()
    second.wait_for_url("**/solicitud/")
    heading(second, folio)
    third.get_by_label("Cargo o puesto").fill("Otro cargo")
    third.get_by_role("button", name="Guardar y continuar").click()
    expect(third.get_by_role("status").first).to_contain_text("ya no es un borrador")
    first.go_back()
    first.wait_for_url("**/solicitud/")
    heading(first, folio)
    assert everything() == sent


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ends_loses_nothing_of_the_solicitud(
    ines: User, visits: Visits, scripts: bool
) -> None:
    page = visits.open(scripts=scripts)
    walking.sign_in(page, ines.email)
    page.goto("/solicitud/puesto/")
    page.get_by_label("Área o unidad administrativa").fill("Unidad de Igualdad «Ñandú»")
    page.get_by_label("Cargo o puesto").fill("Subdirectora")
    StoredSession.objects.all().delete()
    before = everything()
    page.get_by_role("button", name="Guardar y continuar").click()
    heading(page, "Ingresar")
    expect(page.get_by_role("status").first).to_contain_text("conservamos lo que acaba de escribir")
    assert everything() == before
    page.get_by_label("Correo electrónico").fill(ines.email)
    page.get_by_label("Contraseña", exact=True).fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar", exact=True).click()
    heading(page, "Puesto")
    expect(page.get_by_label("Área o unidad administrativa")).to_have_value(
        "Unidad de Igualdad «Ñandú»"
    )
    expect(page.get_by_label("Cargo o puesto")).to_have_value("Subdirectora")
    walking.save_page(page, "Qué hace")
    assert Application.objects.get(person__user=ines).area == "Unidad de Igualdad «Ñandú»"


@pytest.mark.once
def test_what_she_typed_is_never_shown_to_who_signs_in_after_her(
    ines: User, alicia: Member, visits: Visits
) -> None:
    other = make.draft()
    assert other.person.user
    page = visits.open()
    walking.sign_in(page, ines.email)
    page.goto("/solicitud/puesto/")
    page.get_by_label("Cargo o puesto").fill("Solo mío")
    StoredSession.objects.all().delete()
    page.get_by_role("button", name="Guardar y continuar").click()
    heading(page, "Ingresar")
    page.get_by_label("Correo electrónico").fill(other.person.user.email)
    page.get_by_label("Contraseña", exact=True).fill("clave-de-prueba")
    page.get_by_role("button", name="Ingresar", exact=True).click()
    heading(page, "Puesto")
    expect(page.get_by_label("Cargo o puesto")).to_have_value(other.position)
    assert "Solo mío" not in page.content()


def test_a_double_press_and_an_old_tab_make_one_inscripcion(
    run: Edition, alicia: Member, visits: Visits
) -> None:
    assert alicia.person.user
    page = visits.open(scripts=False)
    walking.sign_in(page, make.proven(alicia.person.user).email)
    address = f"/formacion/{run.course.key}/{run.key}/inscripcion/"
    old = page.context.new_page()
    for tab in (page, old):
        tab.goto(address)
    page.get_by_role("button", name="Inscribirme").dblclick()
    expect(page.locator("main")).to_contain_text("Confirmada")
    old.get_by_role("button", name="Inscribirme").click()
    expect(old.locator("main")).to_contain_text("Confirmada")
    assert Enrollment.objects.get().person == alicia.person
    page.go_back()
    page.reload()
    assert Enrollment.objects.count() == 1


@pytest.mark.once
@pytest.mark.parametrize("kind", ["too long", "right to left"])
def test_bad_words_at_the_enrolment_take_no_seat(
    run: Edition, alicia: Member, visits: Visits, kind: str
) -> None:
    assert alicia.person.user
    page = visits.open()
    walking.sign_in(page, make.proven(alicia.person.user).email)
    page.goto(f"/formacion/{run.course.key}/{run.key}/inscripcion/")
    before = everything()
    type_past_the_limit(page, "Ajustes que necesita para participar", BAD[kind])
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Inscribirme").click()
    assert answer.value
    assert answer.value.status == 422
    expect_refusal(page, SENTENCES[kind])
    expect(page.get_by_label("Ajustes que necesita")).to_have_value(BAD[kind])
    assert everything() == before


@pytest.mark.once
@pytest.mark.parametrize(
    ("mailbox", "word", "sentence"),
    [
        ("ana@", "tres palabras sueltas", "Escriba un correo completo"),
        ("<b>ana</b>@guadalajara.gob.mx", "tres palabras sueltas", "Escriba un correo completo"),
        ("Ñ" * 400 + "@guadalajara.gob.mx", "tres palabras sueltas", "Escriba un correo completo"),
        ("ana@guadalajara.gob.mx", "corta", "por lo menos 10 caracteres"),
    ],
)
def test_an_account_is_not_half_opened(
    office: PostOffice, visits: Visits, mailbox: str, word: str, sentence: str
) -> None:
    page = visits.open(scripts=False)
    page.goto("/cuenta/registro/")
    before = everything()
    page.get_by_label("Correo electrónico").fill(mailbox)
    page.get_by_label("Contraseña", exact=True).fill(word)
    page.get_by_label("Repita la contraseña").fill(word)
    page.wait_for_timeout(walking.TRAP_SECONDS * 1000)
    page.get_by_role("button", name="Abrir mi cuenta").click()
    expect(page.get_by_role("alert").first).to_contain_text(sentence)
    assert everything() == before
    assert not Person.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("typed", ["NO-EXISTE", "<script>", "RED-2026-9999", "x" * 80])
def test_a_code_that_was_never_issued_has_its_own_words(
    office: PostOffice, visits: Visits, typed: str
) -> None:
    page = visits.open()
    page.goto("/verificar/")
    page.get_by_label("Folio o código").fill(typed)
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Verificar").click()
    assert answer.value
    assert answer.value.status == 404
    expect(page.get_by_role("alert")).to_contain_text("No encontramos esa constancia")
    assert page.context.cookies() == []
