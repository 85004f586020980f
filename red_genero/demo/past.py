"""The story of the demonstration began months ago: what the verbs wrote today is told to have happened then."""

import datetime
from collections.abc import Callable
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from members.models import (
    Application,
    Assignment,
    Consent,
    Member,
    MembershipInterval,
    Person,
)
from red_genero.common.models import QueuedMail, Transition

MOMENTS: Final = (
    "created_at",
    "sent_at",
    "decided_at",
    "at",
    "next_attempt_at",
    "history_date",
    "start",
    "since",
    "proposed_at",
    "oficio_date",
    "opened_on",
)


def move_back(person: Person, days: int) -> None:
    """Let her solicitudes, membership, consents and their log have happened ``days`` earlier."""
    applications = list(Application.objects.filter(person=person))
    members = list(Member.objects.filter(person=person))
    rows: list[Any] = [
        person,
        *applications,
        *members,
        *MembershipInterval.objects.filter(member__in=members),
        *Assignment.objects.filter(person=person),
        *Consent.objects.filter(person=person),
        *_about(Transition, applications + members),
        *_about(QueuedMail, applications + members),
    ]
    _each_earlier(rows, days)


def happened_on(row: Any, day: datetime.date) -> None:
    """Let what the verbs wrote today about one row have happened on ``day``."""
    about = [*_about(Transition, [row]), *_about(QueuedMail, [row])]
    _each_earlier([row, *about], (timezone.localdate() - day).days)


def since_then(people: list[Person]) -> None:
    """Let what was written about people brought in by a file have happened on the day since which they belong."""
    members = {row.person_id: row for row in Member.objects.filter(person__in=people)}
    today = timezone.localdate()
    days = {key: (today - member.since).days for key, member in members.items()}
    owners = {member.pk: key for key, member in members.items()}
    kind = ContentType.objects.get_for_model(Member)
    lines: models.QuerySet[Any] = models.QuerySet(Transition).filter(
        content_type=kind, object_id__in=owners
    )
    _all_earlier(lines, "at", lambda line: days[owners[line.object_id]])
    _all_earlier(Person.objects.filter(pk__in=days), "created_at", lambda row: days[row.pk])
    _all_earlier(
        models.QuerySet(Consent).filter(person__in=days), "at", lambda row: days[row.person_id]
    )
    for model in (Member, Assignment):
        versions = model.history.filter(person__in=days)
        _all_earlier(versions, "history_date", lambda row: days[row.person_id])
    versions = Person.history.filter(id__in=days)
    _all_earlier(versions, "history_date", lambda row: days[row.id])


def _each_earlier(rows: list[Any], days: int) -> None:
    """Write the dates of these rows and of what their history keeps."""
    for row in rows:
        _earlier(row, days)
        for version in row.history.all() if hasattr(row, "history") else ():
            _earlier(version, days)


def _all_earlier(found: Any, column: str, days: Callable[[Any], int]) -> None:
    """Write one moment of many rows at once."""
    rows = list(found)
    for row in rows:
        setattr(row, column, getattr(row, column) - datetime.timedelta(days=days(row)))
    models.QuerySet(found.model).bulk_update(rows, [column])


def _about(model: Any, subjects: list[Any]) -> list[Any]:
    """Return the rows of a log about these."""
    found: list[Any] = []
    for subject in subjects:
        kind = ContentType.objects.get_for_model(subject)
        name = "content_type" if model is Transition else "about_type"
        key = "object_id" if model is Transition else "about_id"
        found += model.objects.filter(**{name: kind, key: subject.pk})
    return found


def _earlier(row: models.Model, days: int) -> None:
    """Write the dates of one row, past its history and its append-only manager."""
    names = {field.name for field in row._meta.concrete_fields}
    moved = {
        name: getattr(row, name) - datetime.timedelta(days=days)
        for name in MOMENTS
        if name in names and getattr(row, name)
    }
    if moved:
        models.QuerySet(type(row)).filter(pk=row.pk).update(**moved)
