"""The postwoman: takes due messages from the outbox and hands them to the mail server."""

import logging
import random
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from red_genero.common.models import QueuedMail
from red_genero.common.models.mail import HIDDEN_TEXT

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=120)
"""Longer than one conversation with the server may take (four exchanges at EMAIL_TIMEOUT)."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=2)
PATIENCE: Final = timedelta(days=1)
"""After so long without success the message is given up."""
DEADLY_ATTEMPTS: Final = 60
"""A message taken so many times without an answer kills its worker; it is given up."""
REWRITES: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 20.0)
"""Seconds between attempts to write the end of a message; together well under the lease."""
PERMANENT: Final = range(500, 600)


@dataclass(slots=True)
class Round:
    """What one round did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    expired: int = 0


class Raw:
    """A message as it was stored, byte by byte."""

    def __init__(self, mime: bytes) -> None:
        self.mime = mime

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        """Return the message with the line ends that the server wants."""
        lines = self.mime.replace(b"\r\n", b"\n")
        return lines.replace(b"\n", linesep.encode())


class StoredMessage(EmailMessage):
    """A queued message dressed as Django's mail API wants it: same bytes at each attempt."""

    def __init__(self, row: QueuedMail) -> None:
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        super().__init__(subject=row.subject, from_email=sender, to=[row.recipient])
        self.row = row

    def message(self, *, policy: Any = None) -> Any:
        """Return the stored bytes; nothing is composed again."""
        return Raw(bytes(self.row.mime))


class DemoDeliveryBackend(BaseEmailBackend):
    """The demo's server: accepts everything and sends nothing; the pages of the demo show it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Accept."""
        return len(email_messages)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: doubling, with a fifth of chance."""
    seconds = min(
        FIRST_WAIT.total_seconds() * 2 ** min(attempts - 1, 20), LONGEST_WAIT.total_seconds()
    )
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311


def deliver_due(limit: int = 200) -> Round:
    """Send what is due, at most ``limit`` messages, through one connection.

    Stops at the first sign that the server is away: the rest stays due. Raises only what the database raises.
    """
    done = Round(expired=expire_stale())
    server = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    tried: list[int] = []
    try:
        while len(tried) < limit:
            row = QueuedMail.objects.claim(LEASE, excluding=tried)
            if row is None:
                break
            tried.append(row.pk)
            if not _deliver(row, server, done):
                break
    finally:
        _close(server)
    return done


def expire_stale() -> int:
    """Close the messages whose moment passed; return how many."""
    now = timezone.now()
    stale = QueuedMail.objects.stale(now)
    if settings.DEMO:
        return stale.update(state=QueuedMail.State.EXPIRED)
    wiped = stale.filter(secret=True).update(
        state=QueuedMail.State.EXPIRED, text=HIDDEN_TEXT, mime=b""
    )
    return wiped + stale.update(state=QueuedMail.State.EXPIRED)


def _deliver(row: QueuedMail, server: BaseEmailBackend, done: Round) -> bool:
    """Send one message and write down what happened; tell whether the server is there."""
    if row.attempts > DEADLY_ATTEMPTS:
        _close_row(row, QueuedMail.State.FAILED, error="Se intentó demasiadas veces.")
        done.failed += 1
        return True
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        done.put_off += _try_later(row, error)
        logger.warning("The mail server does not answer: %s", error)
        return False
    try:
        server.send_messages([StoredMessage(row)])
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        if is_permanent(error):
            _close_row(row, QueuedMail.State.FAILED, error=_words(error))
            done.failed += 1
            return _reset(server)
        done.put_off += _try_later(row, error)
        return _reset(server) and not isinstance(error, smtplib.SMTPServerDisconnected)
    _close_row(row, QueuedMail.State.SENT)
    done.sent += 1
    return True


def is_permanent(error: Exception) -> bool:
    """Whether the server said that this message will never pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code in PERMANENT
    return isinstance(error, UnicodeError | ValueError)


def _try_later(row: QueuedMail, error: Exception) -> int:
    """Put the message off, or give it up after a day; return whether it stays in the queue."""
    now = timezone.now()
    if now - row.created_at >= PATIENCE:
        _close_row(row, QueuedMail.State.FAILED, error=_words(error))
        return 0
    row.next_attempt_at = now + wait_after(row.attempts)
    row.leased_until = None
    row.last_error = _words(error)
    row.save(update_fields=["next_attempt_at", "leased_until", "last_error"])
    return 1


def _close_row(row: QueuedMail, state: str, *, error: str = "") -> None:
    """Write the end of a message; what opens an account is wiped (the demo shows it instead)."""
    row.state = state
    row.leased_until = None
    row.last_error = error
    if state == QueuedMail.State.SENT:
        row.sent_at = timezone.now()
    if row.secret and not settings.DEMO:
        row.text, row.mime = HIDDEN_TEXT, b""
    _insist(row, ["state", "leased_until", "last_error", "sent_at", "text", "mime"])


def _insist(row: QueuedMail, touched: list[str]) -> None:
    """Write even if the database goes away for a while: what was sent and not written would be sent again."""
    for pause in REWRITES:
        try:
            row.save(update_fields=touched)
        except (DatabaseError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            logger.warning("Could not write that a message left; trying again: %s", error)
            connection.close()
            time.sleep(pause)
        else:
            return
    row.save(update_fields=touched)


def _words(error: Exception) -> str:
    """Return the error in one line for the staff, without the message's content."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_answer(code, text) for code, text in error.recipients.values())[:500]
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)[:500]
    return f"{type(error).__name__}: {error}"[:500]


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"


def _reset(server: BaseEmailBackend) -> bool:
    """Leave the connection as new after a refusal."""
    _close(server)
    return True


def _close(server: BaseEmailBackend) -> None:
    """Say goodbye; a server that hung up already is no news."""
    try:
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.debug("Closing the mail connection: %s", error)


def next_due(now: datetime) -> bool:
    """Whether something waits to be sent now."""
    return QueuedMail.objects.due(now).exists() or QueuedMail.objects.stale(now).exists()
