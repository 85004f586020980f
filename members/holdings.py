"""Everything the portal holds about one person, found by following every relation to her."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, TypedDict

from allauth.account.models import EmailAddress
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Member, Person, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.text import format_phone

HIDDEN_MODELS: Final = frozenset(
    {"mfa.authenticator", "admin.logentry", "sessions.session", "members.applicationnote"}
)
HIDDEN_FIELDS: Final = frozenset(
    {
        "id",
        "person",
        "user",
        "password",
        "search_key",
        "name_key",
        "sort_name",
        "session_key",
        "data",
        "internal_reason",
        "reviewer",
        "asked_by",
        "invited_by",
        "issued_by",
        "loaded_by",
        "recorded_by",
        "captured_by",
        "uploaded_by",
        "made_enrollment",
        "frozen",
        "template",
        "key",
        "mime",
        "priority",
        "waived",
        "waiver_reason",
        "moved_from",
        "contact_key",
        "recipient",
        "nominated_by",
        "decided_by",
        "replaced_by",
        "titular_email",
        "oficio",
        "month_reminded_at",
        "token",
        "week_reminded_at",
    }
)


TITLES: Final = {
    "members.person": "Su ficha",
    "members.user": "Su cuenta",
    "members.member": "Su membresía",
    "account.emailaddress": "Correos de su cuenta",
    "usersessions.usersession": "Sesiones iniciadas",
}
LABELS: Final = {
    "created_at": "Desde",
    "ip": "Dirección de red",
    "last_seen_at": "Última actividad",
    "user_agent": "Navegador",
    "verified": "Comprobado",
    "primary": "Principal",
    "is_superuser": "Todos los permisos",
}
PHONES: Final = frozenset({"office_phone", "mobile"})
OWNERS: Final = frozenset(
    {"person", "user", "application", "member", "enrollment", "sender", "recipient"}
)


Tables = dict[type[models.Model], dict[Any, models.Model]]
"""The rows found so far, by table and key."""


class Datum(TypedDict):
    """One field: its name in code, its words, its value as data and as read."""

    key: str
    label: str
    value: Any
    shown: str


class Holding(TypedDict):
    """One table: its words and the rows about her."""

    key: str
    title: str
    rows: list[list[Datum]]


def of(person: Person) -> list[Holding]:
    """Return every table with rows about her; what was asked of others and secrets stay out."""
    tables: Tables = {Person: {person.pk: person}}
    if person.user is not None:
        tables[User] = {person.user.pk: person.user}
        _follow(User, [person.user], tables, skip=Person)
    _follow(Person, [person], tables)
    found = [_holding(model, rows.values()) for model, rows in tables.items()]
    found += _logs(person)
    return [holding for holding in found if holding["rows"]]


def as_data(person: Person) -> dict[str, Any]:
    """Return the same as plain data for a file."""
    return {
        "generado": timezone.localtime().isoformat(timespec="seconds"),
        "persona": person.full_name,
        "datos": {
            holding["key"]: {
                "titulo": holding["title"],
                "registros": [
                    {datum["key"]: datum["value"] for datum in row} for row in holding["rows"]
                ],
            }
            for holding in of(person)
        },
    }


def _follow(
    model: type[models.Model],
    rows: Any,
    tables: Tables,
    *,
    skip: type[models.Model] | None = None,
) -> None:
    """Follow every relation that ends in ``rows``, and on from there: one query per relation.

    A row that several relations lead to is held once; the rows of one table stay together.
    """
    for relation in model._meta.related_objects:
        other = relation.related_model
        if not isinstance(other, type) or other is skip or not _is_hers(other):
            continue
        if relation.field.name not in OWNERS or relation.many_to_many:
            continue
        found = other._default_manager.filter(**{f"{relation.field.name}__in": rows})  # noqa: SLF001
        held = tables.setdefault(other, {})
        new = [
            row
            for row in found.select_related(*_pointed(other)).order_by("pk")
            if row.pk not in held
        ]
        held.update({row.pk: row for row in new})
        if new:
            _follow(other, new, tables)


def _pointed(model: type[models.Model]) -> list[str]:
    """Name what the rows of a table point to, and what that is named after, to read it in the same query."""
    names = []
    for field in model._meta.concrete_fields:
        other = field.related_model
        if field.name in HIDDEN_FIELDS or not isinstance(other, type):
            continue
        names.append(field.name)
        names += [
            f"{field.name}__{named.name}"
            for named in other._meta.concrete_fields
            if named.is_relation and not named.null
        ]
    return names


def _is_hers(model: type[models.Model]) -> bool:
    """Leave out field histories (the same data again) and secrets."""
    return model._meta.label_lower not in HIDDEN_MODELS and not hasattr(model, "history_id")


def _logs(person: Person) -> Iterator[Holding]:
    """Yield the moves of what she asked for and of her membership, and the mail sent to her."""
    subjects: list[models.Model] = [
        *person.applications.all(),
        *Member.objects.filter(person=person),
        *person.changes.all(),
        *person.privacy_requests.all(),
    ]
    yield {
        "key": "common.transition",
        "title": "Historial de estados",
        "rows": [_moved(line, row) for row in subjects for line in Transition.objects.about(row)],
    }
    proven = _proven_addresses(person)
    if proven:
        mails = QueuedMail.objects.filter(recipient__in=proven).order_by("pk")
        yield {
            "key": "common.queuedmail",
            "title": "Correos que le enviamos",
            "rows": [
                [
                    _datum("created_at", "Fecha", mail.created_at),
                    _datum("subject", "Asunto", mail.subject),
                    _datum("state", "Estado", mail.get_state_display()),
                ]
                for mail in mails
            ],
        }


def _proven_addresses(person: Person) -> set[str]:
    """Return where mail reached her: what she only typed may be somebody else's."""
    if person.user is None:
        return {person.address} - {""}
    proven = EmailAddress.objects.filter(user=person.user, verified=True)
    return {person.user.email, *proven.values_list("email", flat=True)}


def _moved(line: Transition, row: models.Model) -> list[Datum]:
    """Return one move without who made it."""
    words = {
        str(value): str(label)
        for field in row._meta.concrete_fields
        if field.name == "state"
        for value, label in field.flatchoices
    }
    return [
        _datum("about", "Sobre", str(row)),
        _datum("from_state", "De", line.from_state, words.get(line.from_state, "")),
        _datum("to_state", "A", line.to_state, words.get(line.to_state, "")),
        _datum("at", "Cuándo", line.at),
        _datum("channel", "Canal", line.get_channel_display()),
    ]


def _holding(model: type[models.Model], rows: Iterable[models.Model]) -> Holding:
    """Return the rows of one table in words."""
    key = model._meta.label_lower
    title = TITLES.get(key, str(model._meta.verbose_name_plural))
    return {
        "key": key,
        "title": title[:1].upper() + title[1:],
        "rows": [_row(row) for row in rows],
    }


def _row(row: models.Model) -> list[Datum]:
    """Return the fields of one row that are hers to read."""
    data = []
    for field in row._meta.concrete_fields:
        if field.name in HIDDEN_FIELDS:
            continue
        value = getattr(row, field.name)
        label = LABELS.get(field.name, str(field.verbose_name))
        if isinstance(field, models.FileField):
            value = bool(value)
        shown = str(getattr(row, f"get_{field.name}_display", lambda: "")())
        if field.name in PHONES:
            shown = format_phone(value)
        data.append(_datum(field.name, label[:1].upper() + label[1:], value, shown))
    for many in row._meta.many_to_many:
        if many.name not in {"groups", "user_permissions"}:
            names = ", ".join(str(item) for item in getattr(row, many.name).all())
            data.append(_datum(many.name, str(many.verbose_name).capitalize(), names))
    return data


def _datum(key: str, label: str, value: Any, shown: str = "") -> Datum:
    """Return one field with its value as data and in words."""
    return {"key": key, "label": label, "value": _plain(value), "shown": shown or _words(value)}


def _plain(value: Any) -> Any:
    """Return a value that a JSON file holds."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _words(value: Any) -> str:
    """Return a value as it is read."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, datetime.datetime):
        return str(date_format(timezone.localtime(value), "DATETIME_FORMAT"))
    if isinstance(value, datetime.date):
        return str(date_format(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
