"""The login account: an address and a password, nothing personal."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Trim
from django.utils import timezone
from django.utils.formats import date_format

from red_genero.common.fields import LowercaseEmailField
from red_genero.common.text import normalise_email


class UserManager(BaseUserManager["User"]):
    """Creates accounts by address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Return a new account; without password it can only enter by a code sent by mail."""
        if not email.strip():
            raise ValueError("An account needs an address.")
        user = self.model(email=normalise_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Return a new account with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account whatever the case of the address."""
        return self.get(email=normalise_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who may sign in."""

    email = LowercaseEmailField(
        "correo electrónico",
        unique=True,
        error_messages={"unique": "Ya existe una cuenta con este correo."},
    )
    is_staff = models.BooleanField(
        "personal del Instituto", default=False, help_text="Puede entrar a la administración."
    )
    is_active = models.BooleanField(
        "activa", default=True, help_text="Desmarque en lugar de borrar la cuenta."
    )
    date_joined = models.DateTimeField("registro", default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "cuenta"
        verbose_name_plural = "cuentas"
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower(Trim("email")),
                name="user_email_unique_ignoring_case",
                violation_error_message="Ya existe una cuenta con este correo.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The person's name, or the address while she has not given one."""
        person = getattr(self, "person", None)
        return person.full_name if person and person.full_name else self.email

    def get_short_name(self) -> str:
        """The first name, or the address."""
        person = getattr(self, "person", None)
        return person.given_names.split(" ")[0] if person and person.given_names else self.email


class SignIn(models.Model):
    """One entry into an account: when and from where, for its owner to recognise."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name="cuenta")
    at = models.DateTimeField("cuándo", default=timezone.now, editable=False)
    address = models.GenericIPAddressField("dirección de red", null=True, blank=True)
    browser = models.CharField("navegador", max_length=200, blank=True)

    class Meta:
        verbose_name = "ingreso a la cuenta"
        verbose_name_plural = "ingresos a la cuenta"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_user")]

    def __str__(self) -> str:
        return date_format(timezone.localtime(self.at), "DATETIME_FORMAT")
