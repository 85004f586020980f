"""How a bulletin is prepared and sent: once to each person who asked for it, and never to anybody else."""

import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from members import privacy
from members.models import Consent, Person
from red_genero.common.states import By, append, move
from resources import emails
from resources.models import Bulletin, BulletinDelivery, Resource, ResourceQuerySet

FIRST_SPAN: Final = datetime.timedelta(days=30)
MOST_NEWS: Final = 40
BATCH: Final = 100
SALT: Final = "resources.bulletin"


@transaction.atomic
def prepare(*, by: By) -> Bulletin:
    """Return the bulletin in draft, or a new one with what changed since the last that was sent."""
    draft = Bulletin.objects.select_for_update().filter(state=Bulletin.State.DRAFT).first()
    if draft:
        return draft
    last = Bulletin.objects.exclude(sent_at=None).order_by("-number").first()
    since = last.sent_at if last and last.sent_at else timezone.now() - FIRST_SPAN
    number = (Bulletin.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Bulletin.objects.create(number=number, since=since)
    made.resources.set(news(since)[:MOST_NEWS])
    append(made, from_state="", to_state=made.state, by=by)
    return made


def news(since: datetime.datetime) -> ResourceQuerySet:
    """Return the public entries that are new or changed since a moment, the newest first."""
    return public().filter(updated_at__gt=since).order_by("-updated_at", "-pk")


def public() -> ResourceQuerySet:
    """Return what anybody may read: a mail can be forwarded."""
    return Resource.objects.listed_for(AnonymousUser()).select_related("topic")


@transaction.atomic
def send(bulletin: Bulletin, *, by: By) -> Bulletin:
    """Close the number and note who will get it; the worker queues the mails. Twice is harmless."""
    locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if locked.state != Bulletin.State.DRAFT:
        return locked
    if not entries(locked):
        raise ValidationError(
            "Agregue al menos un recurso publicado y abierto a cualquier persona.", code="empty"
        )
    people = subscribers()
    if not people:
        raise ValidationError(
            "Nadie ha pedido recibir el boletín: no hay a quién enviarlo.", code="nobody"
        )
    BulletinDelivery.objects.bulk_create(
        [BulletinDelivery(bulletin=locked, person_id=pk) for pk in people], ignore_conflicts=True
    )
    locked.sent_at = timezone.now()
    move(locked, Bulletin.State.SENDING, moves=Bulletin.MOVES, by=by, touched=("sent_at",))
    return locked


def deliver_pending() -> int:
    """Queue the mails that wait, each in its own transaction, and close the numbers that are done."""
    done = 0
    waiting = BulletinDelivery.objects.filter(queued_at=None, skipped="").order_by("pk")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        done += _deliver(pk)
    for bulletin in Bulletin.objects.filter(state=Bulletin.State.SENDING):
        with transaction.atomic():
            locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
            left = locked.deliveries.filter(queued_at=None, skipped="").exists()
            if not left and locked.state == Bulletin.State.SENDING:
                move(
                    locked,
                    Bulletin.State.SENT,
                    moves=Bulletin.MOVES,
                    by=By.job("Envío del boletín"),
                )
    return done


@transaction.atomic
def _deliver(pk: int) -> int:
    """Queue one mail; who changed her mind meanwhile is left out."""
    row = BulletinDelivery.objects.select_for_update().get(pk=pk)
    if row.queued_at or row.skipped:
        return 0
    if privacy.consents(row.person)[Consent.Purpose.BULLETIN] and row.person.address:
        emails.bulletin(row.bulletin, row.person, entries(row.bulletin), token_of(row.person))
        row.queued_at = timezone.now()
        row.save(update_fields=["queued_at"])
        return 1
    row.skipped = "Retiró su consentimiento o no tiene correo."
    row.save(update_fields=["skipped"])
    return 0


def entries(bulletin: Bulletin) -> list[Resource]:
    """Return the entries of a number that anybody may read now."""
    return list(public().filter(bulletin=bulletin).order_by("topic__order", "title"))


def subscribers() -> list[int]:
    """Return the identities of who consents today and can be written to."""
    lines = (
        Consent.objects.filter(purpose=Consent.Purpose.BULLETIN)
        .order_by("at", "pk")
        .values_list("person_id", "given")
    )
    given = dict(lines)
    return sorted(pk for pk, yes in given.items() if yes)


def token_of(person: Person) -> str:
    """Return the signed word that lets who holds her mail, and nobody else, end her subscription."""
    return signing.dumps(person.pk, salt=SALT)


def who(token: str) -> Person | None:
    """Return whose subscription a token ends, or nobody for a word that is not ours."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=pk).first()


def unsubscribe(person: Person, *, by: By) -> None:
    """Withdraw the consent in the ledger; twice is harmless."""
    privacy.choose(person, {Consent.Purpose.BULLETIN: False}, by=by)


def as_text(rows: list[Resource], greeting: str = "") -> str:
    """Return the news as plain text, ready to paste into a message: titles and addresses only."""
    parts = [greeting.strip() or "Novedades de la biblioteca", ""]
    for row in rows:
        parts += [row.title, emails.address(row.get_absolute_url()), ""]
    return "\n".join(parts).strip() + "\n"
