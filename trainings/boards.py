"""The board of an edición as data: who holds a seat, who waits in which order, who left, and what Fill did."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.contrib.contenttypes.models import ContentType

from red_genero.common.exports import Cell
from red_genero.common.models import Transition
from trainings import documents
from trainings.models import (
    ApprovalLink,
    Edition,
    Enrollment,
    FillRun,
    GroupMessage,
    Nomination,
)

State = Enrollment.State
FILLS_SHOWN: Final = 10
HEADER: Final = (
    "Nombre",
    "Dependencia",
    "Estado",
    "Lugar en la lista",
    "Prioridad",
    "Solicitó",
    "Entró a la lista",
    "La oferta vence",
    "Propuesta de su dependencia",
    "Dispensa",
    "Exportó",
    "Exportado",
)


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is no longer in, since when and why."""

    enrollment: Enrollment
    why: str


class Board:
    """Everybody of one edición; ten queries whatever their number."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def everybody(self) -> list[Enrollment]:
        """Every inscripción, the queue in its order."""
        found = list(
            self.edition.enrollments.select_related("person__user", "department").order_by(
                "-priority", "queued_at", "pk"
            )
        )
        for seat in found:
            seat.edition = self.edition
        return found

    @cached_property
    def people(self) -> list[Enrollment]:
        """Those who are in: they hold a seat, wait or asked."""
        kept = {*Enrollment.OPEN, *Enrollment.HOLDING}
        return [seat for seat in self.everybody if seat.state in kept]

    def in_state(self, state: str) -> list[Enrollment]:
        """Those in one state, in order."""
        return [seat for seat in self.people if seat.state == state]

    @property
    def attending(self) -> list[Enrollment]:
        """Those whose attendance is taken, by name."""
        return documents.by_name(seat for seat in self.people if seat.state in Enrollment.ATTENDING)

    @cached_property
    def gone(self) -> list[Gone]:
        """Who left, was not approved or let an offer expire, the latest first."""
        inside = {seat.pk for seat in self.people}
        left = [seat for seat in self.everybody if seat.pk not in inside]
        if not left:
            return []
        kind = ContentType.objects.get_for_model(Enrollment)
        lines = Transition.objects.filter(content_type=kind, object_id__in=[s.pk for s in left])
        why = dict(lines.order_by("pk").values_list("object_id", "reason"))
        return [Gone(seat, why.get(seat.pk, "")) for seat in sorted(left, key=lambda s: -s.pk)]

    @cached_property
    def nominated(self) -> dict[int, str]:
        """The paper of each propuesta, by inscripción."""
        rows = Nomination.objects.filter(enrollment__edition=self.edition)
        return dict(rows.values_list("enrollment", "reason"))

    @cached_property
    def petitions(self) -> dict[int, list[ApprovalLink]]:
        """Whom the portal asked for each request, by inscripción."""
        links = ApprovalLink.objects.filter(
            approval__enrollment__edition=self.edition,
            approval__enrollment__state=State.REQUESTED,
        )
        found: dict[int, list[ApprovalLink]] = {}
        for link in links.select_related("approval"):
            found.setdefault(link.approval.enrollment_id, []).append(link)
        return found

    @cached_property
    def requested(self) -> list[tuple[Enrollment, list[ApprovalLink]]]:
        """Who waits for a visto bueno, and who was asked for it."""
        return [(seat, self.petitions.get(seat.pk, [])) for seat in self.in_state(State.REQUESTED)]

    @cached_property
    def fills(self) -> list[FillRun]:
        """The last runs of Fill with whom each one skipped."""
        runs = FillRun.objects.filter(edition=self.edition)
        return list(runs.prefetch_related("skips__enrollment__person")[:FILLS_SHOWN])

    @cached_property
    def messages(self) -> list[GroupMessage]:
        """What was sent to groups."""
        return list(self.edition.group_messages.select_related("sent_by__person"))

    def rows(self, *, who: str, when: Cell) -> Iterable[list[Cell]]:
        """Yield the table to export; it carries who took it and when."""
        position = {seat.pk: place for place, seat in enumerate(self.in_state(State.WAITING), 1)}
        order = {state: place for place, state in enumerate(State.values)}
        for seat in sorted(self.everybody, key=lambda s: (order[s.state], position.get(s.pk, 0))):
            yield [
                documents.listed_name(seat.person),
                str(seat.department or ""),
                seat.get_state_display(),
                position.get(seat.pk),
                seat.priority,
                seat.requested_at,
                seat.queued_at,
                seat.offer_expires_at if seat.state == State.OFFERED else None,
                self.nominated.get(seat.pk, ""),
                seat.waiver_reason,
                who,
                when,
            ]
