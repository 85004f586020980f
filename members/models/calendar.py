"""The municipal calendar: the days on which no deadline runs."""

import datetime
from collections.abc import Set as AbstractSet

from django.db import models
from django.utils.formats import date_format


class Holiday(models.Model):
    """A day on which the Ayuntamiento does not work; weekends need no row."""

    day = models.DateField(
        "día", unique=True, error_messages={"unique": "Ese día ya está en el calendario."}
    )
    name = models.CharField("motivo", max_length=120)

    class Meta:
        verbose_name = "día inhábil"
        verbose_name_plural = "días inhábiles"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{date_format(self.day)}: {self.name}"

    @classmethod
    def after(cls, start: datetime.date, days: int) -> datetime.date:
        """Return the working day that comes ``days`` working days after ``start``."""
        closed = set(cls.objects.filter(day__gt=start).values_list("day", flat=True))
        day = start
        left = days
        while left > 0:
            day += datetime.timedelta(days=1)
            if day.weekday() < 5 and day not in closed:
                left -= 1
        return day

    @classmethod
    def between(
        cls,
        start: datetime.date,
        end: datetime.date,
        closed: AbstractSet[datetime.date] | None = None,
    ) -> int:
        """Return how many working days come after ``start`` up to ``end``; negative when it lies before.

        A list gives ``closed``, the whole calendar read once; else it is asked here.
        """
        if end < start:
            return -cls.between(end, start, closed)
        if closed is None:
            here = cls.objects.filter(day__gt=start, day__lte=end)
            closed = set(here.values_list("day", flat=True))
        days = (start + datetime.timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(day.weekday() < 5 and day not in closed for day in days)
