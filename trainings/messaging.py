"""Aviso a un grupo: one text to the people of an edición, once, and who sent it to how many."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import User
from red_genero.common.states import By
from red_genero.common.text import join_with_y
from trainings import emails
from trainings.models import Edition, Enrollment, GroupMessage

GROUPS: Final = (
    Enrollment.State.CONFIRMED,
    Enrollment.State.OFFERED,
    Enrollment.State.WAITING,
    Enrollment.State.REQUESTED,
)
WORDS: Final[dict[str, str]] = {
    Enrollment.State.CONFIRMED: "Confirmadas",
    Enrollment.State.OFFERED: "Con lugar ofrecido",
    Enrollment.State.WAITING: "En espera",
    Enrollment.State.REQUESTED: "Pendientes de visto bueno",
}


def audience(edition: Edition, groups: Sequence[str]) -> list[Enrollment]:
    """Return whom the message reaches: the inscripciones of those groups that have an address."""
    chosen = [group for group in groups if group in GROUPS]
    people = edition.enrollments.filter(state__in=chosen).select_related("person__user")
    reached = [seat for seat in people if seat.person.address]
    for seat in reached:
        seat.edition = edition
    return reached


def send(edition: Edition, *, groups: Sequence[str], text: str, press: str, by: By) -> GroupMessage:
    """Queue the text for each person and write down who sent it to how many.

    ``press`` marks the page of preview: pressed twice, even at once, it is sent once. The edición is not held: nobody
    who asks for a seat waits while a whole group is written to.
    """
    if not isinstance(by.user, User):
        raise ValidationError("Un aviso lo envía una persona.", code="no_author")
    if not text.strip():
        raise ValidationError("Escriba el aviso.", code="text_required")
    if sent := GroupMessage.objects.filter(press=press).first():
        return sent
    people = audience(edition, groups)
    if not people:
        raise ValidationError("Nadie está en los grupos elegidos.", code="nobody")
    words = join_with_y([WORDS[group].lower() for group in GROUPS if group in groups])
    with transaction.atomic():
        sent, fresh = GroupMessage.objects.get_or_create(
            press=press,
            defaults={
                "edition": edition,
                "groups": words[:1].upper() + words[1:],
                "text": text.strip(),
                "recipients": len(people),
                "sent_by": by.user,
            },
        )
        for seat in people if fresh else []:
            emails.group_message(seat, text=text.strip())
    return sent
