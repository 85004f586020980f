"""Messages of the accounts whose words the Instituto may change; notices of security stay as they are.

What opens an account must be in the text: without its link or its code the message would be of no use.
"""

from dataclasses import replace
from typing import Final

from red_genero.common.mailtexts import Mark, Message, register

_SITE: Final = "https://portal.ejemplo"

ADDRESS: Final = Mark("correo", "Correo al que se escribe", "email", "ana.ruiz@ejemplo.mx")
CONFIRM: Final = Mark(
    "enlace",
    "Enlace para confirmar",
    "activate_url",
    f"{_SITE}/cuenta/confirmar-correo/abc123/",
    link=True,
    needed=True,
)
RESET: Final = Mark(
    "enlace",
    "Enlace para crear la contraseña",
    "password_reset_url",
    f"{_SITE}/cuenta/contrasena/nueva/abc123/",
    link=True,
    needed=True,
)

register(
    Message(
        "account/email_confirmation_signup",
        "Cuenta: confirme su correo, al registrarse",
        (ADDRESS, CONFIRM),
    ),
    Message(
        "account/email_confirmation", "Cuenta: confirme su correo, al agregarlo", (ADDRESS, CONFIRM)
    ),
    Message(
        "account/login_code",
        "Cuenta: código para ingresar",
        (Mark("codigo", "Código de un solo uso", "code", "QRT782", needed=True),),
    ),
    Message("account/password_reset_key", "Cuenta: cree una contraseña nueva", (ADDRESS, RESET)),
    Message(
        "account/account_already_exists",
        "Cuenta: ese correo ya tiene una",
        (
            ADDRESS,
            Mark(
                "enlace",
                "Enlace para ingresar",
                "login_url",
                f"{_SITE}/cuenta/ingresar/",
                link=True,
            ),
            replace(RESET, name="enlace_contrasena"),
        ),
    ),
    Message(
        "account/unknown_account",
        "Cuenta: no hay ninguna con ese correo",
        (
            ADDRESS,
            Mark(
                "enlace",
                "Enlace para registrarse",
                "signup_url",
                f"{_SITE}/cuenta/crear/",
                link=True,
            ),
        ),
    ),
)
