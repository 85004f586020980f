"""The administration of people, dependencias, admission and privacy, a module per subject."""

from members.admin import (
    account,
    application,
    arrival,
    catalog,
    change,
    department,
    designation,
    institute,
    member,
    merging,
    person,
    rights,
    term,
    unit,
    unit_rows,
)
from members.admin import privacy as privacy

__all__ = [
    "account",
    "application",
    "arrival",
    "catalog",
    "change",
    "department",
    "designation",
    "institute",
    "member",
    "merging",
    "person",
    "privacy",
    "rights",
    "term",
    "unit",
    "unit_rows",
]
