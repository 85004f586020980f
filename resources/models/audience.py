"""Who may read what: the page, the file, the lists, the search and the counts all ask here."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db.models import Exists, Q

from members.models import Designation, Member
from resources.models.vocabulary import Audience

Visitor = AbstractBaseUser | AnonymousUser


def is_library_staff(user: Visitor) -> bool:
    """Whether ``user`` may read every entry."""
    return isinstance(user, PermissionsMixin) and user.has_perm("resources.view_resource")


def includes(user: Visitor, prefix: str = "") -> Q:
    """The entries whose audience includes ``user``, whatever their state.

    What is for enlaces is for those who hold a post today and whose membership is active.
    """
    audience = f"{prefix}audience"
    if is_library_staff(user):
        return Q()
    found = Q(**{audience: Audience.OPEN})
    if user.is_authenticated:
        membership = Member.objects.active().filter(person__user=user.pk)
        post = Designation.objects.current().filter(
            person__user=user.pk, person__member__state=Member.State.ACTIVE
        )
        found |= Q(**{audience: Audience.MEMBERS}) & Q(Exists(membership))
        found |= Q(**{audience: Audience.LIAISONS}) & Q(Exists(post))
    return found
