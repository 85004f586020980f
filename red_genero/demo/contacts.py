"""Integrantes of the demonstration write to one another: one waits, one shared her mail, one declined."""

from typing import Final

from members import contacting
from members.models import ContactRequest
from red_genero.common.states import By
from red_genero.demo.people import account_of, person_of

ASKED: Final = (
    ("beatriz.guemes", "alicia.munoz", "¿Podríamos revisar juntas el plan anual de su unidad?"),
    ("alicia.munoz", "cecilia.delatorre", "Quisiera invitarle a presentar su taller en Mercados."),
    ("cecilia.delatorre", "beatriz.guemes", "¿Cómo organizaron la capacitación de su área?"),
)
"""Who writes to whom, and what."""


def write_to_one_another() -> None:
    """Ask, share and decline, each with her own account."""
    _waiting, shared, declined = (_ask(*each) for each in ASKED)
    accepts, declines = (account_of(recipient) for _, recipient, _ in ASKED[1:])
    contacting.accept(shared, email=True, phone=False, by=By.web(accepts))
    contacting.decline(declined, by=By.web(declines))


def _ask(sender: str, recipient: str, message: str) -> ContactRequest:
    """Send one."""
    by = By.web(account_of(sender))
    return contacting.ask(person_of(sender), person_of(recipient), message, by=by)
