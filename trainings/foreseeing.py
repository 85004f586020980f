"""Whom a move of an edición reaches, told before the press: how many, who, and which mails leave."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from trainings.models import Edition, Enrollment

NAMES_SHOWN: Final = 60
State = Enrollment.State


@dataclass(frozen=True, slots=True)
class Group:
    """The people in one state, and the mail that each will get, if any."""

    label: str
    names: list[str]
    mail: str

    @property
    def shown(self) -> list[str]:
        """As many names as fit on a page."""
        return self.names[:NAMES_SHOWN]

    @property
    def more(self) -> int:
        """How many are left out."""
        return len(self.names) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Reach:
    """Everybody whom a move reaches."""

    groups: list[Group] = field(default_factory=list)
    also: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many people are named."""
        return sum(len(group.names) for group in self.groups)

    @property
    def mails(self) -> int:
        """How many mails will leave."""
        return sum(len(group.names) for group in self.groups if group.mail)


def cancelling(edition: Edition) -> Reach:
    """Everybody with an open inscripción is told once; who had a seat loses it from her calendar."""
    mail = "Se canceló la edición, con el motivo"
    also = ["Las inscripciones abiertas se cancelan y la página dice el motivo."]
    return Reach(_groups(edition, Enrollment.OPEN, dict.fromkeys(Enrollment.OPEN, mail)), also)


def changing_sessions(edition: Edition) -> Reach:
    """Whoever has a confirmed seat is told once, with her calendar brought up to date."""
    if edition.state == Edition.State.DRAFT:
        return Reach(also=["Es un borrador: nadie tiene lugar y no sale ningún correo."])
    mail = "Cambio de sesiones, con el archivo para su calendario"
    return Reach(_groups(edition, (State.CONFIRMED,), {State.CONFIRMED: mail}))


def starting(edition: Edition) -> Reach:
    """Nobody is mailed; who still waits gets no seat any more."""
    also = ["Ya no se ofrecen lugares ni se aceptan inscripciones. No sale ningún correo."]
    return Reach(_groups(edition, (State.CONFIRMED, State.OFFERED, State.WAITING), {}), also)


def publishing(edition: Edition) -> Reach:
    """Nobody is in it yet."""
    opens = "Nadie tiene inscripción todavía y no sale ningún correo."
    return Reach(_groups(edition, Enrollment.OPEN, {}), [opens])


def seats_changing(edition: Edition) -> Reach:
    """Those who wait are offered the new seats, in their order, one mail each."""
    also = ["Si el cupo sube, cada lugar nuevo se ofrece por correo a la siguiente de la lista."]
    return Reach(_groups(edition, (State.WAITING,), {}), also)


def _groups(edition: Edition, states: Sequence[str], mails: dict[str, str]) -> list[Group]:
    """Return the people of an edición by state, in the order of the states; one query."""
    people: dict[str, list[str]] = defaultdict(list)
    for seat in _people(edition, states):
        people[seat.state].append(str(seat.person))
    return [
        Group(State(state).label, people[state], mails.get(state, ""))
        for state in states
        if people[state]
    ]


def _people(edition: Edition, states: Sequence[str]) -> Iterable[Enrollment]:
    seats = Enrollment.objects.filter(edition=edition, state__in=states).select_related("person")
    return seats.order_by("-priority", "queued_at", "person__sort_name", "pk")
