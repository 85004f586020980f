"""What nobody should type, at every page of the solicitud: a sentence, 422, nothing half-written."""

import pytest
from django.test import Client

from members.models import Application, Person
from tests import make
from tests.conftest import signed_in

NAMES = {"given_names": "Ana", "first_surname": "Ríos", "institutional_email": "a@gdl.gob.mx"}
POST = {"area": "Planeación", "position": "Jefa", "level": "jefatura"}
LONG = "a" * 10_000


@pytest.fixture
def she(db: None) -> Client:
    """Somebody with an empty draft."""
    make.notice()
    client = signed_in(make.proven(make.user("ines@guadalajara.gob.mx")))
    client.post("/solicitud/aviso/")
    return client


def stored() -> tuple[object, ...]:
    """Return everything the draft could have changed."""
    person, application = Person.objects.get(), Application.objects.get()
    return (
        *(getattr(person, field.name) for field in Person._meta.concrete_fields),
        *(getattr(application, field.name) for field in Application._meta.concrete_fields),
    )


BAD: list[tuple[str, dict[str, str], str, str]] = [
    ("quien-es", NAMES, "given_names", ""),
    ("quien-es", NAMES, "given_names", "<script>alert(1)</script>"),
    ("quien-es", NAMES, "given_names", "Ana\x00"),
    ("quien-es", NAMES, "given_names", "Ana\u202eaiL"),
    ("quien-es", NAMES, "given_names", "Ana 😀"),
    ("quien-es", NAMES, "given_names", LONG),
    ("quien-es", NAMES, "first_surname", "12345"),
    ("quien-es", NAMES, "institutional_email", "no es correo"),
    ("quien-es", NAMES, "institutional_email", f"{LONG}@gdl.gob.mx"),
    ("quien-es", NAMES, "alternate_email", "a@b"),
    ("quien-es", NAMES, "office_phone", "3837 1000"),
    ("quien-es", NAMES, "office_phone", "33-ABCD-1000"),
    ("quien-es", NAMES, "mobile", "0" * 10_000),
    ("quien-es", NAMES, "extension", "12"),
    ("quien-es", {**NAMES, "office_phone": "3338371000"}, "extension", "doce"),
    ("quien-es", NAMES, "employee_number", "=1+1"),
    ("quien-es", NAMES, "treatment", "Excelencia"),
    ("dependencia", {}, "department", ""),
    ("dependencia", {}, "department", "999999"),
    ("dependencia", {}, "department", "٣"),
    ("dependencia", {}, "department", "9" * 400),
    ("dependencia", {}, "department", "1; drop table"),
    ("dependencia", {}, "department_other", LONG),
    ("dependencia", {}, "department_other", "<b>OPD</b>"),
    ("puesto", POST, "level", "emperatriz"),
    ("puesto", POST, "level", ""),
    ("puesto", POST, "position", "Jefa\x00"),
    ("puesto", POST, "area", LONG),
    ("puesto", POST, "appointment", "vitalicio"),
    ("que-hace", {}, "policy_work", ""),
    ("que-hace", {}, "policy_work", LONG),
    ("que-hace", {"policy_work": "Agenda"}, "interests", "999"),
    ("que-hace", {"policy_work": "Agenda"}, "interests", "x"),
    ("que-hace", {"policy_work": "Agenda"}, "motivation", "\u202e oculto"),
    ("estadistica", {}, "gender", "no-existe"),
    ("estadistica", {"gender": "otra"}, "gender_text", "<i>"),
]


@pytest.mark.parametrize(("step", "good", "field", "bad"), BAD)
def test_a_bad_datum_is_refused_with_a_sentence(
    she: Client, step: str, good: dict[str, str], field: str, bad: str
) -> None:
    before = stored()
    answer = she.post(f"/solicitud/{step}/", {**good, field: bad})
    assert answer.status_code == 422
    assert "Falta corregir" in answer.content.decode()
    form = answer.context["form"]
    assert all(message.endswith(".") for errors in form.errors.values() for message in errors)
    assert stored() == before


@pytest.mark.parametrize(("step", "good", "field", "bad"), BAD)
def test_a_draft_keeps_only_what_is_right(
    she: Client, step: str, good: dict[str, str], field: str, bad: str
) -> None:
    answer = she.post(f"/solicitud/{step}/borrador/", {**good, field: bad})
    assert answer.status_code in ({302} if bad == "" else {422})


@pytest.mark.parametrize("q", ["\x00", "%", "😀", "'", LONG, "\u202e", "   ", "ñÑ"])
def test_any_search_answers(she: Client, q: str) -> None:
    for path in ("/directorio/", "/solicitud/dependencia/"):
        assert she.get(path, {"q": q}).status_code == 200
    member = make.member(make.person("Alicia", "Muñoz"))
    reader = signed_in(member.person.user)  # type: ignore[arg-type]
    assert reader.get("/directorio/integrantes/", {"q": q, "page": q}).status_code in {200, 400}


def test_unknown_pages_answer_404(she: Client) -> None:
    for path in ("/solicitud/otra/", "/directorio/no-existe/", "/privacidad/otro/1/"):
        assert she.get(path).status_code == 404
    assert she.get("/solicitud/puesto/borrador/").status_code == 405


def test_the_values_typed_are_never_lost(she: Client) -> None:
    page = she.post("/solicitud/quien-es/", {**NAMES, "office_phone": "3837 1000"})
    text = page.content.decode()
    assert 'value="3837 1000"' in text
    assert "Faltan dos dígitos" in text
    assert 'value="Ana"' in text


def test_what_the_search_does_not_find_can_be_written(she: Client) -> None:
    page = she.get("/solicitud/dependencia/", {"q": "Tianguis"}).content.decode()
    assert "No encontramos «Tianguis»" in page
    assert 'value="Tianguis"' in page
    assert she.post("/solicitud/dependencia/", {"department_other": "Tianguis"}).status_code == 302
    assert Application.objects.get().workplace == "Tianguis"


def test_only_what_the_register_of_fields_permits_is_asked(she: Client) -> None:
    asked = set()
    for step in ("quien-es", "dependencia", "puesto", "que-hace", "estadistica"):
        asked |= set(she.get(f"/solicitud/{step}/").context["form"].fields)
    forbidden = {"curp", "rfc", "address", "civil_status", "religion", "health", "birth_date"}
    assert not asked & forbidden
    assert len(asked) == 25
