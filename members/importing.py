"""People read from a file: shown row by row before anything is written, then all of them or none.

The padrón that leaves by ``padron.rows`` comes back by the same titles. Nobody is written to unless asked, and nobody's
consent is assumed: each one is registered as ``inviting.register`` does.
"""

import dataclasses
import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members import duplicates, inviting, spreadsheets
from members.forms.arrival import Matches, RegistrationForm
from members.forms.place import place_of
from members.models import (
    Appointment,
    Department,
    Level,
    Member,
    MemberImport,
    Person,
    User,
)
from red_genero.common import states
from red_genero.common.states import By
from red_genero.common.text import fold, normalise_email

State = MemberImport.State
KEPT: Final = datetime.timedelta(days=1)
"""What was read and not applied is thrown away after so long."""
MOST_ROWS: Final = 3_000
"""A file may say so much: the padrón comes back whole. Judging takes about a second per thousand."""
MOST_NEW: Final = 300
"""So many are registered at once: everybody else waits for that transaction, and gives up after fifteen seconds."""
TITLES: Final = {
    "nombres": "given_names",
    "primer_apellido": "first_surname",
    "segundo_apellido": "second_surname",
    "trato": "treatment",
    "correo_institucional": "institutional_email",
    "correo_alterno": "alternate_email",
    "telefono_oficina": "office_phone",
    "extension": "extension",
    "celular": "mobile",
    "numero_empleada": "employee_number",
    "dependencia": "department",
    "area": "area",
    "cargo": "position",
    "nivel": "level",
    "nombramiento": "appointment",
    "integrante_desde": "since",
}
"""The titles of the file and the columns that they fill."""
NEEDED: Final = (
    "nombres",
    "primer_apellido",
    "correo_institucional",
    "dependencia",
    "cargo",
    "nivel",
)
TOLD: Final = ("numero_integrante", "dependencia_nombre", "exportado_por", "exportado_el")
"""Titles of our own export that an import reads over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file and what would become of it."""

    number: int
    values: dict[str, str]
    name: str
    outcome: str
    errors: list[str]
    alike: list[str]


def read(name: str, content: bytes, *, by: By) -> MemberImport:
    """Keep what a file says, row by row, for its preview; nobody is registered yet.

    Raises ValidationError (codes of ``spreadsheets.read``, ``titles_missing`` and ``new_many``).
    """
    if not isinstance(by.user, User):
        raise ValidationError("Importa una persona.", code="needs_a_person")
    rows = list(_rows(spreadsheets.read(name, content, most=MOST_ROWS)))
    lines = _judged(rows)
    _refuse_many(lines)
    return MemberImport.objects.create(
        filename=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        rows=[dataclasses.asdict(line) for line in lines],
        total=len(lines),
        started_by=by.user,
    )


def apply(done: MemberImport, *, matches: str, write: bool, by: By) -> MemberImport:
    """Register everybody of the file, or nobody; a second press changes nothing.

    Every row is judged again as things stand now. Raises ValidationError (codes ``rows_wrong``, ``rows_alike``,
    ``new_many``, ``discarded``).
    """
    with transaction.atomic():
        held = MemberImport.objects.select_for_update().get(pk=done.pk)
        if held.state == State.APPLIED:
            return held
        if held.state == State.DISCARDED:
            raise ValidationError("Este archivo se descartó: súbalo otra vez.", code="discarded")
        inviting.one_at_a_time()
        lines = _judged([(row["number"], row["values"]) for row in held.rows])
        _refuse(lines, matches)
        _refuse_many(lines)
        actor = By.imported(by.user, f"Importación de {held.filename}")
        new = [line for line in lines if line.outcome == "nueva"]
        places = _departments()
        for line in new:
            form = _form(line.values, places)
            form.is_valid()
            inviting.register(
                form.person_data(),
                place_of(form.cleaned_data),
                reason=f"archivo {held.filename}, renglón {line.number}",
                since=form.cleaned_data["since"],
                write=write,
                by=actor,
            )
        return _close(held, State.APPLIED, created=len(new), by=by)


def discard(done: MemberImport, *, by: By) -> MemberImport:
    """Throw away what was read."""
    with transaction.atomic():
        held = MemberImport.objects.select_for_update().get(pk=done.pk)
        if held.state == State.READ:
            _close(held, State.DISCARDED, by=by)
    return held


def discard_forgotten() -> int:
    """Throw away what waits for longer than a day; return how many."""
    old = MemberImport.objects.filter(state=State.READ, created_at__lt=timezone.now() - KEPT)
    return len([discard(each, by=By.job("Ronda de importaciones")) for each in old])


def _rows(table: spreadsheets.Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row under its titles, with the number that the spreadsheet shows."""
    titles = [fold(title).replace(" ", "_") for title in table[0]]
    if missing := [title for title in NEEDED if title not in titles]:
        raise ValidationError(
            "Faltan columnas: %(missing)s. Use los títulos de la plantilla.",
            code="titles_missing",
            params={"missing": ", ".join(missing)},
        )
    if unknown := [each for each in titles if each and each not in {*TITLES, *TOLD}]:
        raise ValidationError(
            "El portal no pide estas columnas: %(unknown)s. Quítelas del archivo.",
            code="titles_unknown",
            params={"unknown": ", ".join(unknown)},
        )
    if len(set(titles)) < len(titles):
        raise ValidationError("Hay una columna repetida o sin título.", code="titles_twice")
    for number, row in enumerate(table[1:], start=2):
        cells = dict(zip(titles, row, strict=False))
        yield number, {column: cells.get(title, "") for title, column in TITLES.items()}


class _Today:
    """What the rows of one file are judged against, read once whatever their number."""

    def __init__(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        self.places = _departments()
        self.seen: dict[tuple[str, str], int] = {}
        self.known = duplicates.Register()
        typed = {normalise_email(values["institutional_email"]) for _, values in rows}
        accounts = User.objects.filter(email__in=typed).select_related("person__member")
        self.accounts = {account.email: account for account in accounts}


def _judged(rows: list[tuple[int, dict[str, str]]]) -> list[Line]:
    """Return what would become of each row as things stand now; as many queries for one as for thousands."""
    today = _Today(rows)
    return [_judge(number, values, today) for number, values in rows]


def _judge(number: int, values: dict[str, str], today: _Today) -> Line:
    """Judge one row: wrong, known already, like somebody, or new."""
    form = _form(values, today.places)
    name = " ".join(filter(None, (values["given_names"], values["first_surname"])))
    if not form.is_valid():
        return Line(number, values, name, "error", _errors(form, values), [])
    errors = list(_twice(number, form.cleaned_data, today.seen))
    person = Person(**form.person_data())
    holder = today.accounts.get(person.institutional_email)
    member = getattr(getattr(holder, "person", None), "member", None)
    if errors:
        return Line(number, values, name, "error", errors, [])
    if member is not None and member.state == Member.State.ACTIVE:
        return Line(number, values, name, "ya_es", [], [f"{member} ({member.folio})"])
    if holder is not None:
        why = (
            f"Tiene membresía en estado «{member.get_state_display()}»: registre antes su reingreso."
            if member
            else "Ese correo ya tiene cuenta: pida a la persona que presente su solicitud."
        )
        return Line(number, values, name, "error", [why], [])
    alike = [f"{each.person}: {each.why}" for each in today.known.of(person)]
    return Line(number, values, name, "nueva", [], alike)


def _twice(number: int, data: dict[str, Any], seen: dict[tuple[str, str], int]) -> Iterator[str]:
    """Yield what this row repeats of an earlier one."""
    for column, words in (
        ("institutional_email", "el correo institucional"),
        ("employee_number", "el número de empleada"),
    ):
        value = data[column]
        if value and (column, value) in seen:
            yield f"Repite {words} del renglón {seen[column, value]}."
        elif value:
            seen[column, value] = number


def _form(values: dict[str, str], places: dict[str, Department]) -> RegistrationForm:
    """Return the form that one row fills, its words turned into the stored values; it asks the database nothing."""
    word = fold(values["department"])
    form = RegistrationForm(
        {
            **values,
            "department": word if word in places else "",
            "level": _stored(values["level"], Level),
            "appointment": _stored(values["appointment"], Appointment),
            "treatment": _stored(values["treatment"], Person.Treatment),
        }
    )
    known = [(word, word)] if word in places else []
    form.fields["department"] = forms.TypedChoiceField(choices=known, coerce=places.__getitem__)
    return form


def _stored(typed: str, choices: Any) -> str:
    """Return the stored value that a word or its label stands for; an unknown word as it came."""
    known = {fold(str(word)): value for value, label in choices.choices for word in (value, label)}
    return str(known.get(fold(typed), typed))


def _departments() -> dict[str, Department]:
    """Return today's dependencias by clave, name and siglas, folded; what is ambiguous is left out."""
    found: dict[str, Department] = {}
    twice: set[str] = set()
    for department in Department.objects.current():
        for word in {department.key, department.name, department.acronym} - {""}:
            key = fold(word)
            if key in found and found[key] != department:
                twice.add(key)
            found[key] = department
    return {key: department for key, department in found.items() if key not in twice}


def _errors(form: RegistrationForm, values: dict[str, str]) -> list[str]:
    """Return what is wrong with a row, column by column."""
    titles = {column: title for title, column in TITLES.items()}
    said = []
    for column, messages in form.errors.items():
        typed = values.get(column, "")
        for message in messages:
            if column == "department" and typed:
                said.append(f"dependencia: «{typed[:60]}» no está en el catálogo.")
            else:
                said.append(f"{titles.get(column, column)}: {message}")
    return said


def _refuse(lines: list[Line], matches: str) -> None:
    """Refuse the whole file for one wrong row."""
    wrong = [line for line in lines if line.outcome == "error"]
    if wrong:
        raise ValidationError(
            "Hay %(count)s renglones con errores (el primero, el %(first)s). No se registró a nadie.",
            code="rows_wrong",
            params={"count": len(wrong), "first": wrong[0].number},
        )
    alike = [line for line in lines if line.alike and line.outcome == "nueva"]
    if alike and matches != Matches.CREATE:
        raise ValidationError(
            "%(count)s renglones se parecen a alguien (el primero, el %(first)s). Revíselos, o indique que son otras "
            "personas. No se registró a nadie.",
            code="rows_alike",
            params={"count": len(alike), "first": alike[0].number},
        )


def _refuse_many(lines: list[Line]) -> None:
    """Refuse to register more people at once than others can wait for."""
    new = sum(line.outcome == "nueva" for line in lines)
    if new > MOST_NEW:
        raise ValidationError(
            "El archivo trae %(new)s personas nuevas y se registran hasta %(most)s a la vez. Divídalo en partes; "
            "no se registró a nadie.",
            code="new_many",
            params={"new": f"{new:,}", "most": MOST_NEW},
        )


def _close(held: MemberImport, to: str, *, by: By, created: int = 0) -> MemberImport:
    """End an import and forget the rows."""
    held.created, held.rows = created, []
    held.applied_at = timezone.now() if to == State.APPLIED else None
    held.save(update_fields=["created", "rows", "applied_at"])
    reason = f"{created} integrantes nuevas" if to == State.APPLIED else ""
    states.move(held, to, moves=MemberImport.MOVES, by=by, reason=reason)
    return held
