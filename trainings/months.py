"""A month of the calendar, as addresses spell it and as people read it."""

import datetime
import re
from dataclasses import dataclass
from typing import Self

from django.utils import timezone
from django.utils.formats import date_format

_SPELLED = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of this century; local midnights bound it."""

    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        """Return the month in which ``day`` falls."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """Return the month spelled «2026-11», or None."""
        found = _SPELLED.match(typed)
        return cls(int(found[1]), int(found[2])) if found else None

    @classmethod
    def current(cls) -> Self:
        """Return this month, on the local clock."""
        return cls.of(timezone.localdate())

    def __str__(self) -> str:
        """Spell it as addresses do: «2026-11»."""
        return f"{self.year}-{self.number:02d}"

    @property
    def words(self) -> str:
        """Name it: «noviembre de 2026»."""
        return date_format(self.first, r"F \d\e Y")

    @property
    def first(self) -> datetime.date:
        """Its first day."""
        return datetime.date(self.year, self.number, 1)

    @property
    def begins(self) -> datetime.datetime:
        """The local midnight with which it begins."""
        return timezone.make_aware(datetime.datetime.combine(self.first, datetime.time.min))

    @property
    def ends(self) -> datetime.datetime:
        """The local midnight with which the following month begins."""
        return self.moved(1).begins

    def moved(self, months: int) -> Self:
        """Return the month that comes ``months`` later, or earlier when negative."""
        count = self.year * 12 + self.number - 1 + months
        return type(self)(count // 12, count % 12 + 1)
