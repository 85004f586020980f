"""Advice to whoever vets a solicitud. It never decides by itself."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from members.models import (
    MIDDLE_OR_UPPER,
    Application,
    Assignment,
    Department,
    Level,
    MailDomain,
    User,
)
from red_genero.common.text import join_with_y

RANKS: Final[dict[str, int]] = {level: rank for rank, level in enumerate(Level.values)}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at: whether it fits the invitation, and why."""

    topic: str
    fits: bool
    why: str


def advise(application: Application) -> list[Advice]:
    """Return what the invitation of the Red says about this solicitud, point by point."""
    return [_level(application), _mail(application), _workplace(application)]


def _level(application: Application) -> Advice:
    """Cargo medio o superior."""
    label = application.get_level_display() or "sin nivel"
    fits = application.level in MIDDLE_OR_UPPER
    why = (
        f"Nivel declarado: {label}. La invitación es para cargos medios y superiores."
        if not fits
        else f"Nivel declarado: {label}."
    )
    return Advice("Nivel de responsabilidad", fits, why)


def _mail(application: Application) -> Advice:
    """Institutional domain of that dependencia, or of the whole Ayuntamiento."""
    address = application.person.institutional_email
    domain = address.rpartition("@")[2]
    known = MailDomain.objects.filter(
        Q(department=None) | Q(department__in=_with_ancestors(application.department)),
        domain__iexact=domain,
    )
    proven = application.person.user is not None and application.person.user.email == address
    doubts = []
    if not known.exists():
        doubts.append(f"el dominio {domain or '(vacío)'} no está registrado para su dependencia")
    if not proven:
        doubts.append("no es el correo con el que comprobó su cuenta")
    if doubts:
        return Advice("Correo institucional", fits=False, why=f"{address}: {join_with_y(doubts)}.")
    return Advice(
        "Correo institucional", fits=True, why=f"{address}: dominio registrado y comprobado."
    )


def _workplace(application: Application) -> Advice:
    """A dependencia of the catalogue, confirmed."""
    department = application.department
    topic = "Dependencia"
    if department is None:
        why = f"Escribió «{application.department_other}»: elija la del catálogo antes de aprobar."
        return Advice(topic, fits=False, why=why)
    if department.unconfirmed:
        return Advice(
            topic, fits=False, why=f"{department}: falta confirmar que existe con ese nombre."
        )
    return Advice(topic, fits=True, why=str(department))


def _with_ancestors(department: Department | None) -> list[int]:
    """Return the keys of a dependencia and of those above it, nearest first."""
    found: list[int] = []
    while department is not None and department.pk not in found:
        found.append(department.pk)
        department = department.parent
    return found


def why_not_hers_to_judge(application: Application, user: User) -> str:
    """Return why this account may not decide over this solicitud, or nothing.

    Nobody decides over her own solicitud, nor over somebody of a higher level who works in her own
    dependencia or in one above it.
    """
    if application.person.user_id == user.pk:
        return "Es su propia solicitud: la debe resolver otra persona."
    post = Assignment.objects.open().filter(person__user=user).select_related("department").first()
    if post is None or application.department_id is None:
        return ""
    higher = RANKS.get(application.level, -1) > RANKS[post.level]
    if higher and application.department_id in _with_ancestors(post.department):
        return "Es alguien de mayor nivel en su misma dependencia: la debe resolver otra persona."
    return ""
