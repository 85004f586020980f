"""What the worker does for members by itself."""

from datetime import timedelta

from members import (
    admitting,
    answering,
    closing_terms,
    contacting,
    expiring,
    handing_over,
    importing,
    leaving_posts,
    planning,
)
from red_genero.common.jobs import sweeper
from red_genero.common.states import By


@sweeper("ronda de solicitudes", every=timedelta(hours=1))
def follow_the_deadlines() -> None:
    """Remind who has to answer, then expire what nobody answered."""
    admitting.remind_due()
    admitting.expire_due(by=By.job("Ronda de solicitudes"))


@sweeper("ronda de enlaces", every=timedelta(hours=1))
def follow_the_designations() -> None:
    """Close those whose last day passed, then remind of those that end soon."""
    leaving_posts.expire_due(by=By.job("Ronda de enlaces"))
    leaving_posts.remind_due()


@sweeper("ronda de Unidades de Género", every=timedelta(hours=1))
def follow_the_plans() -> None:
    """Remind of the annual plans that end soon."""
    planning.remind_due()


@sweeper("ronda de periodos de gobierno", every=timedelta(hours=1))
def follow_the_terms() -> None:
    """Remind, once at each distance, that a government ends."""
    closing_terms.remind_due()


@sweeper("paquetes de entrega de hace un mes", every=timedelta(hours=6))
def forget_old_handovers() -> None:
    """Delete what was handed over long ago: it can be made again."""
    handing_over.forget_old()


@sweeper("ronda de solicitudes de contacto", every=timedelta(hours=1))
def follow_the_contacts() -> None:
    """Close the requests for contact that nobody answered in time."""
    contacting.expire_due(by=By.job("Ronda de solicitudes de contacto"))


@sweeper("importaciones olvidadas", every=timedelta(hours=6))
def discard_forgotten_imports() -> None:
    """Throw away what was read of a file and never applied."""
    importing.discard_forgotten()


@sweeper("ronda de derechos ARCO", every=timedelta(hours=1))
def follow_the_rights() -> None:
    """Remind, once, who attends a solicitud ARCO whose deadline is near."""
    answering.remind_due()


@sweeper("ronda de conservación de datos", every=timedelta(hours=24))
def let_go_of_what_expired() -> None:
    """Erase the drafts, closed solicitudes and sign-ins that passed their term."""
    expiring.sweep()
