"""The few tags of the portal: links that exist, badges, error summary, active filters."""

import datetime
from collections.abc import Mapping
from typing import Final, NamedTuple, TypedDict

import nh3
from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from red_genero.accounts.devices import named
from red_genero.common.text import dialable

register = template.Library()
register.filter(dialable)
register.filter("equipment", named)

RICH_TAGS: Final = {"p", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}

TONES: Final[Mapping[str, str]] = {
    "abierta": "ok",
    "aceptada": "info",
    "activa": "ok",
    "aprobada": "ok",
    "confirmada": "ok",
    "concluida": "ok",
    "concluido": "ok",
    "enviado": "ok",
    "hecha": "ok",
    "listo": "ok",
    "presente": "ok",
    "validada": "ok",
    "publicada": "ok",
    "publicado": "ok",
    "vigente": "ok",
    "en_curso": "info",
    "en_proceso": "info",
    "en_revision": "info",
    "enviada": "info",
    "presentada": "info",
    "justificada": "info",
    "ofrecida": "attention",
    "por_confirmar": "attention",
    "requiere_informacion": "attention",
    "retardo": "attention",
    "observada": "attention",
    "en_cola": "wait",
    "en_espera": "wait",
    "pendiente": "wait",
    "reformado": "wait",
    "solicitada": "wait",
    "nominada": "attention",
    "autopropuesta": "attention",
    "suspendida": "wait",
    "cancelada": "stop",
    "abrogado": "stop",
    "fallida": "stop",
    "falta": "stop",
    "fallido": "stop",
    "rechazada": "stop",
    "revocada": "stop",
    "sin_efecto": "stop",
}

SITE_LINKS: Final = (
    ("La Red", "la_red"),
    ("Directorio", "members:department_list"),
    ("Formación", "trainings:course_list"),
    ("Biblioteca", "resources:topic_list"),
    ("Indicadores", "indicators"),
    ("Verificar constancia", "trainings:verify"),
    ("Buscar", "search"),
)
ACCOUNT_SETTINGS: Final = (
    ("Correo", "account_email"),
    ("Contraseña", "account_change_password"),
    ("Segundo factor", "mfa_index"),
    ("Sesiones abiertas", "usersessions_list"),
)
FOOTER_LINKS: Final = (
    (
        "El portal",
        (
            ("La Red", "la_red"),
            ("Solicitar ingreso", "members:application"),
            ("Verificar una constancia", "trainings:verify"),
            ("Buscar", "search"),
        ),
    ),
    (
        "Cuidado y privacidad",
        (
            ("Líneas de ayuda", "resources:helpline_list"),
            ("Aviso de privacidad", "members:privacy"),
        ),
    ),
)


class Link(NamedTuple):
    """One entry of a menu."""

    label: str
    url: str
    current: str = ""
    """``page`` on that page, ``true`` below it: the value of aria-current."""
    main: bool = False


class LinkGroup(NamedTuple):
    """A titled list of entries."""

    title: str
    links: list[Link]


class AccountLinks(TypedDict):
    """The account's entries; ``logout_url`` is empty for visitors."""

    links: list[Link]
    logout_url: str


class FormError(NamedTuple):
    """One line of the error summary; ``href`` is empty for what belongs to no field."""

    message: str
    label: str = ""
    href: str = ""


class ActiveFilter(NamedTuple):
    """A filter in force; ``url`` is the list without it."""

    label: str
    value: str
    url: str


def url_or_empty(name: str, *args: str) -> str:
    """Return the address of a page, or nothing when that page does not exist yet."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _links(path: str, entries: tuple[tuple[str, str], ...]) -> list[Link]:
    """Return the entries whose page exists; the one that holds ``path`` is current."""
    found = ((label, url_or_empty(name)) for label, name in entries)
    return [Link(label, url, _current(path, url)) for label, url in found if url]


def _current(path: str, url: str) -> str:
    """Return how ``path`` relates to the page at ``url``."""
    if path == url:
        return "page"
    return "true" if path.startswith(url) else ""


def _path(context: Context) -> str:
    """Return the path of the request; error pages may have none."""
    request = context.get("request")
    return request.path if isinstance(request, HttpRequest) else ""


@register.simple_tag
def url_if(name: str, *args: str) -> str:
    """Return the address of a page if it exists: ``{% url_if "search" as url %}``."""
    return url_or_empty(name, *args)


@register.simple_tag(takes_context=True)
def site_links(context: Context) -> list[Link]:
    """Return the entries of the main menu."""
    return _links(_path(context), SITE_LINKS)


@register.simple_tag(takes_context=True)
def settings_links(context: Context) -> list[Link]:
    """Return the pages on which she takes care of her account."""
    return _links(_path(context), ACCOUNT_SETTINGS)


@register.simple_tag
def footer_links() -> list[LinkGroup]:
    """Return the footer's groups, without the empty ones."""
    groups = [LinkGroup(title, _links("", entries)) for title, entries in FOOTER_LINKS]
    return [group for group in groups if group.links]


@register.simple_tag(takes_context=True)
def account_links(context: Context) -> AccountLinks:
    """Return what this account may open."""
    user, path = context.get("user"), _path(context)
    if user is None or not user.is_authenticated:
        links = _links(path, (("Ingresar", "account_login"), ("Registrarse", "account_signup")))
        return {
            "links": [link._replace(main=link.label == "Registrarse") for link in links],
            "logout_url": "",
        }
    entries = [
        ("Mi panel", "panel"),
        ("Mis datos", "members:my_data"),
        ("Su cuenta", "account_email"),
    ]
    if user.has_perm("trainings.coordinate_edition"):
        entries.append(("Coordinación", "trainings:coordination"))
    if user.is_staff:
        entries.append(("Administración", "admin:index"))
    return {"links": _links(path, tuple(entries)), "logout_url": url_or_empty("account_logout")}


@register.inclusion_tag("components/_badge.html")
def badge(state: str, label: str = "", tone: str = "") -> dict[str, str]:
    """Show a state as a word and a shape; ``tone`` overrides the one of the state."""
    return {"label": label or state, "tone": tone or TONES.get(str(state), "neutral")}


@register.inclusion_tag("components/_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, list[FormError]]:
    """List what is wrong with a form, one line per field and linked to it: the title counts the lines."""
    errors = [FormError(str(message)) for message in form.non_field_errors()]
    errors.extend(
        _field_error(field, " ".join(map(str, field.errors))) for field in form if field.errors
    )
    return {"errors": errors}


def _field_error(field: BoundField, message: str) -> FormError:
    """Return the line of one field; hidden ones cannot be linked."""
    if field.is_hidden:
        return FormError(message)
    target = field.id_for_label or f"{field.auto_id}_0"
    return FormError(message, str(field.label), f"#{target}")


@register.simple_tag(takes_context=True)
def active_filters(context: Context, form: BaseForm) -> list[ActiveFilter]:
    """Return the filters in force, in words, each with the address that takes it away."""
    request: HttpRequest = context["request"]
    found = []
    for field in form:
        value = request.GET.get(field.html_name, "").strip()
        if not value or (form.is_bound and field.errors):
            continue
        rest = request.GET.copy()
        del rest[field.html_name]
        rest.pop("page", None)
        query = rest.urlencode()
        url = f"{request.path}?{query}" if query else request.path
        found.append(ActiveFilter(str(field.label), _shown(field, value), url))
    return found


def _shown(field: BoundField, value: str) -> str:
    """Return the chosen option's words, or what was typed."""
    for option, words in getattr(field.field, "choices", ()):
        if str(option) == value:
            return str(words)
    return value


@register.simple_tag
def date_range(start: datetime.date, end: datetime.date) -> str:
    """Return «1 de diciembre de 2026», «del 1 al 10 de diciembre de 2026» and so on."""
    if start == end:
        return date_format(start)
    if start.year != end.year:
        first = date_format(start)
    elif start.month != end.month:
        first = date_format(start, "MONTH_DAY_FORMAT")
    else:
        first = str(start.day)
    return f"del {first} al {date_format(end)}"


@register.filter
def mail_breaks(address: str) -> SafeString:
    """Return an address of mail that, where it does not fit, breaks after its @ and not letter by letter."""
    name, at, domain = address.rpartition("@")
    return format_html("{}{}<wbr>{}", name, at, domain)


@register.filter
def rich_text(html: str) -> SafeString:
    """Return a text of the staff with only the harmless tags, ready to print."""
    return SafeString(nh3.clean(html, tags=RICH_TAGS, attributes={"a": {"href"}}))
