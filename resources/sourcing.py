"""Confirming what the introductions say, or may say: with which source, by whom and when."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import User
from red_genero.common.states import By, append
from resources.models import TopicFact


@transaction.atomic
def confirm(fact: TopicFact, *, source: str, by: By) -> TopicFact:
    """Record that somebody compared a statement with its source today; twice with the same source is harmless."""
    locked, said = TopicFact.objects.select_for_update().get(pk=fact.pk), source.strip()
    if not said:
        raise ValidationError(
            "Escriba la fuente: el documento o el sitio que lo dice, y su fecha.", code="no_source"
        )
    before, checked = locked.verification, TopicFact.Verification.CHECKED
    if (before, locked.source, locked.confirmed_on) == (checked, said, timezone.localdate()):
        return locked
    locked.source, locked.verification = said, checked
    locked.confirmed_on = timezone.localdate()
    locked.confirmed_by = by.user if isinstance(by.user, User) else None
    locked.full_clean()
    locked.save(update_fields=["source", "verification", "confirmed_on", "confirmed_by"])
    append(locked, from_state=before, to_state=checked, by=by, reason=said)
    return locked
