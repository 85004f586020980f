"""Take away the second factor of somebody who lost it, after checking who she is."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from members.models import User
from red_genero.common import mail


class Command(BaseCommand):
    """Delete her second factors, close her sessions and tell her by mail."""

    help = "Quita el segundo factor de una cuenta, cierra sus sesiones y le avisa por correo."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask whose."""
        parser.add_argument("email", help="correo de la cuenta")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that there is nothing to do."""
        user = User.objects.filter(email=options["email"]).first()
        if user is None:
            raise CommandError("No hay una cuenta con ese correo.")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise CommandError("Esa cuenta no tiene segundo factor.")
        for session in UserSession.objects.filter(user=user):
            session.end()
        mail.send(
            "account/second_factor_forgotten",
            to=user.email,
            context={
                "timestamp": timezone.now(),
                "reset_url": settings.PORTAL_URL + reverse("account_reset_password"),
            },
        )
        self.stdout.write(f"{user.email}: se quitó el segundo factor y se cerraron sus sesiones.")
