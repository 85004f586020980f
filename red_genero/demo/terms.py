"""A government of before, closed late in the demonstration: what each dependencia owes since then."""

import datetime
from typing import Final

from members import closing_terms, settling
from members.models import Department, GovernmentTerm
from red_genero.common.states import By
from red_genero.demo.people import account_of

FIRST_DAY: Final = datetime.date(2021, 10, 1)
LAST_DAY: Final = datetime.date(2024, 9, 30)
VACANT: Final = (
    ("archivo-municipal", "Su titular pidió esperar a que termine la revisión de su estructura."),
    ("cultura", "Aún no responde el oficio con el que se le pidió su enlace."),
)


def close_the_former() -> None:
    """Close 2021–2024 by the portal's own verb: it ends nobody who was named later, and opens a task for each dependencia."""
    ended = GovernmentTerm.objects.create(
        key=f"{FIRST_DAY.year}-{LAST_DAY.year}",
        name=f"Gobierno municipal {FIRST_DAY.year}–{LAST_DAY.year} (demostración)",
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
    )
    closed = closing_terms.close(ended, by=By.admin(account_of("direccion")))
    staff = By.admin(account_of("validacion"))
    for key, reason in VACANT:
        task = closed.tasks.get(department=Department.objects.get(key=key))
        settling.declare_vacant(task, reason=reason, by=staff)
