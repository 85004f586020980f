"""A government of before, closed late in the demonstration: what it left, and what each dependencia owes since then."""

import datetime
from typing import Final

from django.utils import timezone

from members import closing_terms, designating, formalizing, ratifying, settling
from members.models import Department, GenderUnit, GovernmentTerm, LiaisonRole
from red_genero.common.states import By
from red_genero.demo.liaisons import scan
from red_genero.demo.past import happened_on
from red_genero.demo.people import account_of, person_of

FIRST_DAY: Final = datetime.date(2021, 10, 1)
LAST_DAY: Final = datetime.date(2024, 9, 30)
HELD_SINCE: Final = datetime.date(2024, 2, 5)
HELD_BY: Final = "beatriz.guemes"
"""Enlace of before, whom her dependencia designates again."""
RATIFIED: Final = "beatriz.guemes"
UNRATIFIED: Final = "josefina.nunez"
"""Where the units of before are."""
VACANT: Final = (
    ("archivo-municipal", "Su titular pidió esperar a que termine la revisión de su estructura."),
    ("cultura", "Aún no responde el oficio con el que se le pidió su enlace."),
)


def live_the_former() -> None:
    """Name an enlace and open two units by the portal's own verbs, and tell that it was under the former government."""
    staff = By.admin(account_of("validacion"))
    person, hers = person_of(HELD_BY), By.web(account_of(HELD_BY))
    oficio = designating.Oficio(
        number="DEMO/017/2024", date=timezone.localdate(), file=scan("Oficio DEMO/017/2024")
    )
    post = designating.nominate(_of(HELD_BY), LiaisonRole.HOLDER, person, oficio=oficio, by=staff)
    post = designating.accept(post, show_name="nadie", by=hers)
    happened_on(designating.validate(post, by=staff), HELD_SINCE)
    for mailbox in (RATIFIED, UNRATIFIED):
        happened_on(formalizing.open_unit(_of(mailbox), by=staff), HELD_SINCE)


def close_the_former() -> None:
    """Close 2021–2024 by the portal's own verb: a task for each dependencia, and one unit that was ratified."""
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
    ratifying.ratify(
        GenderUnit.objects.active().get(department=_of(RATIFIED)),
        number="DEMO/R-01",
        date=timezone.localdate(),
        file=scan("Oficio de ratificación DEMO/R-01"),
        by=staff,
    )


def _of(mailbox: str) -> Department:
    """Return where she works."""
    department: Department = person_of(mailbox).assignments.open().get().department
    return department
