"""Marks from a spreadsheet: every row is judged first, and all are written or none; sent again, nothing changes."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from members import spreadsheets
from red_genero.common.states import By
from red_genero.common.text import fold, normalise_email
from trainings import attending, documents
from trainings.models import Attendance, Edition, Enrollment, Session
from trainings.rolls import Change

COLUMNS: Final = ("persona", "sesion", "asistencia")
SEEN: Final = "vista"
"""The mark that the preview showed; our own copy of the file carries it, so that nobody else's is overwritten unseen."""
MARKS: Final[Mapping[str, str]] = {
    **{fold(label): value for value, label in Attendance.Mark.choices},
    "p": Attendance.Mark.PRESENT,
    "r": Attendance.Mark.LATE,
    "f": Attendance.Mark.ABSENT,
    "j": Attendance.Mark.EXCUSED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: what it would change, or why not."""

    number: int
    who: str
    session: Session | None
    name: str
    before: str
    after: str
    change: Change | None
    error: str = ""

    @property
    def changes(self) -> bool:
        """Whether something would be written."""
        return not self.error and self.before != self.after


class Sheet:
    """A file of marks against an edición as it is now; five queries for any number of rows."""

    def __init__(self, edition: Edition, name: str, content: bytes, *, by: By) -> None:
        self.edition = edition
        self.by = by
        table = spreadsheets.read(name, content)
        titles = [fold(title) for title in table[0]]
        missing = [title for title in COLUMNS if title not in titles]
        if missing:
            raise ValidationError(
                f"Faltan columnas: {', '.join(missing)}. El primer renglón debe decir: {', '.join(COLUMNS)}.",
                code="columns_missing",
            )
        self.rows = [dict(zip(titles, row, strict=False)) for row in table[1:]]
        self.sessions = {str(session.number): session for session in edition.sessions.all()}
        for session in self.sessions.values():
            session.edition = edition
        seats = edition.enrollments.attending().select_related("person__user", "person__member")
        self.people = _names(list(seats))
        self.look()

    def look(self) -> None:
        """Read the marks as they are now."""
        rows = Attendance.objects.filter(session__edition=self.edition)
        self.marks = {(row.enrollment_id, row.session_id): row.mark for row in rows}

    @property
    def lines(self) -> list[Line]:
        """Every row, judged; a person twice in one session is an error."""
        found, known = [], set()
        for number, row in enumerate(self.rows, start=2):
            line = self._judge(number, row)
            key = (line.change.enrollment, line.session) if line.change else None
            if key in known:
                line = _wrong(
                    number, row, "Esa persona ya está en otro renglón de la misma sesión."
                )
            elif key:
                known.add(key)
            found.append(line)
        return found

    def copy(self) -> str:
        """Return the rows as our own CSV, with the marks that are being shown."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([*COLUMNS, SEEN])
        for line, row in zip(self.lines, self.rows, strict=True):
            writer.writerow([*(row.get(title, "") for title in COLUMNS), line.before])
        return out.getvalue()

    def _judge(self, number: int, row: Mapping[str, str]) -> Line:
        seat = self.people.get(_key(row["persona"]))
        session = self.sessions.get(row["sesion"].strip().lstrip("0"))
        mark = MARKS.get(fold(row["asistencia"]))
        if seat is None or session is None or mark is None:
            return _wrong(number, row, _unknown(seat, session))
        before = self.marks.get((seat.pk, session.pk), "")
        seen = row.get(SEEN, before)
        if why := self._refusal(seat, session, {seen, mark}, before):
            return _wrong(number, row, why)
        name = documents.listed_name(seat.person)
        change = Change(seat.pk, mark, before)
        return Line(number, row["persona"], session, name, before, mark, change)

    def _refusal(self, seat: Enrollment, session: Session, known: set[str], before: str) -> str:
        if why := attending.refusal(session):
            return why
        if attending.is_own(seat, self.by):
            return "Su propia asistencia la debe registrar otra persona."
        if before not in known:
            return "Alguien cambió esta marca después de su revisión: revise otra vez."
        return ""


def _unknown(seat: Enrollment | None, session: Session | None) -> str:
    """Return which of the three cells says nothing that the portal knows."""
    if seat is None:
        return "Nadie con lugar en esta edición tiene ese correo o folio."
    if session is None:
        return "La edición no tiene esa sesión."
    return "Escriba presente, retardo, falta o justificada (o P, R, F, J)."


def load(sheet: Sheet, *, by: By, reason: str = "") -> int:
    """Write every mark and return how many changed; with one wrong row nothing is written (``rows_wrong``).

    Raises ValidationError: also the refusals of ``mark_many``; after closing a reason is needed.
    """
    written = 0
    with transaction.atomic():
        Edition.objects.locked(sheet.edition.pk)
        sheet.look()
        lines = sheet.lines
        if any(line.error for line in lines):
            raise ValidationError(
                "Hay renglones con errores: no se escribió ninguno. Corrija el archivo y súbalo otra vez.",
                code="rows_wrong",
            )
        for session in sheet.sessions.values():
            changes = [line.change for line in lines if line.change and line.session == session]
            if not changes:
                continue
            done = attending.mark_many(
                session, changes, by=by, origin=Attendance.Origin.IMPORT, reason=reason
            )
            if done.conflicts:
                raise ValidationError(
                    f"{done.conflicts[0].name}: {done.conflicts[0].reason}", code="rows_wrong"
                )
            written += done.written
    return written


def _wrong(number: int, row: Mapping[str, str], why: str) -> Line:
    return Line(number, row.get("persona", ""), None, "", "", "", None, why)


def _key(typed: str) -> str:
    return normalise_email(typed) if "@" in typed else typed.strip().upper()


def _names(seats: list[Enrollment]) -> dict[str, Enrollment]:
    """Return the inscripciones by each way in which a file may call the person."""
    found = {}
    for seat in seats:
        person = seat.person
        member = getattr(person, "member", None)
        for name in (
            person.institutional_email,
            person.user.email if person.user else "",
            member.folio if member else "",
        ):
            if name:
                found[_key(name)] = seat
    return found
