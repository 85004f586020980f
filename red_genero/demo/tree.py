"""The tree of the demonstration changes twice: one dependencia renamed, one merged into another."""

import datetime
from typing import Final

from django.utils import timezone

from members import reorganising
from members.models import Department
from members.tree_rules import New, Order
from red_genero.common.states import By
from red_genero.demo.people import account_of

RENAMED: Final = ("reclutamiento", "Oficina Municipal de Reclutamiento")
MERGED: Final = ("gaceta-municipal", "archivo-municipal")
SOURCE: Final = "Acuerdo inventado para la demostración"


def reorganise() -> None:
    """Press both as Validación would, with a document of two weeks ago."""
    staff = By.admin(account_of("validacion"))
    day = timezone.localdate() - datetime.timedelta(days=14)
    order = Order(day=day, source=SOURCE)
    key, name = RENAMED
    reorganising.rename(Department.objects.get(key=key), New(name=name), order=order, by=staff)
    former, heir = (Department.objects.get(key=key) for key in MERGED)
    reorganising.merge([former], heir, order=order, by=staff)
