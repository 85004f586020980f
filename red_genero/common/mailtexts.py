"""Words of the messages that the Instituto may change: marks in braces, never a template's code.

An app lists its messages in a module ``mailtexts``, imported by its ``AppConfig.ready``::

    mailtexts.register(
        Message(
            "members/application_sent",
            "Acuse de una solicitud",
            (
                Mark("nombre", "Nombre de la persona", "person.given_names", "Ana Sofía", blank="Buen día"),
                Mark("folio", "Folio", "application.folio", "SOL-2026-0042", neutral=True),
            ),
        )
    )

``path`` is looked up in the context with which the message is sent. The words of the original are found by rendering its
templates with the samples, so a sample must not occur in the text by chance.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.signals import post_migrate
from django.template import Context, Variable, VariableDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from red_genero.common.models import MailText
from red_genero.common.text import fold, validate_plain

SIGNATURE: Final = "Red Interinstitucional de Género"
LONGEST_SUBJECT: Final = 78
TELLING: Final = re.compile(
    r"\b(?:abus|acos|agre[ds]|baja|denunci|feminicid|hostiga|maltrat|quej|recha[cz]|refugio|sexual|suspen|victima|violen)"
)
"""Beginnings of words that tell whoever looks over her shoulder what the message is about."""

_MARK: Final = re.compile(r"\{([a-z_]+)\}")
_BLANK_LINES: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A datum that may stand in the words: ``{name}``."""

    name: str
    label: str
    path: str
    sample: Any
    link: bool = False
    neutral: bool = False
    needed: bool = False
    blank: str = ""
    lower: bool = False

    def shown(self, value: Any) -> str:
        """Return a value in words."""
        if isinstance(value, datetime.datetime):
            return str(date_format(timezone.localtime(value), "DATETIME_FORMAT"))
        if isinstance(value, datetime.date):
            return str(date_format(value))
        text = str(value) if value not in (None, "") else self.blank
        return text.lower() if self.lower else text

    def value(self, context: Mapping[str, Any]) -> str:
        """Return what this message says there."""
        try:
            return self.shown(Variable(self.path).resolve(Context(dict(context))))
        except VariableDoesNotExist:
            return self.blank


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message: when it leaves and which data it knows."""

    kind: str
    title: str
    marks: tuple[Mark, ...]

    @property
    def by_name(self) -> dict[str, Mark]:
        """The marks by what is written between braces."""
        return {mark.name: mark for mark in self.marks}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: text, or the address of a page of ours."""

    text: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it arrives."""

    subject: str
    text: str
    html: str


REGISTRY: Final[dict[str, Message]] = {}


def register(*messages: Message) -> None:
    """Let the Instituto change the words of these messages."""
    REGISTRY.update({message.kind: message for message in messages})


def open_rows(**_: Any) -> None:
    """Give every registered message its row, so that it stands in the list of the administration."""
    known = set(MailText.objects.values_list("kind", flat=True))
    MailText.objects.bulk_create(
        [MailText(kind=kind) for kind in sorted(REGISTRY) if kind not in known],
        ignore_conflicts=True,
    )


def rows_after_migrations(sender: Any) -> None:
    """Call ``open_rows`` once the tables of ``sender`` are in place."""
    post_migrate.connect(open_rows, sender=sender, dispatch_uid="red_genero.common.mailtexts")


@dataclass(frozen=True, slots=True)
class Words:
    """The Instituto's own words for a message."""

    message: Message
    subject: str
    body: str


def custom_words(kind: str) -> Words | None:
    """Return the Instituto's words for a message, or nothing if it keeps ours."""
    message = REGISTRY.get(kind)
    row = MailText.objects.filter(kind=kind).exclude(body="").first() if message else None
    if message is None or row is None:
        return None
    return Words(message, row.subject, row.body)


def custom(words: Words, context: Mapping[str, Any]) -> Letter:
    """Return the message in the Instituto's words."""
    values = {mark.name: mark.value(context) for mark in words.message.marks}
    return _letter(words.message, words.subject, words.body, values)


def preview(message: Message, subject: str, body: str) -> Letter:
    """Return the message with the samples in place of the data."""
    values = {mark.name: mark.shown(mark.sample) for mark in message.marks}
    return _letter(message, subject, body, values)


def original(message: Message) -> tuple[str, str]:
    """Return subject and body of our own templates, with the marks in place of the data."""
    context = {"portal_url": settings.PORTAL_URL, **_samples(message)}
    subject = get_template(f"emails/{message.kind}_subject.txt").render(context)
    body = get_template(f"emails/{message.kind}.txt").render(context)
    marks = sorted(message.marks, key=lambda mark: -len(mark.shown(mark.sample)))
    for mark in marks:
        subject = subject.replace(mark.shown(mark.sample), f"{{{mark.name}}}")
        body = body.replace(mark.shown(mark.sample), f"{{{mark.name}}}")
    unsigned = body.replace("\r\n", "\n").rsplit(f"\n{SIGNATURE}", 1)[0]
    return " ".join(subject.split()), unsigned.removesuffix("\n--").strip()


def validate(message: Message, subject: str, body: str) -> None:
    """Refuse words that could not be sent: unknown marks, template code, a subject that tells.

    Raises ValidationError with a dict (``subject``, ``body``).
    """
    wrong: dict[str, list[str]] = {"subject": [], "body": []}
    for name, text in (("subject", subject), ("body", body)):
        try:
            validate_plain(text)
        except ValidationError as refusal:
            wrong[name] += refusal.messages
        wrong[name] += _wrong_marks(message, text)
    wrong["subject"] += _wrong_subject(message, subject)
    for mark in message.marks:
        if mark.needed and f"{{{mark.name}}}" not in body:
            wrong["body"].append(f"Falta {{{mark.name}}}: {mark.label.lower()}.")
    if any(wrong.values()):
        raise ValidationError({name: said for name, said in wrong.items() if said})


def even(subject: str, body: str) -> tuple[str, str]:
    """Return words with single spaces in the subject and plain line ends in the body."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return " ".join(subject.split()), "\n".join(line.rstrip() for line in lines).strip()


def check(row: MailText, subject: str, body: str) -> bool:
    """Refuse words that could not be sent; return whether they are the original ones.

    Raises ValidationError with a dict (``subject``, ``body``), or with code ``unknown_message``.
    """
    message = REGISTRY.get(row.kind)
    if message is None:
        raise ValidationError(
            "El portal ya no envía este aviso: su texto no se cambia.", code="unknown_message"
        )
    if (subject, body) == original(message):
        return True
    validate(message, subject, body)
    return False


def change(row: MailText, *, subject: str, body: str) -> MailText:
    """Store the Instituto's words; words equal to ours restore the original."""
    subject, body = even(subject, body)
    if check(row, subject, body):
        return restore(row)
    row.subject, row.body = subject, body
    row.full_clean()
    row.save()
    return row


def restore(row: MailText) -> MailText:
    """Go back to our words; the others stay in the history. Doing it twice changes nothing."""
    if row.custom:
        row.subject = row.body = ""
        row.save()
    return row


def _wrong_marks(message: Message, text: str) -> list[str]:
    """Return a sentence for each mark that this message does not know."""
    known = ", ".join(f"{{{name}}}" for name in message.by_name)
    said = [
        f"Este aviso no conoce {{{name}}}. Use solo: {known}."
        for name in dict.fromkeys(_MARK.findall(text))
        if name not in message.by_name
    ]
    if "{" in _MARK.sub("", text) or "}" in _MARK.sub("", text):
        said.append(f"Las llaves solo encierran un dato de la lista: {known}.")
    return said


def _wrong_subject(message: Message, subject: str) -> list[str]:
    """Return why a subject tells too much, or is none."""
    said = []
    if not subject.strip():
        said.append("Escriba el asunto.")
    if "\n" in subject.strip() or "\r" in subject.strip():
        said.append("El asunto es de un solo renglón.")
    if len(subject) > LONGEST_SUBJECT:
        said.append(f"El asunto lleva a lo más {LONGEST_SUBJECT} letras.")
    for name in _MARK.findall(subject):
        mark = message.by_name.get(name)
        if mark is not None and not mark.neutral:
            said.append(f"El asunto se ve sin abrir el correo: no puede llevar {{{name}}}.")
    if telling := [word for word in _MARK.sub("", subject).split() if TELLING.match(fold(word))]:
        said.append(
            f"El asunto se ve sin abrir el correo: no diga «{telling[0]}». Por ejemplo: «Novedades de su trámite»."
        )
    return said


def _letter(message: Message, subject: str, body: str, values: Mapping[str, str]) -> Letter:
    """Put the data in place of the marks, once: what a datum says is never read again as a mark."""
    filled = _MARK.sub(lambda found: values.get(found[1], ""), subject)
    text = _MARK.sub(lambda found: values.get(found[1], ""), body)
    paragraphs = [_pieces(message, part, values) for part in _BLANK_LINES.split(body)]
    context = {"portal_url": settings.PORTAL_URL, "subject": filled, "paragraphs": paragraphs}
    signed = f"{text}\n\n{SIGNATURE}\n{settings.PORTAL_URL}\n"
    return Letter(" ".join(filled.split()), signed, render_to_string("emails/custom.html", context))


def _pieces(message: Message, paragraph: str, values: Mapping[str, str]) -> list[Piece]:
    """Cut a paragraph at its marks."""
    pieces = []
    for number, part in enumerate(_MARK.split(paragraph.strip())):
        if number % 2 == 0:
            pieces.append(Piece(part))
        elif part in message.by_name:
            pieces.append(Piece(values.get(part, ""), message.by_name[part].link))
    return [piece for piece in pieces if piece.text]


def _samples(message: Message) -> dict[str, Any]:
    """Return a context made of the samples: ``{"person": {"given_names": "Ana Sofía"}}``."""
    context: dict[str, Any] = {}
    for mark in message.marks:
        *above, last = mark.path.split(".")
        inside = context
        for word in above:
            inside = inside.setdefault(word, {})
        inside[last] = mark.sample
    return context
