"""What is not kept for ever: drafts nobody goes on with, solicitudes that closed long ago, old sign-ins.

Everything here may run any number of times: what was erased is not found again.
"""

import datetime
from dataclasses import dataclass, field
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from members.models import (
    Application,
    ApplicationNote,
    Consent,
    ContactRequest,
    InformationFile,
    Invitation,
    Person,
    PrivacyPolicy,
    SignIn,
)
from red_genero.common.models import QueuedMail, Transition

State = Application.State
CLOSED: Final = (State.EXPIRED, State.WITHDRAWN)
OF_AN_APPLICANT: Final = (Application, Consent, Invitation)
"""What somebody has who only began a solicitud."""


@dataclass(slots=True)
class Swept:
    """What a round erased, or would erase."""

    drafts: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    people: int = 0
    sign_ins: int = 0
    contacts: int = 0


def sweep(*, dry_run: bool = False) -> Swept:
    """Erase what has passed its term; with ``dry_run`` only tell it."""
    policy = PrivacyPolicy.current()
    swept = Swept()
    for names, found in (
        (swept.drafts, stale_drafts(policy)),
        (swept.closed, long_closed(policy)),
    ):
        for key in list(found.values_list("pk", flat=True)):
            _sweep_one(key, found, names, swept, dry_run=dry_run)
    old = SignIn.objects.filter(at__lt=_days_ago(policy.sign_in_days))
    swept.contacts = _sweep_contacts(policy, dry_run=dry_run)
    swept.sign_ins = old.count() if dry_run else old.delete()[0]
    return swept


def stale_drafts(policy: PrivacyPolicy) -> QuerySet[Application]:
    """Return the drafts that nobody touched during their term: neither the solicitud nor her row."""
    since = _days_ago(policy.draft_days)
    hers = Application.history.filter(id=OuterRef("pk"), history_date__gte=since)
    person = Person.history.filter(id=OuterRef("person"), history_date__gte=since)
    drafts = Application.objects.filter(state=State.DRAFT, created_at__lt=since)
    return drafts.filter(~Exists(hers), ~Exists(person)).order_by("pk")


def long_closed(policy: PrivacyPolicy) -> QuerySet[Application]:
    """Return the solicitudes that expired or were withdrawn longer ago than their term."""
    moved = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(Application),
        object_id=OuterRef("pk"),
        to_state__in=CLOSED,
        at__gte=_days_ago(policy.closed_days),
    )
    closed = Application.objects.filter(
        state__in=CLOSED, created_at__lt=_days_ago(policy.closed_days)
    )
    return closed.filter(~Exists(moved)).order_by("pk")


def _sweep_contacts(policy: PrivacyPolicy, *, dry_run: bool) -> int:
    """Erase the requests for contact that closed longer ago than their term, with their log and mail."""
    closed = ContactRequest.objects.filter(answered_at__lt=_days_ago(policy.contact_days))
    if dry_run:
        return closed.count()
    with transaction.atomic():
        keys = list(closed.select_for_update().values_list("pk", flat=True))
        kind = ContentType.objects.get_for_model(ContactRequest)
        _past_its_guard(Transition).filter(content_type=kind, object_id__in=keys).delete()
        QueuedMail.objects.filter(about_type=kind, about_id__in=keys).delete()
        ContactRequest.objects.filter(pk__in=keys).delete()
    return len(keys)


def _sweep_one(
    key: int,
    found: QuerySet[Application],
    names: list[str],
    swept: Swept,
    *,
    dry_run: bool,
) -> None:
    """Erase one, unless somebody touched it meanwhile; then the person, if nothing of hers is left."""
    with transaction.atomic():
        application = Application.objects.select_for_update().filter(pk=key).first()
        if application is None or not found.filter(pk=key).exists():
            return
        person = application.person
        names.append(application.folio or f"borrador {application.pk}")
        alone = not person.applications.exclude(pk=key).exists() and _is_only_applicant(person)
        swept.people += alone
        if dry_run:
            return
        _erase(application)
        if alone:
            _erase_person(person)


def _is_only_applicant(person: Person) -> bool:
    """Whether no table holds anything else of hers: a seat, a baja, a solicitud ARCO."""
    user = person.user
    if user is not None and (user.is_staff or user.groups.exists()):
        return False
    for relation in Person._meta.related_objects:
        table = relation.related_model
        if relation.many_to_many or table in OF_AN_APPLICANT or hasattr(table, "history_id"):
            continue
        if QuerySet(table).filter(**{relation.field.name: person}).exists():
            return False
    return True


def _erase(application: Application) -> None:
    """Erase a solicitud with its questions, files, notes, log, mail and former values."""
    files = InformationFile.objects.filter(question__application=application)
    for row in files:
        stored = row.file
        transaction.on_commit(lambda file=stored: file.storage.delete(file.name))  # type: ignore[misc]
    files.delete()
    application.questions.all().delete()
    _past_its_guard(ApplicationNote).filter(application=application).delete()
    kind = ContentType.objects.get_for_model(Application)
    _past_its_guard(Transition).filter(content_type=kind, object_id=application.pk).delete()
    QueuedMail.objects.filter(about_type=kind, about_id=application.pk).delete()
    application.history.all().delete()
    key = application.pk
    application.delete()
    Application.history.filter(id=key).delete()


def _erase_person(person: Person) -> None:
    """Erase her row with her ledger; the account stays, hers to use again or to leave."""
    _past_its_guard(Consent).filter(person=person).delete()
    Invitation.objects.filter(person=person).delete()
    key = person.pk
    person.interests.clear()
    person.guides_in.clear()
    person.delete()
    Person.history.filter(id=key).delete()


def _past_its_guard(model: type[Model]) -> QuerySet[Model]:
    """Return the rows of an append-only table: to let go of a person's data is the one reason to erase a line."""
    return QuerySet(model)


def _days_ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)
