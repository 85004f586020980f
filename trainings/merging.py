"""What trainings would lose if two people became one."""

from collections.abc import Iterator
from typing import Final

from members import merging
from members.models import Person
from trainings.models import Attendance, Enrollment

LEFT: Final = (
    Enrollment.State.CANCELLED,
    Enrollment.State.REJECTED,
    Enrollment.State.OFFER_EXPIRED,
)


@merging.refusal
def same_edition(kept: Person, gone: Person) -> Iterator[str]:
    """Yield the ediciones in which both stand, and the sittings that both attended."""
    mine = Enrollment.objects.filter(person=kept).exclude(state__in=LEFT)
    hers = Enrollment.objects.filter(person=gone).exclude(state__in=LEFT)
    shared = hers.filter(edition__in=mine.values("edition")).select_related("edition__course")
    for seat in shared.order_by("edition__key"):
        yield f"Las dos tienen inscripción en «{seat.edition}» ({seat.edition.key}): cancele antes una."
    sittings = Attendance.objects.filter(enrollment__person=kept).values("session")
    both = Attendance.objects.filter(enrollment__person=gone, session__in=sittings)
    if found := both.count():
        sentence = "una sesión" if found == 1 else f"{found} sesiones"
        yield f"Las dos tienen asistencia registrada en {sentence}: una de las dos se perdería."
