"""Mail: three files per message, queued in the transaction, delivered by the worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid, parseaddr
from typing import Any, Final, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import models, transaction
from django.template import Context
from django.template.backends.django import Template as DjangoTemplate
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from red_genero.common import mailtexts
from red_genero.common.models import QueuedMail

ROWS_AT_ONCE: Final = 50
"""A message with its files weighs some kilobytes."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    filename: str
    content: bytes
    content_type: str


def send(
    kind: str,
    *,
    to: str,
    context: Mapping[str, Any],
    about: models.Model | None = None,
    attachments: Sequence[Attachment] = (),
    expires_at: datetime | None = None,
    secret: bool = False,
) -> QueuedMail:
    """Queue one message to one person and return its row.

    ``kind`` names three templates: ``emails/<kind>_subject.txt``, ``emails/<kind>.txt`` and
    ``emails/<kind>.html``, unless the Instituto wrote words of its own (``mailtexts``). ``about`` is the row that staff reads it beside. After ``expires_at`` it is
    not sent. A ``secret`` text opens an account: staff never reads it and it is wiped once sent. The row belongs to
    the caller's transaction: a rollback sends nothing.
    """
    message = compose(kind, to=to, context=context, attachments=attachments)
    return enqueue(message, kind=kind, about=about, expires_at=expires_at, secret=secret)[0]


def compose(
    kind: str, *, to: str, context: Mapping[str, Any], attachments: Sequence[Attachment] = ()
) -> EmailMultiAlternatives:
    """Write one message without queueing it: a verb that will hold a lock writes before it waits."""
    return _composed(kind, mailtexts.custom_words(kind), to, context, attachments)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message of many of the same kind: to whom, what it says and the row that staff reads it beside."""

    to: str
    context: Mapping[str, Any]
    about: models.Model
    attachments: Sequence[Attachment] = ()


def announce(kind: str, announcements: Sequence[Announcement]) -> None:
    """Queue one message each; the statements do not grow with every one, but with every ``ROWS_AT_ONCE``."""
    words = mailtexts.custom_words(kind)
    rows: list[QueuedMail] = []
    for each in announcements:
        message = _composed(kind, words, each.to, each.context, each.attachments)
        rows.extend(written(message, kind=kind, about=each.about))
    enqueue_all(rows)


def _composed(
    kind: str,
    words: mailtexts.Words | None,
    to: str,
    context: Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
) -> EmailMultiAlternatives:
    """Write one message in the Instituto's words, or in ours."""
    values = {"portal_url": settings.PORTAL_URL, **context}
    letter = mailtexts.custom(words, values) if words else _ours(kind, values)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    for file in attachments:
        message.attach(file.filename, file.content, file.content_type)
    return message


def enqueue(
    message: EmailMessage,
    *,
    kind: str = "",
    about: models.Model | None = None,
    expires_at: datetime | None = None,
    secret: bool = False,
) -> list[QueuedMail]:
    """Store one row per recipient of any Django message."""
    rows = written(message, kind=kind, about=about, expires_at=expires_at, secret=secret)
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
    return rows


def written(
    message: EmailMessage,
    *,
    kind: str = "",
    about: models.Model | None = None,
    expires_at: datetime | None = None,
    secret: bool = False,
) -> list[QueuedMail]:
    """Return the rows of a message, complete to the last byte, before any of them is stored."""
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=_domain()))
    return [
        QueuedMail(
            kind=kind,
            recipient=parseaddr(recipient)[1],
            subject=str(message.subject)[:300],
            text=str(message.body),
            mime=message.message().as_bytes(),
            about=about,
            expires_at=expires_at,
            secret=secret,
        )
        for recipient in message.recipients()
    ]


def enqueue_all(rows: Sequence[QueuedMail]) -> None:
    """Store what ``written`` returned for many people at once; it leaves with the caller's transaction."""
    now = timezone.now()
    for row in rows:
        row.created_at = row.next_attempt_at = now
    QueuedMail.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _ours(kind: str, values: Mapping[str, Any]) -> mailtexts.Letter:
    """Render the three files of a message."""
    return mailtexts.Letter(
        " ".join(_plain(f"emails/{kind}_subject.txt", values).split()),
        _plain(f"emails/{kind}.txt", values).strip() + "\n",
        render_to_string(f"emails/{kind}.html", values),
    )


def _plain(name: str, values: Mapping[str, Any]) -> str:
    """Render a text without HTML's escapes: «O'Farrill» stays so."""
    template = cast("DjangoTemplate", get_template(name)).template
    return str(template.render(Context(dict(values), autoescape=False)))


def _domain() -> str:
    """Return the domain of the portal's own address, for the names of its messages."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


class OutboxBackend(BaseEmailBackend):
    """Django's mail API, allauth's included, ends in the outbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue every message; return how many."""
        return sum(len(enqueue(message)) for message in email_messages)
