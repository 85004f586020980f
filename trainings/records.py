"""The papers of attendance besides the blank list: the acta that is signed at the end, and the name badges."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Institute
from red_genero.common.text import join_with_y
from red_genero.documents import Document
from red_genero.documents.contexts import (
    BadgesContext,
    RecordBlock,
    RecordContext,
    RecordRow,
)
from trainings import documents, tallying
from trainings.models import Attendance, Edition, Enrollment, Session, WalkIn

Mark = Attendance.Mark
LETTERS: Final[Mapping[str, str]] = {
    Mark.PRESENT: "P",
    Mark.LATE: "R",
    Mark.ABSENT: "F",
    Mark.EXCUSED: "J",
    "": "—",
}
LEGEND: Final = "P presente · R retardo · F falta · J justificada · — sin marca"
SESSIONS_ACROSS: Final = 12
"""How many sessions one table holds; the rest go on in another one, with the same rows."""


def acta(edition: Edition) -> Document:
    """Return the closing record: everybody with each mark, her sum and result, and the totals, to be signed."""
    sessions = list(edition.sessions.held())
    seats = documents.by_name(
        edition.enrollments.attending().select_related("person", "department")
    )
    guests = list(edition.walk_ins.filter(enrollment__isnull=True))
    marks = _marks(edition)
    blocks = [
        sessions[start : start + SESSIONS_ACROSS]
        for start in range(0, len(sessions), SESSIONS_ACROSS)
    ] or [[]]
    context: RecordContext = {
        "network": documents.NETWORK,
        "network_place": documents.NETWORK_PLACE,
        "institution": Institute.current().name,
        "course": edition.course.title,
        "edition": edition.key.upper(),
        "dates": edition.dates,
        "hours": documents.hours_phrase(documents.taught_hours(edition)),
        "policy": _policy(edition),
        "status": _status(edition),
        "legend": LEGEND,
        "blocks": [
            _block(edition, block, seats, guests, marks, last=block is blocks[-1])
            for block in blocks
        ],
        "people": len(seats),
        "guests": len(guests),
        "signing": _signing(edition),
        "privacy": documents.PRIVACY,
        "paper": "a4" if settings.PAPER_SIZE.lower() == "a4" else "letter",
        "printed": _now(),
    }
    return Document(
        template="documents/attendance_record.html",
        context=cast("Mapping[str, object]", context),
        filename=f"acta-{edition.key}.pdf",
        title=f"Acta de asistencia — {edition.course.title} ({edition.key})",
        exact=False,
    )


def badges(edition: Edition) -> Document:
    """Return a badge for each person with a seat: name, dependencia, and the code that opens her mark to staff."""
    seats = documents.by_name(
        edition.enrollments.attending().select_related("person", "department")
    )
    context: BadgesContext = {
        "network": documents.NETWORK,
        "course": edition.course.title,
        "paper": "a4" if settings.PAPER_SIZE.lower() == "a4" else "letter",
        "badges": [
            {
                "name": seat.person.full_name,
                "department": seat.department.name if seat.department else "",
                "code": str(seat.pk),
                "url": settings.PORTAL_URL
                + reverse("trainings:attendance_pass", args=[edition.key, seat.pk]),
            }
            for seat in seats
        ],
    }
    return Document(
        template="documents/badges.html",
        context=cast("Mapping[str, object]", context),
        filename=f"gafetes-{edition.key}.pdf",
        title=f"Gafetes — {edition.course.title} ({edition.key})",
        exact=False,
    )


def _marks(edition: Edition) -> dict[tuple[str, int], str]:
    """Return every mark by row (as on the screen) and session."""
    rows = Attendance.objects.filter(session__edition=edition)
    return {
        (str(seat) if seat else f"v{guest}", session): mark
        for seat, guest, session, mark in rows.values_list(
            "enrollment_id", "walk_in_id", "session_id", "mark"
        )
    }


def _block(
    edition: Edition,
    sessions: list[Session],
    seats: list[Enrollment],
    guests: list[WalkIn],
    marks: dict[tuple[str, int], str],
    *,
    last: bool,
) -> RecordBlock:
    """Return one table: its sessions, everybody with their marks, and how many of each mark; sums in the last one."""
    sums = tallying.tallies(edition) if last else {}
    rows = [_row(seat, sessions, marks, sums) for seat in seats]
    rows += [
        {
            "name": guest.name,
            "department": guest.department,
            "marks": _letters(f"v{guest.pk}", sessions, marks),
            "hours": "",
            "percentage": "",
            "result": "Sin inscripción" if last else "",
        }
        for guest in guests
    ]
    keys = [str(seat.pk) for seat in seats] + [f"v{guest.pk}" for guest in guests]
    totals: list[dict[str, str | list[str]]] = []
    for mark, label in [*Mark.choices, ("", "Sin marca")]:
        counted = Counter(
            session.pk
            for session in sessions
            for key in keys
            if marks.get((key, session.pk), "") == mark
        )
        totals.append({"label": label, "numbers": [str(counted[each.pk]) for each in sessions]})
    return {
        "sessions": [
            {
                "number": str(each.number),
                "date": f"{timezone.localtime(each.starts_at):%d/%m}",
                "hours": documents.hours_phrase(each.hours).split()[0],
            }
            for each in sessions
        ],
        "rows": rows,
        "totals": totals,
        "last": last,
    }


def _row(
    seat: Enrollment,
    sessions: list[Session],
    marks: dict[tuple[str, int], str],
    sums: dict[int, tallying.Tally],
) -> RecordRow:
    found = sums.get(seat.pk)
    ended = seat.state != Enrollment.State.CONFIRMED
    return {
        "name": documents.listed_name(seat.person),
        "department": seat.department.name if seat.department else "",
        "marks": _letters(str(seat.pk), sessions, marks),
        "hours": _of(found) if found else "",
        "percentage": found.percentage_text if found else "",
        "result": (seat.get_state_display() if ended else "En curso") if found else "",
    }


def _of(found: tallying.Tally) -> str:
    """Return «6 de 9»."""
    return f"{tallying.hours_text(found.credited)} de {tallying.hours_text(found.counting)}"


def _letters(key: str, sessions: list[Session], marks: dict[tuple[str, int], str]) -> list[str]:
    return [LETTERS[marks.get((key, session.pk), "")] for session in sessions]


def _policy(edition: Edition) -> str:
    """Return what the marks were worth, in words."""
    excused = "no cuenta" if edition.excused_leaves else "cuenta como falta"
    return (
        f"Asistencia mínima {edition.minimum_attendance} %; un retardo vale {edition.late_credit} % "
        f"de la sesión; la falta justificada {excused}."
    )


def _status(edition: Edition) -> str:
    """Return whether the record is final."""
    if edition.state == Edition.State.CLOSED and edition.closed_at:
        return f"Edición cerrada el {date_format(timezone.localtime(edition.closed_at))}."
    return "Edición sin cerrar: esta acta es preliminar."


def _signing(edition: Edition) -> list[dict[str, str]]:
    """Return who signs: whoever coordinates and whoever taught."""
    coordinators = [str(user) for user in edition.coordinators.select_related("person")]
    taught = [str(instructor) for instructor in edition.instructors.all()]
    return [
        {"name": join_with_y(coordinators), "post": "Coordinación de la edición"},
        {"name": join_with_y(taught), "post": "Facilitación"},
    ]


def _now() -> str:
    local = timezone.localtime()
    return f"{date_format(local)}, {local:%H:%M}"
