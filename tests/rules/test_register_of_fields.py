"""The register of fields, row by row: what is asked, what is obligatory, and who reads it."""

import csv
from typing import Any, Final

import pytest
from django import forms
from django.conf import settings
from django.test import Client

from members.models import Assignment, Member, Person, User
from members.views.application_steps import STEPS
from red_genero.common.text import fold
from tests import make
from tests.conftest import signed_in
from trainings.forms.enrollment import EnrollmentForm

REGISTER: Final = settings.BASE_DIR / "members" / "data" / "campos_registro.csv"
ROWS: Final = {
    row["campo"]: row for row in csv.DictReader(REGISTER.read_text(encoding="utf-8").splitlines())
}
ASKED: Final = {
    "nombres": "given_names",
    "primer_apellido": "first_surname",
    "segundo_apellido": "second_surname",
    "nombre_constancia": "certificate_name",
    "pronombre_trato": "treatment",
    "correo_institucional": "institutional_email",
    "correo_alterno": "alternate_email",
    "telefono_oficina": "office_phone",
    "extension": "extension",
    "celular": "mobile",
    "dependencia": "department",
    "area": "area",
    "cargo": "position",
    "nivel": "level",
    "tipo_nombramiento": "appointment",
    "numero_empleada": "employee_number",
    "funciones_politica": "policy_work",
    "motivacion": "motivation",
    "temas_interes": "interests",
    "formacion_previa": "prior_training",
    "escolaridad": "schooling",
    "genero": "gender",
    "rango_edad": "age_range",
}
"""The rows that the solicitud asks, each by the field that asks it."""
PER_EDITION: Final = {"ajustes_accesibilidad": "adjustments", "cuidados": "care_needs"}
CONSENTS: Final = {"consentimiento_directorio": "directory", "consentimiento_imagen": "image"}
WITHOUT_ROW: Final = {"department_other", "unit", "gender_text"}
"""«Otra», the área of the catalogue and her own words: the same datum of the row before."""
MARKS: Final = {
    "given_names": "Nombrepila",
    "first_surname": "Primerape",
    "second_surname": "Segundoape",
    "certificate_name": "Nombreimpreso",
    "treatment": "Arq.",
    "institutional_email": "institucional@marca.mx",
    "alternate_email": "alterno@marca.mx",
    "office_phone": "33 8811 2233",
    "extension": "ext. 4477",
    "mobile": "33 9911 2244",
    "position": "Cargomarca",
    "area": "Areamarca",
    "level": "Coordinación general o titular",
    "appointment": "Supernumerario",
    "employee_number": "990088",
    "prior_training": "Formacionmarca",
    "schooling": "Doctorado",
    "gender_text": "Generomarca",
    "age_range": "60 años o más",
}


def kept(campo: str) -> str:
    """Return the obligation of a row."""
    return ROWS[campo]["obligatoriedad"]


def test_every_row_is_spoken_of() -> None:
    asked = {campo for campo in ROWS if kept(campo) in {"obligatorio", "opcional"}}
    assert asked == {*ASKED, *PER_EDITION, *CONSENTS, "consentimiento_aviso"}


def test_the_solicitud_asks_those_rows_and_no_other(db: None) -> None:
    make.department("Unidad de Planeación", parent=(place := make.department()))
    draft = make.draft(works_in=place)
    fields: dict[str, forms.Field] = {}
    wrong: set[str] = set()
    for step in STEPS:
        page: Any = step.form({}, instance=draft.person if step.of == "person" else draft)
        fields |= page.fields
        wrong |= set(page.errors)
    assert set(fields) - WITHOUT_ROW == set(ASKED.values())
    obligatory = {ASKED[campo] for campo in ASKED if kept(campo) == "obligatorio"}
    assert {"area" if name == "unit" else name for name in wrong} == obligatory
    said = {campo: fold(str(fields[name].label)) for campo, name in ASKED.items()}
    for campo in ("nombres", "cargo", "nivel", "celular", "escolaridad", "rango_edad"):
        assert fold(ROWS[campo]["etiqueta"]) == said[campo]


@pytest.mark.once
def test_what_is_not_to_be_asked_is_asked_nowhere() -> None:
    words = (
        "curp",
        "rfc",
        "domicilio particular",
        "estado civil",
        "hijas",
        "religion",
        "afiliacion",
    )
    labels = [
        fold(str(field.verbose_name))
        for model in (Person, Member, Assignment)
        for field in model._meta.concrete_fields
    ]
    labels += [
        fold(str(field.label or "")) for step in STEPS for field in step.form.base_fields.values()
    ]
    assert [
        label
        for label in labels
        for word in words
        if word in label.split() or f" {word}" in f" {label}"
    ] == []


@pytest.fixture
def marked(db: None) -> Person:
    """An integrante in the directory with a mark in every datum, who lets everybody see what she may show."""
    person = make.member(works_in=make.department("Dependenciamarca")).person
    for name, mark in MARKS.items():
        if hasattr(person, name):
            setattr(person, name, mark)
    person.office_phone, person.extension, person.mobile = "3388112233", "4477", "3399112244"
    person.schooling, person.gender, person.age_range = "doctorado", "otra", "60_mas"
    person.show_in_directory = True
    person.show_email = person.show_phone = Person.Visibility.PUBLIC
    person.save()
    person.assignments.update(
        position="Cargomarca", area="Areamarca", level="titular", appointment="supernumerario"
    )
    return person


def test_each_row_is_read_by_whom_the_register_says(
    marked: Person, beatriz: Member, valentina: User
) -> None:
    place = marked.assignments.get().department
    assert marked.assignments.get().get_level_display() == MARKS["level"]
    member = signed_in(beatriz.person.user)  # type: ignore[arg-type]
    listed = member.get("/directorio/integrantes/").content.decode()
    inside = listed.partition('class="people"')[
        2
    ]  # Above it stand the filters, with every nivel there is.
    inside += member.get(f"/directorio/{place.key}/").content.decode()
    outside = Client().get(f"/directorio/{place.key}/").content.decode()
    shown = {ASKED[campo] for campo in ASKED if "directorio" in ROWS[campo]["visibilidad"]} & set(
        MARKS
    )
    assert {name for name, mark in MARKS.items() if mark in inside} == shown
    assert {name for name, mark in MARKS.items() if mark in outside} <= shown - {"area"}
    staff = signed_in(valentina).get(f"/admin/members/person/{marked.pk}/change/").content.decode()
    assert MARKS["mobile"].replace(" ", "") in staff.replace(" ", "")
    for only_in_totals in ("gender_text", "age_range"):
        assert MARKS[only_in_totals] not in staff


@pytest.mark.once
def test_needs_of_an_edition_are_asked_there_only() -> None:
    assert set(PER_EDITION.values()) <= set(EnrollmentForm.base_fields)
    assert not any(EnrollmentForm.base_fields[name].required for name in PER_EDITION.values())
