"""allauth's pages at Spanish addresses, under the names by which allauth looks for them.

They hold addresses and one-time keys also while nobody has signed in: no cache keeps them, no search engine lists them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions.views import list_usersessions
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from red_genero.common.http import private_page

urlpatterns = [
    path("ingresar/", account.login, name="account_login"),
    path(
        "ingresar/codigo/",
        login_not_required(account.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "ingresar/codigo/confirmar/", account.confirm_login_code, name="account_confirm_login_code"
    ),
    path("ingresar/llave/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("ingresar/segundo-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("salir/", account.logout, name="account_logout"),
    path("desactivada/", account.account_inactive, name="account_inactive"),
    path("registro/", account.signup, name="account_signup"),
    path(
        "confirmar-correo/", account.email_verification_sent, name="account_email_verification_sent"
    ),
    re_path(
        r"^confirmar-correo/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"
    ),
    path("correo/", account.email, name="account_email"),
    path("contrasena/", account.password_change, name="account_change_password"),
    path("contrasena/crear/", account.password_set, name="account_set_password"),
    path("contrasena/olvidada/", account.password_reset, name="account_reset_password"),
    path(
        "contrasena/olvidada/enviado/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^contrasena/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "contrasena/lista/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("confirmar-identidad/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmar-identidad/codigo/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "confirmar-identidad/llave/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("segundo-factor/", mfa.index, name="mfa_index"),
    path("segundo-factor/aplicacion/", totp.activate_totp, name="mfa_activate_totp"),
    path("segundo-factor/aplicacion/quitar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "segundo-factor/respaldo/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "segundo-factor/respaldo/generar/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "segundo-factor/respaldo/descargar/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("segundo-factor/llaves/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("segundo-factor/llaves/agregar/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "segundo-factor/llaves/<int:pk>/quitar/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "segundo-factor/llaves/<int:pk>/nombre/", webauthn.edit_webauthn, name="mfa_edit_webauthn"
    ),
    path("sesiones/", list_usersessions, name="usersessions_list"),
]

for _entry in urlpatterns:
    _entry.callback = private_page(_entry.callback)
