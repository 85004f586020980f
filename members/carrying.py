"""What passes from a dependencia that closes to the one that continues it; what was earned stays where it was.

People and posts pass on the day on which it is recorded, never before: the coverage of a day that is over does not
change. Each function runs inside the transaction of the verb that called it, which holds the locks.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from members import emails, formalizing, leaving_posts, requesting, tree
from members.formalizing import Ending
from members.models import (
    Application,
    Assignment,
    ChangeRequest,
    Department,
    DepartmentMove,
    Designation,
    DesignationRequest,
    GenderUnit,
    MailDomain,
    Member,
    Person,
    UnitMove,
)
from red_genero.common import states
from red_genero.common.states import By

ONE_DAY = datetime.timedelta(days=1)


def people(
    assignments: QuerySet[Assignment], to: Department, *, reason: str, told: bool, by: By
) -> list[Person]:
    """Open in ``to`` what ends yesterday where they were; on its first day it is corrected in place.

    With ``told``, each active integrante gets the mail of a readscripción.
    """
    moved = []
    today = timezone.localdate()
    for row in assignments.select_related("person").order_by("person_id"):
        made = row
        if row.start < today:
            row.end = today - ONE_DAY
            row.save(update_fields=["end"])
            made = Assignment(person=row.person, start=today)
            for name in ("area", "position", "level", "appointment"):
                setattr(made, name, getattr(row, name))
        made.department = to
        made.full_clean()
        made.save()
        moved.append(row.person)
        _note(row.person, made, reason=reason, told=told, by=by)
    return moved


def posts(former: Department, to: Department, *, reason: str, by: By) -> None:
    """Let each designation go on in ``to`` with the same oficio: only the name changed, nobody is written to."""
    going_on: dict[int | None, Designation] = {}
    standing = Designation.objects.filter(department=former, state__in=Designation.MOVES)
    for row in standing.select_for_update(of=("self",)).order_by("pk"):
        if row.state in Designation.OPEN:
            row.department = to
            row.save(update_fields=["department"])
            states.append(row, from_state=row.state, to_state=row.state, by=by, reason=reason)
            continue
        made = _continued(row, to)
        row.end = made.start
        states.move(
            row,
            Designation.State.ENDED,
            moves=Designation.MOVES,
            by=by,
            reason=reason,
            touched=("end",),
        )
        made.save()
        going_on[row.pk] = made
        states.append(made, from_state="", to_state=made.state, by=by, reason=reason)
    for made in going_on.values():
        if made.replaced_by_id in going_on:
            made.replaced_by = going_on[made.replaced_by_id]
            made.save(update_fields=["replaced_by"])


def end_posts(former: Department, *, reason: str, by: By) -> None:
    """End every designation and take back the letters without an answer: that post no longer exists."""
    leaving_posts.end_all_in(former, reason=reason, by=by)
    for letter in DesignationRequest.objects.waiting().filter(department=former):
        requesting.cancel(letter, reason=reason, by=by)


def units(former: Department, to: Department, *, source: str, reason: str, by: By) -> None:
    """Let the unit go on in ``to`` with its rungs, its people and what waits to be validated: only the name changed."""
    for unit in GenderUnit.objects.active().filter(department=former).select_for_update():
        UnitMove.objects.create(unit=unit, former=former, day=timezone.localdate(), source=source)
        unit.department = to
        unit.save(update_fields=["department"])
        states.append(unit, from_state=unit.state, to_state=unit.state, by=by, reason=reason)


def end_units(
    former: Department,
    heir: Department | None,
    *,
    source: str,
    day: datetime.date,
    reason: str,
    by: By,
) -> None:
    """Dissolve its unit by the document that reorganises; what it climbed stays readable in it."""
    for unit in GenderUnit.objects.active().filter(department=former):
        ending = Ending(document=source, date=day, reason=reason, successor=heir)
        formalizing.dissolve(unit, ending, by=by)


def papers(former: Department, to: Department, *, reason: str, by: By) -> None:
    """Point to ``to`` what people have on its way: solicitudes and changes without a decision."""
    asked: list[Application | ChangeRequest] = [
        *Application.objects.open().filter(department=former).select_for_update().order_by("pk"),
        *ChangeRequest.objects.filter(department=former, state=ChangeRequest.State.ASKED)
        .select_for_update()
        .order_by("pk"),
    ]
    for row in asked:
        row.department = to
        row.save(update_fields=["department"])
        states.append(row, from_state=row.state, to_state=row.state, by=by, reason=reason)


def letters(former: Department, to: Department) -> None:
    """Let the letters without an answer wait for that of ``to``."""
    DesignationRequest.objects.waiting().filter(department=former).update(department=to)


def domains(former: Department, to: Department) -> None:
    """Let ``to`` be advised by the same mail domains."""
    for domain in former.mail_domains.values_list("domain", flat=True):
        MailDomain.objects.get_or_create(domain=domain, department=to)


def place(
    department: Department, parent: Department | None, *, day: datetime.date, source: str
) -> None:
    """Hang it from ``parent`` and keep from what it hung before ``day``."""
    if department.parent_id == (parent.pk if parent else None):
        return
    DepartmentMove.objects.create(
        department=department, former_parent_id=department.parent_id, day=day, source=source
    )
    department.parent = parent
    department.save(update_fields=["parent"])


def leave_posts_elsewhere(touched: Iterable[Department], *, by: By) -> None:
    """End what people below ``touched`` held in dependencias that are no longer above them."""
    keys: set[int] = set()
    for department in touched:
        keys |= tree.branch(department)
    holders = Person.objects.filter(
        Q(designations__state__in=Designation.MOVES)
        | Q(unit_places__isnull=False, unit_places__end__isnull=True),
        assignments__end__isnull=True,
        assignments__department__in=keys,
    )
    for person in holders.distinct().order_by("pk"):
        leaving_posts.leave_former_posts(person, by=by)


def _continued(row: Designation, to: Department) -> Designation:
    """Return the same designation in ``to``, from today or from the day on which it was to begin."""
    own = {"id", "key", "department", "start"}
    fields = [field for field in Designation._meta.concrete_fields if field.name not in own]
    copied = {field.attname: getattr(row, field.attname) for field in fields}
    first = max(timezone.localdate(), row.start or timezone.localdate())
    return Designation(department=to, start=first, **copied)


def _note(person: Person, made: Assignment, *, reason: str, told: bool, by: By) -> None:
    """Append the line to her membership; write to her when it is a change for her."""
    member = Member.objects.filter(person=person).first()
    if member is None:
        return
    states.append(member, from_state=member.state, to_state=member.state, by=by, reason=reason)
    if told and member.state == Member.State.ACTIVE:
        emails.membership_readscribed(member, made)
