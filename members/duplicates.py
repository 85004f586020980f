"""People who may be the same one: who looks alike, by what, and what somebody found out about it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from members.models import DistinctPeople, Person, User
from red_genero.common.states import By
from red_genero.common.text import fold, format_phone, join_with_y


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who looks like her, by what, and the note that says that they are not the same."""

    person: Person
    reasons: tuple[str, ...]
    dismissed: str = ""

    @property
    def why(self) -> str:
        """The reasons as a sentence."""
        return f"Tienen {join_with_y(list(self.reasons))}."


class Register:
    """Everybody whom the portal knows, read once, so that each row of a file is compared without another query."""

    def __init__(self) -> None:
        self._sharing: defaultdict[tuple[str, ...], list[Person]] = defaultdict(list)
        for person in Person.objects.known().select_related("user", "member").order_by("pk"):
            for trait in _traits(person):
                self._sharing[trait].append(person)

    def of(self, newcomer: Person) -> list[Likeness]:
        """Return whoever looks like somebody who has no row yet, as ``of`` would."""
        known = {
            other.pk: other for trait in _traits(newcomer) for other in self._sharing.get(trait, ())
        }
        found = [Likeness(other, reasons(newcomer, other)) for _, other in sorted(known.items())]
        return sorted((each for each in found if each.reasons), key=lambda each: -len(each.reasons))


def of(person: Person) -> list[Likeness]:
    """Return whoever shares name, employee number, telephone or mail with her; two queries.

    A name counts without case or accents and in any order. A draft is hers alone: who never sent anything is left out.
    """
    alike = Person.objects.known().exclude(pk=person.pk).filter(_alike(person))
    known = list(alike.select_related("user", "member").order_by("pk"))
    notes = _dismissed(person, known)
    found = [Likeness(other, reasons(person, other), notes.get(other.pk, "")) for other in known]
    found = [each for each in found if each.reasons]
    return sorted(found, key=lambda each: (bool(each.dismissed), -len(each.reasons)))


def open_for(person: Person) -> list[Likeness]:
    """Return those that nobody has dismissed."""
    return [each for each in of(person) if not each.dismissed]


def reasons(one: Person, other: Person) -> tuple[str, ...]:
    """Return what two people share, in words."""
    found = []
    if one.full_name and _words(one) == _words(other):
        found.append("el mismo nombre")
    elif _short_name(one) == _short_name(other) and not (
        one.second_surname and other.second_surname
    ):
        found.append("el mismo nombre y primer apellido")
    if one.employee_number and one.employee_number == other.employee_number:
        found.append(f"el mismo número de empleada ({one.employee_number})")
    if one.mobile and one.mobile == other.mobile:
        found.append(f"el mismo celular ({format_phone(one.mobile)})")
    if _desk(one) and _desk(one) == _desk(other):
        found.append(f"el mismo teléfono y extensión ({one.office_phone_text})")
    if shared := _addresses(one) & _addresses(other):
        found.append(f"el mismo correo ({min(shared)})")
    return tuple(found)


def dismiss(one: Person, other: Person, *, note: str, by: By) -> DistinctPeople:
    """Note that they are two people, and how that is known; a second time changes nothing."""
    if not note.strip():
        raise ValidationError("Escriba cómo se sabe que son dos personas.", code="note_missing")
    if not isinstance(by.user, User):
        raise ValidationError("Lo anota una persona.", code="needs_a_person")
    first, second = sorted((one, other), key=lambda person: person.pk)
    with transaction.atomic():
        noted, _ = DistinctPeople.objects.get_or_create(
            first=first, second=second, defaults={"note": note.strip(), "noted_by": by.user}
        )
    return noted


def _traits(person: Person) -> Iterator[tuple[str, ...]]:
    """Yield what two people who look alike have in common at least one of."""
    short = _short_name(person)
    if len(short.split()) > 1:
        yield ("name", *_words(person))
        yield ("short name", short)
    if person.employee_number:
        yield "number", person.employee_number
    if person.mobile:
        yield "mobile", person.mobile
    if desk := _desk(person):
        yield "desk", *desk
    for address in _addresses(person):
        yield "address", address


def _alike(person: Person) -> Q:
    """Return the condition by which the database finds candidates."""
    wanted = Q(pk__in=[])
    words = _short_name(person).split()
    if len(words) > 1:
        same_words = Q(name_key__contains=words[0])
        for word in words[1:]:
            same_words &= Q(name_key__contains=word)
        wanted |= same_words
    if person.employee_number:
        wanted |= Q(employee_number=person.employee_number)
    if person.mobile:
        wanted |= Q(mobile=person.mobile)
    if _desk(person):
        wanted |= Q(office_phone=person.office_phone, extension=person.extension)
    if mails := _addresses(person):
        wanted |= Q(institutional_email__in=mails) | Q(alternate_email__in=mails)
        wanted |= Q(user__email__in=mails)
    return wanted


def _words(person: Person) -> list[str]:
    """Return the words of her whole name without case or accents, in an order of their own."""
    return sorted(fold(person.full_name).split())


def _short_name(person: Person) -> str:
    """Return names and first surname without case or accents: many write no second one."""
    return fold(f"{person.given_names} {person.first_surname}")


def _desk(person: Person) -> tuple[str, str] | None:
    """Return telephone and extension; a number without extension is a whole office's."""
    return (person.office_phone, person.extension) if person.extension else None


def _addresses(person: Person) -> set[str]:
    """Return every address of hers."""
    account = person.user.email if person.user else ""
    return {person.institutional_email, person.alternate_email, account} - {""}


def _dismissed(person: Person, others: Iterable[Person]) -> dict[int, str]:
    """Return, by the other's key, the note that says that they are not the same."""
    keys = [other.pk for other in others]
    if person.pk is None or not keys:
        return {}
    pairs = DistinctPeople.objects.filter(
        Q(first=person, second__in=keys) | Q(second=person, first__in=keys)
    )
    return {
        (pair.second_id if pair.first_id == person.pk else pair.first_id): pair.note
        for pair in pairs
    }
