"""What waits for each person of the staff: the first thing that the administration shows."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members import risks
from members.admin.application_trays import DEFAULT_TRAY
from members.models import (
    Application,
    ChangeRequest,
    Designation,
    DesignationRequest,
    GenderUnit,
    GovernmentTerm,
    PrivacyRequest,
    TermTask,
    UnitStep,
    User,
)
from red_genero.common.models import QueuedMail
from resources.models import HelpLine, Resource, TopicFact
from trainings.models import Edition


@dataclass(frozen=True, slots=True)
class Queue:
    """One list of pending things, as ``admin/_waiting.html`` draws it."""

    title: str
    count: int
    note: str
    url: str
    tone: str


def waiting(user: User) -> list[Queue]:
    """Return the queues that this person may work on."""
    return [make(user) for permission, make in QUEUES if user.has_perm(permission)]


def _applications(user: User) -> Queue:
    """Solicitudes to review, with the age of the oldest."""
    found = Application.objects.waiting()
    oldest = found.values_list("sent_at", flat=True).first()
    note = f"La más antigua llegó el {date_format(timezone.localtime(oldest))}." if oldest else ""
    return _queue("Solicitudes por revisar", found, note, bandeja=DEFAULT_TRAY)


def _changes(user: User) -> Queue:
    """Changes of name and adscripción that nobody decided."""
    found = ChangeRequest.objects.waiting()
    oldest = found.values_list("asked_at", flat=True).first()
    note = f"La más antigua llegó el {date_format(timezone.localtime(oldest))}." if oldest else ""
    return _queue("Cambios por revisar", found, note, state__exact=ChangeRequest.State.ASKED)


def _rights(user: User) -> Queue:
    """Solicitudes ARCO without an answer, with the first deadline."""
    found = PrivacyRequest.objects.waiting()
    due = found.values_list("due_on", flat=True).first()
    note = f"El primer plazo termina el {date_format(due)}." if due else ""
    return _queue("Solicitudes ARCO sin respuesta", found, note, plazo="abiertas")


def _designations(user: User) -> Queue:
    """Designations that she accepted and nobody validated."""
    return _queue(
        "Enlaces por validar",
        Designation.objects.waiting(),
        "Aceptaron el encargo y falta validar.",
        state__exact=Designation.State.ACCEPTED,
    )


def _letters(user: User) -> Queue:
    """Oficios whose time to answer is over."""
    return _queue(
        "Oficios sin respuesta en plazo",
        DesignationRequest.objects.overdue(timezone.localdate()),
        "Pasaron los días hábiles para responder.",
        plazo="vencido",
    )


def _evidence(user: User) -> Queue:
    """Evidence of the units that nobody judged."""
    found = UnitStep.objects.waiting()
    oldest = found.values_list("presented_on", flat=True).first()
    note = f"La más antigua se presentó el {date_format(oldest)}." if oldest else ""
    return _queue("Evidencias por validar", found, note, state__exact=UnitStep.State.PRESENTED)


def _risks(user: User) -> Queue:
    """Units at risk, for whichever reason."""
    found = GenderUnit.objects.filter(pk__in=risks.at_risk())
    note = "Titular vacante, plan vencido o gobierno terminado sin ratificar."
    return _queue("Unidades de Género en riesgo", found, note, riesgo="si")


def _term_tasks(user: User) -> Queue:
    """What each dependencia still owes after a change of government."""
    return _queue(
        "Tareas del cambio de gobierno",
        TermTask.objects.pending(),
        "Falta ratificar, designar o declarar vacante.",
        state__exact=TermTask.State.PENDING,
    )


def _terms(user: User) -> Queue:
    """Governments that ended and nobody closed."""
    return _queue(
        "Periodos de gobierno por cerrar",
        GovernmentTerm.objects.to_close(timezone.localdate()),
        "Llegó su último día y siguen abiertos.",
        state__exact=GovernmentTerm.State.OPEN,
    )


def _editions(user: User) -> Queue:
    """Ediciones that ended and nobody closed."""
    today = timezone.localdate()
    states = (Edition.State.PUBLISHED, Edition.State.RUNNING)
    found = Edition.objects.filter(state__in=states, ends_on__lt=today)
    return _queue(
        "Ediciones por cerrar",
        found,
        "Terminaron y falta su cierre.",
        state__in=",".join(states),
        ends_on__lt=today.isoformat(),
    )


def _reviews(user: User) -> Queue:
    """Published entries whose verification is due."""
    return _queue(
        "Recursos por verificar",
        Resource.objects.overdue(),
        "Publicados sin verificación en los últimos 180 días.",
        revision="vencida",
    )


def _drafts(user: User) -> Queue:
    """Entries to be confirmed."""
    return _queue(
        "Recursos en borrador",
        Resource.objects.filter(state=Resource.State.DRAFT),
        "Por confirmar: no son públicos.",
        state__exact=Resource.State.DRAFT,
    )


def _outdated(user: User) -> Queue:
    """Norms said to be in force that no longer are."""
    return _queue(
        "Normas por actualizar",
        Resource.objects.outdated(),
        "Su plazo terminó o ya tienen sucesora, y la ficha aún dice que rigen.",
        revision="norma",
    )


def _links(user: User) -> Queue:
    """Entries whose address leads nowhere."""
    return _queue(
        "Recursos con vínculos rotos",
        Resource.objects.with_broken_links(),
        "Su dirección ya no existe o no responde.",
        revision="vinculo",
    )


def _facts(user: User) -> Queue:
    """Statements about the topics that nobody confirmed."""
    return _queue(
        "Hechos por confirmar",
        TopicFact.objects.to_confirm(),
        "Ninguna página los dice: falta su fuente.",
        verification__exact=TopicFact.Verification.PENDING,
    )


def _lines(user: User) -> Queue:
    """Help lines to confirm."""
    return _queue(
        "Líneas de ayuda por verificar",
        HelpLine.objects.to_verify(),
        "Su verificación falta o tiene más de 90 días.",
        verificacion="vencida",
    )


def _mails(user: User) -> Queue:
    """Messages that could not be delivered."""
    return _queue(
        "Correos sin entregar",
        QueuedMail.objects.visible_to(user).filter(state=QueuedMail.State.FAILED),
        "Revise la dirección de cada uno.",
        state__exact=QueuedMail.State.FAILED,
    )


QUEUES: tuple[tuple[str, Callable[[User], Queue]], ...] = (
    ("members.review_application", _applications),
    ("members.review_changerequest", _changes),
    ("members.answer_privacyrequest", _rights),
    ("members.validate_designation", _designations),
    ("members.validate_designation", _letters),
    ("members.formalize_unit", _evidence),
    ("members.formalize_unit", _risks),
    ("members.validate_designation", _term_tasks),
    ("members.close_governmentterm", _terms),
    ("trainings.coordinate_every_edition", _editions),
    ("resources.change_helpline", _lines),
    ("resources.change_resource", _reviews),
    ("resources.change_resource", _outdated),
    ("resources.change_resource", _links),
    ("resources.change_resource", _drafts),
    ("resources.change_topicfact", _facts),
    ("common.view_queuedmail", _mails),
)


def _queue(title: str, found: models.QuerySet[models.Model], note: str, **filters: str) -> Queue:
    """Return a queue that leads to the filtered list of its model."""
    options = found.model._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    count = found.count()
    return Queue(
        title,
        count,
        note if count else "Al día.",
        f"{url}?{urlencode(filters)}",
        "attention" if count else "ok",
    )
