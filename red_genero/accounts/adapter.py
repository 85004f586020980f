"""How allauth speaks, limits and keeps secrets here."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from red_genero.accounts import devices, vault
from red_genero.common import mail

SHELF_LIFE: Final[Mapping[str, timedelta]] = {
    "login_code": timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
    "email_confirmation": timedelta(hours=12),
    "email_confirmation_signup": timedelta(hours=12),
    "account_already_exists": timedelta(hours=12),
    "unknown_account": timedelta(hours=12),
    "password_reset_key": timedelta(hours=2),
}
"""After this long a message would only confuse: it is not sent any more."""
NOTICE_LIFE: Final = timedelta(days=1)

MESSAGES: Final = {
    "account_inactive": "Esta cuenta está desactivada. Escriba al Instituto si cree que es un error.",
    "cannot_remove_primary_email": "No se puede quitar su correo principal.",
    "duplicate_email": "Ese correo ya es el de su cuenta.",
    "email_password_mismatch": "El correo o la contraseña no coinciden. Revíselos, o pida un código por correo.",
    "email_taken": "Ya existe una cuenta con este correo.",
    "enter_current_password": "La contraseña actual no coincide. Escríbala de nuevo.",
    "incorrect_code": "El código no coincide o ya venció. Revíselo, o pida uno nuevo.",
    "incorrect_password": "La contraseña no coincide. Escríbala de nuevo.",
    "invalid_or_expired_key": "El enlace no es válido o ya venció. Pida uno nuevo.",
    "invalid_login": "No fue posible ingresar con esos datos. Revíselos e intente de nuevo.",
    "invalid_password_reset": "El enlace para cambiar la contraseña no es válido o ya venció. Pida uno nuevo.",
    "max_email_addresses": "No puede agregar más de %d correos.",
    "too_many_login_attempts": (
        "Hubo demasiados intentos seguidos. Espere cinco minutos, o ingrese con un código por correo o con su "
        "llave de acceso."
    ),
    "unknown_email": "No se encontró una cuenta con ese correo.",
    "unverified_primary_email": "Primero confirme su correo principal.",
    "select_only_one": "Elija solo una opción.",
    "same_as_current": "El dato nuevo es igual al actual.",
    "rate_limited": "Hubo demasiados intentos seguidos. Espere unos minutos.",
}
MFA_MESSAGES: Final = {
    "add_email_blocked": "Para cambiar su correo quite antes su segundo factor; después podrá activarlo otra vez.",
    "cannot_delete_authenticator": "No se puede quitar este segundo factor.",
    "cannot_generate_recovery_codes": "Active antes un segundo factor; después podrá generar códigos de respaldo.",
    "incorrect_code": "El código no coincide. Revise que sea el que muestra su aplicación en este momento.",
    "unverified_email": "Confirme antes su correo; después podrá activar el segundo factor.",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mail through the outbox, limits per address and place, sentences of ours."""

    error_messages = {**DefaultAccountAdapter.error_messages, **MESSAGES}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message as one of ours; staff never reads what opens an account."""
        name = template_prefix.rpartition("/")[2]
        mail.send(
            f"account/{name}",
            to=email,
            context={
                **context,
                "email": email,
                "login_url": settings.PORTAL_URL + reverse("account_login"),
                "reset_url": settings.PORTAL_URL + reverse("account_reset_password"),
            },
            expires_at=timezone.now() + SHELF_LIFE.get(name, NOTICE_LIFE),
            secret=name in SHELF_LIFE,
        )

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """What the notices of changes to her account call her browser."""
        return devices.named(request.headers.get("User-Agent", ""))

    def get_from_email(self) -> str:
        """The portal's own address."""
        return str(settings.DEFAULT_FROM_EMAIL)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count wrong passwords per address and place, and far more loosely per address alone.

        Whoever guesses from elsewhere does not shut the owner out; codes by mail and passkeys stay open anyway.
        """
        address = str(credentials.get("email", "")).strip().lower()
        everywhere = ratelimit.consume(
            request, app="allauth.account", action="login_anywhere", key=address
        )
        if everywhere is None:
            raise self.validation_error("too_many_login_attempts")
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            everywhere.rollback()
            raise
        self._everywhere = everywhere

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        address = str(credentials.get("email", "")).strip().lower()
        return f"{ratelimit.get_ip(request)}:{address}"

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if everywhere := getattr(self, "_everywhere", None):
            everywhere.rollback()

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """The ways to prove again who she is, in our words."""
        words = {
            "reauthenticate": "Usar su contraseña",
            "mfa_reauthenticate": "Usar un código de su aplicación o de respaldo",
            "mfa_reauthenticate:webauthn": "Usar su llave de acceso",
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets encrypted at rest, names in Spanish."""

    error_messages = {**DefaultMFAAdapter.error_messages, **MFA_MESSAGES}

    def encrypt(self, text: str) -> str:
        """Encrypt before the row is written."""
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt what a row holds."""
        return vault.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002
        """«Llave 1», «Llave 2»: she may call it otherwise."""
        from allauth.mfa.models import Authenticator

        return f"Llave {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """How the browser names the portal when it asks for the key."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": str(settings.MFA_TOTP_ISSUER)}
