"""Admission: what she does with her solicitud, from the draft to its withdrawal, and what the clock does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import emails, privacy
from members.models import (
    Application,
    InformationFile,
    InformationRequest,
    Member,
    Person,
    User,
)
from red_genero.common import intake, states
from red_genero.common.models.folio import take_folio
from red_genero.common.states import By

ANSWER_FILES: Final = 3
State = Application.State


class DraftForm(Protocol):
    """A form of one page of the draft, already valid."""

    def save(self) -> object:
        """Write what was typed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum without which the solicitud cannot be sent, and the page that asks it."""

    step: str
    label: str


def mailbox_proven(user: User) -> bool:
    """Whether the address of this account was proven by its owner."""
    proven = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(proven.exists())


def why_not_start(user: User) -> str:
    """Return why this account may not begin a solicitud, or nothing."""
    person = Person.objects.filter(user=user).select_related("member").first()
    member = getattr(person, "member", None)
    if member is not None and member.state != Member.State.ENDED:
        return "Ya es integrante de la Red: no necesita otra solicitud."
    return ""


def start(user: User, *, by: By) -> Application:
    """Record that she read the aviso and open her draft; a second press returns the same one.

    Raises ValidationError (codes ``already_member`` and ``no_notice``).
    """
    if refusal := why_not_start(user):
        raise ValidationError(refusal, code="already_member")
    notice = privacy.notice_in_force()
    try:
        with transaction.atomic():
            person, _ = Person.objects.get_or_create(
                user=user, defaults={"institutional_email": user.email}
            )
            Person.objects.select_for_update().get(pk=person.pk)
            privacy.read_notice(person, notice, by=by)
            if already := person.applications.open().first():
                return already
            application = Application.objects.create(person=person)
            states.append(application, from_state="", to_state=State.DRAFT, by=by)
            return application
    except IntegrityError:
        return Application.objects.of(user).open().get()


def save(application: Application, form: DraftForm) -> None:
    """Write one page of the draft; once sent, it is no longer hers to change."""
    with transaction.atomic():
        if locked(application).state != State.DRAFT:
            raise ValidationError(
                "Esta solicitud ya se envió y no se puede cambiar aquí.", code="already_sent"
            )
        form.save()


def missing(application: Application) -> list[Missing]:
    """Return what still has to be written before it can be sent, page by page."""
    person = application.person
    asked = (
        ("quien-es", "Nombre(s)", person.given_names),
        ("quien-es", "Primer apellido", person.first_surname),
        ("quien-es", "Correo institucional", person.institutional_email),
        ("dependencia", "Dependencia u organismo", application.workplace),
        ("puesto", "Área o unidad administrativa", application.area),
        ("puesto", "Cargo o puesto", application.position),
        ("puesto", "Nivel de responsabilidad", application.level),
        ("que-hace", "Políticas, programas o acciones", application.policy_work),
    )
    return [Missing(step, label) for step, label, value in asked if not value]


def send(
    application: Application, *, directory: bool, mobile: bool, image: bool, by: By
) -> Application:
    """Send it to the Instituto with a folio; a second press changes nothing.

    Raises ValidationError (codes ``mailbox_not_proven``, ``incomplete`` and ``move_refused``).
    """
    with transaction.atomic():
        application = locked(application)
        if application.state == State.SENT:
            return application
        states.check_move(Application.MOVES, application.state, State.SENT, State)
        person = application.person
        if person.user is None or not mailbox_proven(person.user):
            raise ValidationError(
                "Falta comprobar su correo: abra el mensaje que le enviamos y confirme la dirección.",
                code="mailbox_not_proven",
            )
        if lacking := missing(application):
            labels = ", ".join(item.label for item in lacking)
            raise ValidationError(
                "Para enviar falta: %(labels)s.", "incomplete", {"labels": labels}
            )
        chosen = {"directorio": directory, "celular": mobile, "imagen": image}
        privacy.choose(person, chosen, by=by)
        application.folio = take_folio("SOL")
        application.sent_at = timezone.now()
        move(application, State.SENT, by=by, touched=("folio", "sent_at"))
        emails.application_sent(application)
    return application


def answer(
    application: Application, *, text: str, files: Sequence[File[bytes]] = (), by: By
) -> Application:
    """Store her answer with its files and put the solicitud back with whoever reviews it.

    The same answer sent twice is stored once. Raises ValidationError (codes ``answer_missing``, ``too_many_files``,
    ``too_late``, ``nothing_asked`` and those of the intake of files).
    """
    if not text.strip():
        raise ValidationError("Escriba su respuesta.", code="answer_missing")
    if len(files) > ANSWER_FILES:
        raise ValidationError(f"Envíe a lo más {ANSWER_FILES} archivos.", code="too_many_files")
    received = [intake.receive(file, intake.PAPERS) for file in files]
    with transaction.atomic():
        application = locked(application)
        asked = application.questions.open().first()
        if asked is None:
            last = application.questions.last()
            if last is not None and last.answer == text.strip():
                return application
            raise ValidationError(
                "No hay ninguna pregunta pendiente en esta solicitud.", code="nothing_asked"
            )
        if asked.deadline < timezone.now():
            raise ValidationError(
                "El plazo para responder terminó. Puede presentar una solicitud nueva.",
                code="too_late",
            )
        asked.answer, asked.answered_at = text.strip(), timezone.now()
        asked.full_clean()
        asked.save(update_fields=["answer", "answered_at"])
        _keep(asked, received)
        move(application, State.IN_REVIEW, by=by, reason="Respondió la pregunta")
    return application


def withdraw(application: Application, *, by: By, reason: str = "") -> Application:
    """Take it back while it is open; a sent one is confirmed by mail."""
    with transaction.atomic():
        application = locked(application)
        if application.state == State.WITHDRAWN:
            return application
        move(application, State.WITHDRAWN, by=by, reason=reason)
        application.questions.open().update(closed_at=timezone.now())
        if application.folio:
            emails.application_withdrawn(application)
    return application


def expire_due(*, by: By) -> list[Application]:
    """Expire every solicitud whose question nobody answered in time; return those expired now."""
    overdue = InformationRequest.objects.overdue(timezone.now()).values_list(
        "application_id", flat=True
    )
    found = [_expire(key, by=by) for key in list(overdue)]
    return [application for application in found if application is not None]


def remind_due() -> list[InformationRequest]:
    """Remind, once, everybody who has used half of the time to answer; return those questions."""
    now = timezone.now()
    reminded = []
    for pending in InformationRequest.objects.open().filter(reminded_at=None, deadline__gt=now):
        if now < pending.asked_at + (pending.deadline - pending.asked_at) / 2:
            continue
        with transaction.atomic():
            question = InformationRequest.objects.select_for_update().get(pk=pending.pk)
            if question.reminded_at or question.answered_at or question.closed_at:
                continue
            question.reminded_at = now
            question.save(update_fields=["reminded_at"])
            emails.information_reminder(question)
            reminded.append(question)
    return reminded


def _expire(key: int, *, by: By) -> Application | None:
    """Expire one, unless she answered meanwhile."""
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=key)
        overdue = application.questions.overdue(timezone.now()).first()
        if application.state != State.NEEDS_INFO or overdue is None:
            return None
        overdue.closed_at = timezone.now()
        overdue.save(update_fields=["closed_at"])
        move(application, State.EXPIRED, by=by, reason="No hubo respuesta dentro del plazo")
        emails.application_expired(application)
        return application


def _keep(asked: InformationRequest, received: Sequence[intake.Received]) -> None:
    """Store the files of an answer; one refused row leaves no file of any."""
    kept: list[InformationFile] = []
    try:
        for file in received:
            row = InformationFile(question=asked, name=file.label)
            row.file.save(file.stored_name, file, save=False)
            kept.append(row)
            row.full_clean()
            row.save()
    except Exception:
        for row in kept:
            row.file.delete(save=False)
        raise


def locked(application: Application) -> Application:
    """Return the row as it is now, held until the end of the transaction."""
    return Application.objects.select_for_update().get(pk=application.pk)


def move(
    application: Application,
    to: str,
    *,
    by: By,
    reason: str = "",
    touched: tuple[str, ...] = (),
) -> None:
    """Go through the one door."""
    states.move(application, to, moves=Application.MOVES, by=by, reason=reason, touched=touched)
