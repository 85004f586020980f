"""Write the groups of roles.py into the database."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from red_genero.roles import ROLES

Grant = Group.permissions.through
"""One permission of one group."""


class Command(BaseCommand):
    """Make each group hold exactly the permissions of its role."""

    help = "Crea los grupos del portal y les da exactamente los permisos de red_genero/roles.py."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create missing groups, set permissions, say what was done."""
        wanted = self._wanted()
        held = {
            (group, permission): key
            for key, group, permission in Grant.objects.filter(group__name__in=ROLES).values_list(
                "pk", "group_id", "permission_id"
            )
        }
        Grant.objects.filter(pk__in=[held[pair] for pair in held.keys() - wanted]).delete()
        Grant.objects.bulk_create(
            Grant(group_id=group, permission_id=permission)
            for group, permission in sorted(wanted - held.keys())
        )
        for name, codes in ROLES.items():
            self.stdout.write(f"{name}: {len(set(codes))} permisos")

    def _wanted(self) -> set[tuple[int, int]]:
        """Return the pairs of group and permission of every role; the missing groups are created."""
        known = {
            f"{app}.{codename}": key
            for app, codename, key in Permission.objects.values_list(
                "content_type__app_label", "codename", "pk"
            )
        }
        missing = sorted({code for codes in ROLES.values() for code in codes} - known.keys())
        if missing:
            raise CommandError(f"Permisos que no existen: {', '.join(missing)}")
        Group.objects.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
        groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
        return {(groups[name], known[code]) for name, codes in ROLES.items() for code in codes}
