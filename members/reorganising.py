"""The municipal tree changes: rename, move, close, merge, split, and place who was left behind. Nothing is deleted.

The tree takes the date of the document; people and posts pass on the day on which it is recorded, because no verb
rewrites a day that is over. Locks: members → the whole tree, each by key.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from members import carrying, settling, tree, tree_rules
from members.models import (
    Assignment,
    Department,
    Designation,
    Member,
    Person,
    Succession,
)
from members.models.assignment import AssignmentQuerySet
from members.tree_rules import New, Order, Part
from red_genero.common import states
from red_genero.common.states import By

ONE_DAY: Final = datetime.timedelta(days=1)
TAKEN: Final = frozenset({"integrantes"})
"""Claves that are addresses of other pages."""
EXISTS: Final = "vigente"
CLOSED: Final = "cerrada"
Kind = Succession.Kind


def rename(department: Department, new: New, *, order: Order, by: By) -> Department:
    """Close it and open its successor with the new name; people, áreas and both posts go on there."""
    with transaction.atomic():
        department = _hold([department])[0]
        done = Succession.objects.filter(former=department, kind=Kind.RENAMED).first()
        if done is not None and done.successor.name == tree_rules.one_line(new.name):
            return done.successor
        tree_rules.check_closes(department, order)
        if (tree_rules.one_line(new.name), new.acronym.strip()) == (
            department.name,
            department.acronym,
        ):
            raise ValidationError("Es el mismo nombre que ya tiene.", code="nothing_changes")
        made = _open(new, department, department.parent, order, by=by)
        reason = _because("Renombrada", [department], [made], order)
        _link(department, made, Kind.RENAMED, order)
        carrying.letters(department, made)
        carrying.posts(department, made, reason=reason, by=by)
        carrying.units(department, made, source=order.source, reason=reason, by=by)
        settling.pass_on(department, [made], reason=reason, whole=True, by=by)
        _pass_on(department, made, reason=reason, told=False, by=by)
        for area in tree_rules.areas_of(department):
            carrying.place(area, made, day=order.day, source=order.source)
        _shut(department, order, reason=reason, by=by)
    return made


def move(department: Department, parent: Department | None, *, order: Order, by: By) -> Department:
    """Hang it, with all its áreas, from another; who held a post above it and is no longer below leaves it."""
    with transaction.atomic():
        department = _hold([department])[0]
        if department.parent_id == (parent.pk if parent else None):
            return department
        tree_rules.check_closes(department, order)
        if parent is not None:
            parent = Department.objects.get(pk=parent.pk)
            tree_rules.check_parent(department, parent)
            tree_rules.check_receives(parent, order)
        before = department.parent
        carrying.place(department, parent, day=order.day, source=order.source)
        reason = f"Dependía de {before or 'nadie'}; ahora, de {parent or 'nadie'}. {order.source}"
        states.append(department, from_state=EXISTS, to_state=EXISTS, by=by, reason=reason)
        carrying.leave_posts_elsewhere([department], by=by)
    return department


def close(department: Department, *, order: Order, by: By) -> Department:
    """Close it without successor: its posts end and who worked there is left «por reubicar»."""
    with transaction.atomic():
        department = _hold([department])[0]
        if department.closed:
            return department
        tree_rules.check_closes(department, order)
        count = len(tree_rules.areas_of(department))
        if count:
            raise ValidationError(
                f"Tiene {count} {'área vigente' if count == 1 else 'áreas vigentes'}: "
                "muévalas o ciérrelas antes.",
                code="has_areas",
            )
        reason = f"Cerrada sin sucesora. {order.source}"
        carrying.end_posts(department, reason=reason, by=by)
        _end_units(department, None, order, reason=reason, by=by)
        settling.pass_on(department, [], reason=reason, whole=False, by=by)
        _shut(department, order, reason=reason, by=by)
    return department


def merge(
    departments: Sequence[Department], into: Department | New, *, order: Order, by: By
) -> Department:
    """Make one of several, or let an existing one take them in; its own posts stay, theirs end."""
    with transaction.atomic():
        formers = _hold(departments)
        if isinstance(into, Department) and _already(formers, into):
            return Department.objects.get(pk=into.pk)
        tree_rules.check_merge(formers, into)
        for former in formers:
            tree_rules.check_closes(former, order)
        heir = _heir(formers, into, order, by=by)
        reason = _because("Fusionada", formers, [heir], order)
        areas = [area for former in formers for area in tree_rules.areas_of(former)]
        for former in formers:
            _link(former, heir, Kind.MERGED, order)
            carrying.end_posts(former, reason=reason, by=by)
            _end_units(former, heir, order, reason=reason, by=by)
            settling.pass_on(former, [heir], reason=reason, whole=False, by=by)
        _rehang(formers, areas, heir, order)
        for former in formers:
            _pass_on(former, heir, reason=reason, told=True, by=by)
            _shut(former, order, reason=reason, by=by)
        heir.refresh_from_db()
        carrying.leave_posts_elsewhere([heir, *areas], by=by)
    return heir


def split(
    department: Department, parts: Sequence[Part], *, order: Order, by: By
) -> list[Department]:
    """Divide it: people and áreas go to the part chosen for them; who was not chosen waits «por reubicar»."""
    with transaction.atomic():
        department = _hold([department])[0]
        done = [link.successor for link in department.successions.filter(kind=Kind.SPLIT)]
        if done and {row.name for row in done} == {
            tree_rules.one_line(part.new.name) for part in parts
        }:
            return done
        tree_rules.check_closes(department, order)
        tree_rules.check_parts(department, parts)
        made = [_open(part.new, department, department.parent, order, by=by) for part in parts]
        reason = _because("Dividida", [department], made, order)
        carrying.end_posts(department, reason=reason, by=by)
        _end_units(department, None, order, reason=reason, by=by)
        settling.pass_on(department, made, reason=reason, whole=False, by=by)
        left = {area.pk: area for area in tree_rules.areas_of(department)}
        for part, row in zip(parts, made, strict=True):
            _link(department, row, Kind.SPLIT, order)
            chosen = Assignment.objects.open().filter(department=department, person__in=part.people)
            carrying.people(chosen, row, reason=reason, told=True, by=by)
            carrying.domains(department, row)
            for key in sorted(part.areas):
                carrying.place(left[key], row, day=order.day, source=order.source)
        _shut(department, order, reason=reason, by=by)
        carrying.leave_posts_elsewhere(made, by=by)
    return made


def relocate(
    department: Department, to: Department, people: Iterable[Person], *, by: By
) -> list[Person]:
    """Place in ``to``, from today, those whom a closed dependencia left behind; the rest goes on waiting."""
    with transaction.atomic():
        department = _hold([department])[0]
        if not department.closed:
            raise ValidationError(
                "Sigue vigente: cambie a cada persona por readscripción.", code="not_closed"
            )
        to = Department.objects.get(pk=to.pk)
        tree_rules.check_receives(to, None)
        reason = f"Reubicada: {department} → {to}"
        chosen = left_behind().filter(department=department, person__in=list(people))
        return carrying.people(chosen, to, reason=reason, told=True, by=by)


def left_behind() -> AssignmentQuerySet:
    """Return the open adscripciones in dependencias that no longer exist: «por reubicar»."""
    return Assignment.objects.open().filter(department__valid_to__lt=timezone.localdate())


def _hold(departments: Iterable[Department]) -> list[Department]:
    """Lock the people concerned and the tree; return the rows as they are now, without repetition."""
    keys = list(dict.fromkeys(department.pk for department in departments))
    inside = Person.objects.filter(assignments__end__isnull=True, assignments__department__in=keys)
    holding = Person.objects.filter(
        designations__department__in=keys, designations__state__in=Designation.MOVES
    )
    wanted = {*inside.values_list("pk", flat=True), *holding.values_list("pk", flat=True)}
    list(Member.objects.select_for_update().filter(person__in=wanted).order_by("pk"))
    held = {row.pk: row for row in Department.objects.select_for_update().order_by("pk")}
    return [held[key] for key in keys]


def _already(formers: list[Department], into: Department) -> bool:
    """Whether this very merge was recorded before."""
    done = Succession.objects.filter(former__in=formers, successor=into, kind=Kind.MERGED)
    return done.count() == len(formers)


def _heir(formers: list[Department], into: Department | New, order: Order, *, by: By) -> Department:
    """Return the existing one, locked and checked, or the new one, where the first of them hung."""
    if isinstance(into, New):
        above = _surviving(formers[0].parent, formers)
        return _open(into, formers[0], above, order, by=by)
    heir = Department.objects.get(pk=into.pk)
    tree_rules.check_receives(heir, order)
    return heir


def _rehang(
    formers: list[Department], areas: list[Department], heir: Department, order: Order
) -> None:
    """Hang the áreas from the heir; the one above the heir takes the place of what closed."""
    closing = {former.pk for former in formers}
    for area in areas:
        if area.pk in closing:
            continue
        holds_heir = heir.pk in tree.branch(area)
        above = _surviving(area.parent, formers) if holds_heir else heir
        carrying.place(area, above, day=order.day, source=order.source)


def _surviving(parent: Department | None, formers: list[Department]) -> Department | None:
    """Return the nearest above that does not close."""
    closing = {former.pk for former in formers}
    while parent is not None and parent.pk in closing:
        parent = parent.parent
    return parent


def _open(
    new: New, former: Department, parent: Department | None, order: Order, *, by: By
) -> Department:
    """Insert the dependencia that begins."""
    made = Department(
        name=tree_rules.one_line(new.name),
        acronym=new.acronym.strip(),
        key=_free_key(new.name),
        kind=new.kind or former.kind,
        parent=parent,
        valid_from=order.day,
        verification=Department.Verification.SOURCE,
        source=order.source.strip(),
        expects_liaison=former.expects_liaison
        if new.expects_liaison is None
        else new.expects_liaison,
    )
    made.full_clean()
    made.save()
    reason = f"Continúa a {former}. {order.source}"
    states.append(made, from_state="", to_state=EXISTS, by=by, reason=reason)
    return made


def _free_key(name: str) -> str:
    """Return a clave for addresses that nothing else uses."""
    stem = slugify(name)[:54].strip("-") or "dependencia"
    taken = TAKEN | set(
        Department.objects.filter(key__startswith=stem).values_list("key", flat=True)
    )
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _link(former: Department, successor: Department, kind: Kind, order: Order) -> None:
    """Point from the one to the other, also for who searches by the old name."""
    link = Succession(
        former=former, successor=successor, kind=kind, day=order.day, source=order.source.strip()
    )
    link.full_clean()
    link.save()
    names = [former.name, former.acronym, *former.earlier_names, *successor.earlier_names]
    kept = dict.fromkeys(name for name in names if name and name != successor.name)
    successor.former_names = "\n".join(kept)
    successor.save(update_fields=["former_names", "search_key"])


def _pass_on(former: Department, successor: Department, *, reason: str, told: bool, by: By) -> None:
    """Hand over people, papers on their way and mail domains."""
    working = Assignment.objects.open().filter(department=former)
    carrying.people(working, successor, reason=reason, told=told, by=by)
    carrying.papers(former, successor, reason=reason, by=by)
    carrying.domains(former, successor)


def _end_units(
    former: Department, heir: Department | None, order: Order, *, reason: str, by: By
) -> None:
    """Dissolve its unit; a dependencia that was divided is continued by its parts, which its history names."""
    source = order.source.strip()
    carrying.end_units(former, heir, source=source, day=order.day, reason=reason, by=by)


def _shut(department: Department, order: Order, *, reason: str, by: By) -> None:
    """Close it the day before."""
    department.valid_to = order.day - ONE_DAY
    department.save(update_fields=["valid_to"])
    states.append(department, from_state=EXISTS, to_state=CLOSED, by=by, reason=reason)


def _because(
    what: str, formers: Sequence[Department], heirs: Sequence[Department], order: Order
) -> str:
    """Return the line of the record."""
    before = ", ".join(str(row) for row in formers)
    after = ", ".join(str(row) for row in heirs)
    return f"{what}: {before} → {after}. {order.source.strip()}"
