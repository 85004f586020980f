"""The buttons by which the tree changes, each with what it reaches before it is pressed."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string

from members import reach, reorganising
from members.admin.designation import LiaisonVerbs, acting
from members.forms.reorganising import (
    MergeForm,
    MoveForm,
    OrderForm,
    RelocateForm,
    RenameForm,
    SplitForm,
)
from members.http import account
from members.models import Department
from members.tree_rules import New, Order
from red_genero.common.admin import Verb, verb
from red_genero.common.models import AccessLog

CHANGE: Final = "members.change_department"
EFFECTS: Final = {
    "rename": "Nace otra con el nombre nuevo y esta se cierra un día antes. Personas, áreas, enlaces y "
    "trámites siguen en la nueva. No sale ningún correo.",
    "move": "Cambia de lugar con todas sus áreas. Termina, con aviso, el encargo de quien era enlace más "
    "arriba y ya no trabaja por debajo.",
    "close": "Se cierra sin sucesora. Terminan, con aviso, sus designaciones; se cancelan sus oficios sin "
    "respuesta, y las personas quedan «por reubicar».",
    "merge": "Se cierra y otra la continúa. Personas, áreas y trámites pasan a ella, con aviso a cada "
    "integrante; sus designaciones terminan y se avisa.",
    "split": "Se cierra y nacen sus partes. Cada persona y área va a la parte que elija, con aviso; las demás "
    "quedan «por reubicar». Sus designaciones terminan y se avisa.",
    "relocate": "Pasan desde hoy a la dependencia que elija, con aviso a cada integrante.",
}


UNIT_EFFECTS: Final = {
    "rename": "Sigue en la nueva, con sus peldaños, integrantes y evidencia.",
    "move": "Se queda en la dependencia; sale de ella quien ya no trabaja ahí.",
    "close": "Se disuelve sin sucesora. Su evidencia y su historia se conservan.",
    "merge": "Se disuelve y señala a la dependencia que la continúa; la de la dependencia que absorbe sigue. "
    "Su evidencia y su historia se conservan.",
    "split": "Se disuelve; la continúan las partes, que abren la suya. Su evidencia y su historia se conservan.",
}
"""What each button does to the unit of the dependencia."""


def _open(department: Department) -> bool:
    return department.valid_to is None


class TreeVerbs(LiaisonVerbs):
    """Rename, move, merge, split, close, place."""

    @verb("Renombrar", permission=CHANGE, form=RenameForm, when=_open)
    def rename(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Give it its new official name."""
        made = reorganising.rename(row, _new(data), order=_order(data), by=acting(request))
        return f"{row} se llama ahora {made}."

    @verb("Mover", permission=CHANGE, form=MoveForm, when=_open)
    def move(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Hang it from another."""
        parent = data["parent"]
        reorganising.move(row, parent, order=_order(data), by=acting(request))
        return f"{row} depende ahora de {parent}." if parent else f"{row} ya no depende de ninguna."

    @verb("Fusionar", permission=CHANGE, form=MergeForm, when=_open)
    def merge(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Make one of several."""
        into = data["into"] or _new(data)
        formers = [row, *data["others"]]
        made = reorganising.merge(formers, into, order=_order(data), by=acting(request))
        return f"{', '.join(map(str, formers))}: ahora es {made}."

    @verb("Dividir", permission=CHANGE, form=SplitForm, when=_open)
    def split(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Make several of one."""
        made = reorganising.split(row, data["parts"], order=_order(data), by=acting(request))
        return f"{row} se dividió en {', '.join(map(str, made))}.{_waiting(row)}"

    @verb("Cerrar", permission=CHANGE, style="danger", form=OrderForm, when=_open)
    def close(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Close it without successor."""
        reorganising.close(row, order=_order(data), by=acting(request))
        return f"{row} se cerró.{_waiting(row)}"

    @verb(
        "Reubicar personas",
        permission=CHANGE,
        style="primary",
        form=RelocateForm,
        when=lambda row: reorganising.left_behind().filter(department=row).exists(),
    )
    def relocate(self, request: HttpRequest, row: Department, data: dict[str, Any]) -> str:
        """Place those whom it left behind."""
        moved = reorganising.relocate(row, data["to"], data["people"], by=acting(request))
        return f"Personas reubicadas en {data['to']}: {len(moved)}.{_waiting(row)}"

    def verb_form(self, made: Verb, request: HttpRequest, row: Department) -> forms.Form | None:
        """Offer what this dependencia has."""
        form = super().verb_form(made, request, row)
        if isinstance(form, MoveForm | MergeForm | SplitForm | RelocateForm):
            form.about(row)
        return form

    def verb_preview(
        self, made: Verb, request: HttpRequest, row: Department, form: forms.Form | None
    ) -> str:
        """Show what it reaches; a page with names of people is noted."""
        if made.name not in EFFECTS:
            return super().verb_preview(made, request, row, form)
        found = reach.of([row])
        sees_names = request.user.has_perm("members.view_designation")
        listed = found.people if made.name in {"split", "relocate"} else 0
        named = listed + (len(found.designations) if sees_names else 0)
        if named:
            AccessLog.objects.create(
                user=account(request),
                what=f"Personas de {row}",
                purpose="Reorganizar dependencias",
                rows=named,
            )
        context = {
            "reach": found,
            "effect": EFFECTS[made.name],
            "unit_effect": UNIT_EFFECTS.get(made.name, ""),
            "sees_names": sees_names,
        }
        return render_to_string("admin/reorganising/_reach.html", context, request)


def _new(data: dict[str, Any]) -> New:
    return New(name=data["name"], acronym=data["acronym"])


def _order(data: dict[str, Any]) -> Order:
    return Order(day=data["day"], source=data["source"])


def _waiting(row: Department) -> str:
    """Say how many people are left without place."""
    count = reorganising.left_behind().filter(department=row).count()
    return f" Quedan {count} personas por reubicar." if count else ""
