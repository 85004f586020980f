"""What trainings does when something ends elsewhere."""

from typing import Any

from django.dispatch import receiver

from members.models import Member, Person
from members.signals import data_blocked, membership_ended
from red_genero.common.states import By
from trainings import enrolling


@receiver(membership_ended, sender=Member, dispatch_uid="trainings.free_seats")
def free_seats(*, member: Member, by: By, **_: Any) -> None:
    """A baja frees the seats that lie ahead, inside its own transaction."""
    reason = "Terminó su membresía en la Red."
    enrolling.release(member.person_id, by=by, reason=reason, cause="Baja de una integrante")


@receiver(data_blocked, sender=Person, dispatch_uid="trainings.free_seats_of_person")
def free_seats_of_person(*, person: Person, by: By, **_: Any) -> None:
    """So does the cancellation of the data of who is no integrante, where ediciones are open to her."""
    reason = "Se cancelaron sus datos personales."
    enrolling.release(person.pk, by=by, reason=reason, cause="Cancelación de datos de una persona")
