"""Diseños: tried on ordinary and on the hardest data before anything is issued with them."""

import datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

import pikepdf
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from red_genero.common import states
from red_genero.common.states import By
from red_genero.documents import Document, DocumentRefused, render
from trainings import documents
from trainings.documents import Facts, FrozenImageChangedError
from trainings.models import Certificate, Course, Design, Mode

SAMPLE_CODE = "MUESTRASNVALQRMUESTRASNVALQR"
LONGEST_NAME = "María Guadalupe d'Órsay Hernández-Güereña y Fernández de Córdoba Ñúñez O'Farr."
LONGEST_TITLE = (
    "Incorporación de la perspectiva de género, y los derechos humanos de las mujeres "
    "en el presupuesto público del municipio"
)


class Case(StrEnum):
    """With which data a design is shown."""

    ORDINARY = "ordinario"
    HARDEST = "extremo"


def sample(design: Design, case: Case) -> Document:
    """Return the design with invented data: what most papers hold, or the longest that one may hold."""
    head = documents.letterhead(design)
    frozen = documents.freeze(_facts(design.kind, case), design, head, code=SAMPLE_CODE)
    frozen["context"]["folio"] = "RED-0000-0000"
    certificate = Certificate(
        kind=design.kind,
        folio="RED-0000-0000",
        name=frozen["context"]["name"],
        template=frozen["template"],
        frozen=frozen,
        issued_at=timezone.now(),
    )
    return documents.certificate_document(certificate)


def activate(design: Design, *, by: By) -> Design:
    """Put a design in force and retire the one before; in force already, nothing changes.

    It is printed first with both samples. Raises ValidationError: ``design_broken``, ``no_signatory``, ``move_refused``.
    """
    check(design)
    with transaction.atomic():
        rivals = Design.objects.select_for_update().filter(kind=design.kind).order_by("pk")
        locked = {rival.pk: rival for rival in rivals}
        chosen = locked[design.pk]
        if chosen.state == Design.State.ACTIVE:
            return chosen
        for rival in locked.values():
            if rival.state == Design.State.ACTIVE:
                states.move(rival, Design.State.RETIRED, moves=Design.MOVES, by=by)
        states.move(chosen, Design.State.ACTIVE, moves=Design.MOVES, by=by)
    return chosen


def check(design: Design) -> None:
    """Print both samples; raise ValidationError (``design_broken``) when one cannot be or takes two pages."""
    for case in Case:
        try:
            content = render(sample(design, case))
        except (DocumentRefused, FrozenImageChangedError, OSError) as error:
            raise ValidationError(
                "El diseño no puede imprimirse con datos de caso %(case)s: revise sus imágenes.",
                code="design_broken",
                params={"case": case.value},
            ) from error
        with pikepdf.open(BytesIO(content)) as printed:
            pages = len(printed.pages)
        if pages != 1:
            raise ValidationError(
                "Con datos de caso %(case)s el documento ocupa más de una página: acorte sus textos.",
                code="design_broken",
                params={"case": case.value},
            )


def next_version(kind: str) -> int:
    """Return the number of the next version of a kind."""
    return (Design.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0) + 1


def copy(design: Design) -> Design:
    """Return a new draft that begins as the design is: what was issued with it stays as it was."""
    with transaction.atomic():
        chosen = list(design.signatories.all())
        made = Design.objects.get(pk=design.pk)
        made.pk, made.state = None, Design.State.DRAFT
        made._state.adding = True  # noqa: SLF001
        made.version = next_version(design.kind)
        made.created_at = timezone.now()
        made.save()
        made.signatories.set(chosen)
    return made


def _facts(kind: str, case: Case) -> Facts:
    hardest = case == Case.HARDEST
    programme = kind == Certificate.Kind.DIPLOMA
    return Facts(
        name=LONGEST_NAME if hardest else "María Luisa Güereña Íñiguez",
        department=(
            "Coordinación General de Desarrollo Económico y Combate a la Desigualdad"
            if hardest
            else "Dirección de Obras Públicas"
        ),
        kind=kind,
        course_title=LONGEST_TITLE if hardest else "Presupuestos con perspectiva de género",
        format=str(
            (Course.Format.DIPLOMA if programme or hardest else Course.Format.WORKSHOP).label
        ),
        mode=str((Mode.MIXED if hardest else Mode.IN_PERSON).label),
        hours=Decimal("120.5") if hardest else Decimal(20),
        starts_on=datetime.date(2026, 11, 3),
        ends_on=datetime.date(2027, 9, 24) if hardest else datetime.date(2026, 11, 24),
        area="",
    )
