"""The administration of people, dependencias, admission and privacy, a module per subject."""

from members.admin import (
    account,
    application,
    catalog,
    department,
    designation,
    institute,
    member,
    merging,
    person,
)
from members.admin import privacy as privacy

__all__ = [
    "account",
    "application",
    "catalog",
    "department",
    "designation",
    "institute",
    "member",
    "merging",
    "person",
    "privacy",
]
