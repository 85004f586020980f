"""What becomes of each row about a person when her data are cancelled; every app says it of its own tables."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from members.models import Person, User

TITLES: Final = {
    "account.EmailAddress": "Correos de su cuenta",
    "mfa.Authenticator": "Llaves y segundo factor",
    "usersessions.UserSession": "Sesiones iniciadas",
}
"""Tables of others, in our words."""


class Fate(StrEnum):
    """What is done with the rows."""

    ERASED = "se borra"
    EMPTIED = "se vacía"
    KEPT = "se conserva"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One way by which a table points to a person or to her account.

    ``path`` leads from the row to ``members.Person``, or to ``members.User`` with ``of_user``; ``emptied`` gives the
    value that stays in each column. ``why`` is read by staff in the dry run.
    """

    model: str
    path: str
    fate: Fate
    why: str
    of_user: bool = False
    emptied: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def table(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def title(self) -> str:
        """The table in words."""
        words = TITLES.get(self.model) or str(self.table._meta.verbose_name_plural)
        return words[:1].upper() + words[1:]

    def rows(self, person: Person, held: Collection[int]) -> QuerySet[Any]:
        """Return the rows about her or about the ``held`` accounts, past any manager that guards them."""
        plain: QuerySet[Any] = QuerySet(self.table)
        return plain.filter(**{f"{self.path}__in": held if self.of_user else [person.pk]})


def accounts(person: Person) -> frozenset[int]:
    """Return the keys of her account and of those that were closed when rows of hers became one."""
    before = person.merges.values_list("values", flat=True)
    closed = {row.get("user_id") for values in before for row in values.values()}
    return frozenset(key for key in {person.user_id, *closed} if key is not None)


def keys(person: Person) -> list[int]:
    """Return her key and those that she had before rows of hers became one."""
    return [person.pk, *person.merges.values_list("gone_key", flat=True)]


Act = Callable[[Person], int]
"""Something that no claim can say: does it and returns how many rows it touched."""

_claims: Final[list[Claim]] = []
_acts: Final[list[tuple[str, Act]]] = []


def claim(
    model: str,
    path: str,
    fate: Fate,
    why: str,
    *,
    emptied: Mapping[str, Any] | Iterable[str] = (),
    files: tuple[str, ...] = (),
) -> None:
    """Say what becomes of a table's rows about a person; columns named without value are left blank."""
    values = dict(emptied) if isinstance(emptied, Mapping) else dict.fromkeys(emptied, "")
    made = Claim(model=model, path=path, fate=fate, why=why, emptied=values, files=files)
    _claims.append(made)


def claim_user(model: str, path: str, fate: Fate, why: str) -> None:
    """Say the same of rows that point to her account."""
    _claims.append(Claim(model=model, path=path, fate=fate, why=why, of_user=True))


def act(title: str) -> Callable[[Act], Act]:
    """Register a function that anonymising calls before the claims; ``title`` is read in the dry run."""

    def register(do: Act) -> Act:
        _acts.append((title, do))
        return do

    return register


def claims() -> list[Claim]:
    """Return every claim, in the order in which they are carried out."""
    return list(_claims)


def acts() -> list[tuple[str, Act]]:
    """Return every act, in order."""
    return list(_acts)


def unclaimed() -> list[str]:
    """Return every column that leads to a person or an account and that nobody spoke of.

    Looks at what points to her, to her account, and to the rows about her that stay. Histories of values are left
    out: hers are erased with her row, and in the others she is only the number of an account.
    """
    spoken = {(made.table, made.path) for made in _claims}
    about_her = {made.table for made in _claims if not made.of_user}
    silent = []
    for model in apps.get_models(include_auto_created=True):
        if model in (Person, User) or hasattr(model, "history_id"):
            continue
        owner: Any = model._meta.auto_created
        for column in model._meta.concrete_fields:
            to = column.related_model
            if to is Person or to is User:
                hers = owner is Person or owner is User
                silent += [] if hers or (model, column.name) in spoken else [_name(column)]
            elif to in about_her and model not in about_her and not owner:
                silent.append(_name(column))
    return silent


def _name(column: models.Field[Any, Any]) -> str:
    return f"{column.model._meta.label}.{column.name}"
