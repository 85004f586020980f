"""What trainings does when something ends elsewhere."""

from typing import Any

from django.dispatch import receiver

from members.models import Member
from members.signals import membership_ended
from red_genero.common.states import By
from trainings import enrolling


@receiver(membership_ended, sender=Member, dispatch_uid="trainings.free_seats")
def free_seats(*, member: Member, by: By, **_: Any) -> None:
    """A baja frees the seats that lie ahead, inside its own transaction."""
    enrolling.release_member(member, by=by)
