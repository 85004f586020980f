"""allauth's forms with our labels, and the small trap for machines at sign-up."""

import time
from typing import Any, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

STAMP_SALT: Final = "red_genero.accounts.signup"
FASTEST: Final = 2.0
"""Seconds: nobody fills in the sign-up form in less."""
SLOWEST: Final = 12 * 3600

HOW_LONG: Final = "Al menos 10 caracteres. Varias palabras sueltas son más fáciles de recordar y más difíciles de adivinar."
MISMATCH: Final = "Las dos contraseñas no son iguales. Escríbalas de nuevo."

WORDS: Final[dict[str, tuple[str, str]]] = {
    "login": ("Correo electrónico", ""),
    "email": ("Correo electrónico", ""),
    "password": ("Contraseña", ""),
    "oldpassword": ("Contraseña actual", ""),
    "password1": ("Contraseña", HOW_LONG),
    "password2": ("Repita la contraseña", ""),
    "code": ("Código", ""),
    "name": ("Nombre de la llave", "Para distinguirla de otras, por ejemplo «Celular» u «Oficina»."),
    "passwordless": (
        "Usarla también para ingresar sin contraseña",
        "El equipo o celular le pedirá su huella, rostro o PIN.",
    ),
}  # fmt: skip
REQUIRED: Final = {
    "login": "Escriba su correo electrónico.",
    "email": "Escriba su correo electrónico.",
    "password": "Escriba su contraseña.",
    "oldpassword": "Escriba su contraseña actual.",
    "password1": "Escriba una contraseña.",
    "password2": "Repita la contraseña.",
    "code": "Escriba el código.",
    "credential": "No se recibió la llave. Vuelva a intentarlo.",
}


class Worded(forms.Form):
    """Labels, help and required sentences of ours on whatever fields a form has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label, field.help_text = WORDS.get(name, (field.label, ""))
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = (
                    "Escriba un correo completo, por ejemplo nombre@guadalajara.gob.mx."
                )
            if name == "code":
                field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep one sentence of ours for two different passwords."""
        if field == "password2" and not isinstance(error, ValidationError):
            error = MISMATCH
        super().add_error(field, error)

    @property
    def helper(self) -> FormHelper:
        """No marks: every field of these forms is needed."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.hide_marks = True
        return helper


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    """Address and password."""


class SignupForm(Worded, account.SignupForm):  # type: ignore[misc]
    """Address and password, with a field that people neither see nor fill in.

    Nothing is dropped silently: whoever falls into the trap by a browser's autofill reads what to do, sees the field
    and sends the form again.
    """

    website = forms.CharField(
        label="Deje este campo vacío",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("email", "password1", "password2", "website", "stamp")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].label = "Deje este campo vacío"
        self.fields["stamp"].initial = SimpleLazyObject(_stamp)

    @property
    def helper(self) -> FormHelper:
        """Hide the trap from people, unless something wrote in it: then she must be able to empty it."""
        helper = super().helper
        trapped = self.is_bound and "website" in self.errors
        trap = (
            Div("website")
            if trapped
            else Div("website", css_class="extra-field", aria_hidden="true")
        )
        helper.layout = Layout("email", "password1", "password2", trap, "stamp")
        return helper

    def clean_website(self) -> str:
        """Refuse what only a machine writes."""
        if self.cleaned_data["website"]:
            raise ValidationError(
                "Borre lo que haya en este campo y envíe de nuevo. Sirve para detectar programas automáticos.",
                code="trap",
            )
        return ""

    def clean_stamp(self) -> str:
        """Refuse what was sent sooner than anybody reads, or from a page of yesterday.

        While something else has to be corrected it stays silent: the page comes back anyway.
        """
        if self.errors:
            return ""
        try:
            seen = float(signing.loads(self.cleaned_data["stamp"], salt=STAMP_SALT))
        except (signing.BadSignature, ValueError):
            seen = 0.0
        age = time.time() - seen
        if age < FASTEST:
            raise ValidationError(
                "El formulario llegó demasiado rápido. Espere unos segundos y envíelo de nuevo.",
                code="too_fast",
            )
        if age > SLOWEST:
            self._renew_stamp()
            raise ValidationError(
                "La página estuvo abierta demasiado tiempo. Envíe el formulario de nuevo.",
                code="too_slow",
            )
        return ""

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Take as long for an address that exists as for one that does not."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        made: tuple[Any, HttpResponse | None] = super().try_save(request)
        return made

    def _renew_stamp(self) -> None:
        """Let the same page be sent again."""
        self.data = {**self.data, self.add_prefix("stamp"): _stamp()}


def _stamp() -> str:
    return signing.dumps(time.time(), salt=STAMP_SALT)


class AddEmailForm(Worded, account.AddEmailForm):  # type: ignore[misc]
    """The new address of an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Correo nuevo"


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """The password she has and the one she wants."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Contraseña nueva"
        self.fields["password2"].label = "Repita la contraseña nueva"


class SetPasswordForm(Worded, account.SetPasswordForm):  # type: ignore[misc]
    """A first password for whoever entered by code."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """Her password again."""


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):  # type: ignore[misc]
    """Where to send the code."""


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail."""


class AuthenticateForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code of the second factor."""


class MFAReauthenticateForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code of the second factor, once more."""


class ActivateTOTPForm(Worded, AllauthActivateTOTPForm):  # type: ignore[misc]
    """The first code of the application."""


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A key with its name."""


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """The name of a key."""
