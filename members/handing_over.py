"""The pack that one administration hands to the next: asked for with a purpose, made by the worker, kept for a month.

What it says is composed in the project package, which also knows of trainings and of the library.
"""

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import GovernmentTerm, HandoverPack
from red_genero.common import jobs
from red_genero.common.models import AccessLog, Job
from red_genero.common.states import By

KEEP: Final = timedelta(days=30)
"""It names people and can be made again."""
UNFINISHED: Final = (Job.State.PENDING, Job.State.RUNNING)


def ask(term: GovernmentTerm, *, purpose: str, parts: int, by: By) -> HandoverPack:
    """Start making a pack of ``parts`` parts and return it; while one is being made, return that one.

    Raises ValidationError (codes ``needs_a_person``, ``purpose_missing``).
    """
    if by.user is None:
        raise ValidationError("Una entrega la pide una persona.", code="needs_a_person")
    if not purpose.strip():
        raise ValidationError("Escriba para qué la pide: queda anotado.", code="purpose_missing")
    with transaction.atomic():
        term = GovernmentTerm.objects.select_for_update().get(pk=term.pk)
        running = term.packs.filter(job__state__in=UNFINISHED).first()
        if running is not None:
            return running
        job = jobs.start(f"Entrega de {term}", total=parts, by=by.user)
        pack = HandoverPack(term=term, purpose=purpose.strip(), asked_by_id=by.user.pk, job=job)
        pack.full_clean()
        pack.save()
        AccessLog.objects.create(
            user_id=by.user.pk,
            what=f"Paquete de entrega: {term}"[:200],
            purpose=pack.purpose,
            rows=0,
        )
    return pack


def erase(pack: HandoverPack) -> int:
    """Delete the files once the transaction is sure, and the row; return how many rows went."""
    for stored in (pack.pdf, pack.data):
        if stored:
            transaction.on_commit(lambda file=stored: file.storage.delete(file.name))  # type: ignore[misc]
    HandoverPack.objects.filter(pk=pack.pk).delete()
    return 1


def forget_old() -> None:
    """Delete the packs of a month ago."""
    for pack in HandoverPack.objects.filter(asked_at__lt=timezone.now() - KEEP):
        with transaction.atomic():
            erase(pack)
