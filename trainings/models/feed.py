"""The private address by which her calendar follows her seats."""

from secrets import token_urlsafe

from django.db import models
from django.utils import timezone

from members.models import Person

TOKEN_BYTES = 32


def unguessable() -> str:
    """Return a new address: 256 bits, safe in a URL."""
    return token_urlsafe(TOKEN_BYTES)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Sets of private addresses."""

    def readable(self, token: str) -> "CalendarFeed | None":
        """Return the one with that token, unless its account was closed."""
        found = self.filter(token=token, person__user__is_active=True).select_related("person")
        return found.first() if token.isascii() else None


class CalendarFeed(models.Model):
    """Her private calendar: whoever knows the token reads her sessions, so it is hers to renew and to end."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="calendar_feed", verbose_name="persona"
    )
    token = models.CharField("dirección privada", max_length=64, unique=True, default=unguessable)
    renewed_at = models.DateTimeField("desde", default=timezone.now, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "calendario privado"
        verbose_name_plural = "calendario privado"

    def __str__(self) -> str:
        return f"Calendario de {self.person}"
