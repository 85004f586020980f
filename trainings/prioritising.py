"""Who goes first in the queue: the rule of each edición, read once, when she enters it."""

from typing import Final

from members.models import Designation, Person
from trainings.models import Edition, Enrollment

FIRST: Final = 10
BY_ARRIVAL: Final = 0


def priority_of(edition: Edition, person: Person) -> int:
    """Return the priority that the edición's rule gives a person now; the higher goes first."""
    rule = edition.priority_rule
    if rule == Edition.Priority.LIAISONS:
        hers = Designation.objects.current().filter(person=person).exists()
    elif rule == Edition.Priority.FIRST_TIME:
        done = Enrollment.objects.filter(person=person, state=Enrollment.State.COMPLETED)
        hers = not done.exists()
    else:
        hers = False
    return FIRST if hers else BY_ARRIVAL


def in_words(edition: Edition) -> str:
    """Return by what order the places that are freed are offered."""
    return {
        Edition.Priority.LIAISONS: "primero a enlaces de género y, después, por orden de llegada",
        Edition.Priority.FIRST_TIME: (
            "primero a quien no ha concluido ninguna formación y, después, por orden de llegada"
        ),
    }.get(Edition.Priority(edition.priority_rule), "por orden de llegada")
