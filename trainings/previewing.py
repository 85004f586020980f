"""Who would get a constancia if it were issued now, and why the others would not."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone

from red_genero.common.states import By
from red_genero.common.text import join_with_y, plain
from red_genero.documents.text import clean_context
from trainings import attending, documents, surveying, tallying
from trainings.models import Certificate, Course, Design, Edition, Enrollment, Signatory
from trainings.programmes import progress_of
from trainings.tallying import Tally

NAME_LENGTH = 120
OWN = "Es su propia constancia: la debe emitir otra persona."


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the edición; with a reason when she gets no constancia now."""

    enrollment: Enrollment
    name: str
    reason: str
    certificate: Certificate | None
    tally: Tally

    @property
    def gets_one(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reason


class Preview:
    """Who would get a constancia if it were issued now; five queries whatever their number."""

    def __init__(self, edition: Edition, *, by: By | None = None) -> None:
        self.edition = edition
        self.by = by

    @cached_property
    def refusals(self) -> list[str]:
        """Why nothing can be issued now, in words; none when it can."""
        if self.edition.state != Edition.State.CLOSED:
            return ["Primero cierre la edición: el cierre fija quién alcanzó el mínimo."]
        if not self.signatories:
            return [
                "No hay firmantes vigentes hoy. Formación debe registrar quién firma antes de emitir."
            ]
        return []

    @cached_property
    def signatories(self) -> list[Signatory]:
        """Who signs today."""
        design = Design.current(documents.kind_of(self.edition.course))
        return design.signing(timezone.localdate())

    @cached_property
    def people(self) -> list[Enrollment]:
        """Everybody whose attendance was taken."""
        attending_it = self.edition.enrollments.attending()
        return list(attending_it.select_related("person__user", "department"))

    @cached_property
    def missing(self) -> dict[int, str]:
        """What the diploma still wants, by person."""
        return missing_modules(self.edition, self.people)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Everybody, in the order of the list."""
        sums = tallying.tallies(self.edition)
        issued: dict[int, Certificate] = {}
        for certificate in self.edition.certificates.defer("frozen").order_by("pk"):
            if certificate.enrollment_id:
                issued[certificate.enrollment_id] = certificate
        return [
            self._judge(enrollment, sums[enrollment.pk], issued.get(enrollment.pk))
            for enrollment in documents.by_name(self.people)
        ]

    @cached_property
    def owing(self) -> frozenset[int]:
        """The inscripciones without the final survey, when the edición asks for it and it is open."""
        return surveying.owing(self.edition)

    @cached_property
    def owed_sentence(self) -> str:
        """What they read who owe it."""
        return surveying.owed_sentence(self.edition)

    @cached_property
    def receiving(self) -> list[Candidate]:
        """Those who get one."""
        return [candidate for candidate in self.candidates if candidate.gets_one]

    @cached_property
    def others(self) -> list[Candidate]:
        """Those who do not, each with its reason."""
        return [candidate for candidate in self.candidates if not candidate.gets_one]

    def _judge(
        self, enrollment: Enrollment, sums: Tally, certificate: Certificate | None
    ) -> Candidate:
        name = enrollment.person.printed_name
        reason = self._refusal(enrollment, certificate) or unprintable(name)
        return Candidate(enrollment, name, reason, certificate, sums)

    def _refusal(self, enrollment: Enrollment, certificate: Certificate | None) -> str:
        if certificate and (certificate.state != Certificate.State.VALID or certificate.sha256):
            state = certificate.get_state_display().lower()
            return f"Ya tiene la constancia {certificate.folio}, {state}."
        if enrollment.state == Enrollment.State.CONFIRMED:
            return "La edición no se ha cerrado."
        if enrollment.state != Enrollment.State.COMPLETED:
            return f"{enrollment.get_state_display()}: no alcanzó la asistencia mínima."
        if enrollment.pk in self.owing:
            return self.owed_sentence
        own = self.by and attending.is_own(enrollment, self.by)
        return self.missing.get(enrollment.person_id, "") or (OWN if own else "")


def missing_modules(edition: Edition, people: Iterable[Enrollment]) -> dict[int, str]:
    """Return, by person, the sentence on what her diploma still wants; who has all of it is not there."""
    if edition.course.paper != Course.Paper.DIPLOMA:
        return {}
    progress = progress_of(edition.course, {enrollment.person_id for enrollment in people})
    return {
        person: f"Le falta concluir: {join_with_y([module.course.title for module in each.missing])}."
        for person, each in progress.items()
        if not each.complete
    }


def unprintable(name: str) -> str:
    """Return why a name cannot go on a constancia, or nothing."""
    if len(plain(name)) > NAME_LENGTH:
        return (
            f"El nombre tiene {len(plain(name))} caracteres y en la constancia caben {NAME_LENGTH}: "
            "hay que acordar con ella cómo abreviarlo en «nombre para la constancia»."
        )
    try:
        clean_context({"name": name}, exact=True)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""
