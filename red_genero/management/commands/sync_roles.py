"""Write the groups of roles.py into the database."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from red_genero.roles import ROLES


class Command(BaseCommand):
    """Make each group hold exactly the permissions of its role."""

    help = "Crea los grupos del portal y les da exactamente los permisos de red_genero/roles.py."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create missing groups, set permissions, say what was done."""
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        for name, wanted in ROLES.items():
            missing = sorted(set(wanted) - known.keys())
            if missing:
                raise CommandError(f"Permisos que no existen: {', '.join(missing)}")
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set([known[code] for code in set(wanted)])
            self.stdout.write(f"{name}: {len(set(wanted))} permisos")
