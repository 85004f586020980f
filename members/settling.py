"""Tasks of a change of government: opened once per dependencia, settled by the designations themselves.

A task never says by hand that somebody was ratified or named: it follows what ``designating.validate`` did. Only a
vacancy is declared, with its reason. Each function runs inside the transaction of its caller.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Department, Designation, GovernmentTerm, LiaisonRole, TermTask
from red_genero.common import states
from red_genero.common.states import By

State = TermTask.State


def open_tasks(term: GovernmentTerm, *, by: By) -> list[TermTask]:
    """Open one task for each dependencia that should have an enlace; what the new government decided settles it at once."""
    before = _outgoing(term)
    since = {row.department_id: row for row in Designation.objects.decided_after(term.last_day)}
    expecting = Department.objects.current().filter(expects_liaison=True).order_by("pk")
    made = TermTask.objects.bulk_create(
        TermTask(term=term, department=department, outgoing=before.get(department.pk))
        for department in expecting
    )
    states.append_first(made, by=by)
    for task in made:
        if task.department_id in since:
            _settle(task, since[task.department_id], by=by)
    return made


def follow(designation: Designation, *, by: By) -> None:
    """Settle what the dependencia owed once a titular named after the change, by an oficio of after it, is in the post."""
    if designation.role != LiaisonRole.HOLDER or not (
        designation.start and designation.oficio_date
    ):
        return
    decided = min(designation.start, designation.oficio_date)
    owed = TermTask.objects.unsettled().filter(
        department=designation.department_id, term__last_day__lt=decided
    )
    for task in owed.select_for_update(of=("self",)).order_by("pk"):
        _settle(task, designation, by=by)


def reopen_for(designation: Designation, *, by: By) -> None:
    """Ask again what a designation had settled that ended without a single day in the post."""
    if designation.start is None or designation.end is None or designation.end > designation.start:
        return
    settled = TermTask.objects.filter(designation=designation)
    for task in settled.select_for_update(of=("self",)).order_by("pk"):
        _ask_again(task, reason="La designación terminó sin un día en el puesto", by=by)


def declare_vacant(task: TermTask, *, reason: str, by: By) -> TermTask:
    """Note that the dependencia names nobody for now, and why; a later designation settles it all the same."""
    if not reason.strip():
        raise ValidationError(
            "Escriba por qué queda vacante: queda en el historial.", code="reason_missing"
        )
    with transaction.atomic():
        task = _locked(task)
        if task.state == State.VACANT:
            return task
        task.reason = reason.strip()
        _move(task, State.VACANT, reason=task.reason, by=by, touched=("reason",))
    return task


def ask_again(task: TermTask, *, reason: str, by: By) -> TermTask:
    """Take back a declared vacancy."""
    if not reason.strip():
        raise ValidationError("Escriba el motivo: queda en el historial.", code="reason_missing")
    with transaction.atomic():
        task = _locked(task)
        if task.state == State.PENDING:
            return task
        if task.state != State.VACANT:
            raise ValidationError(
                "La resolvió una designación: si hubo un error, termine la designación.",
                code="settled_by_fact",
            )
        _ask_again(task, reason=reason, by=by)
    return task


def pass_on(
    former: Department, heirs: Sequence[Department], *, reason: str, whole: bool, by: By
) -> None:
    """Give what a closing dependencia still owed to those that continue it; without heirs it is void.

    With ``whole`` the heir goes on with the same post, so the task itself passes.
    """
    owed = TermTask.objects.unsettled().filter(department=former).select_related("term")
    for task in owed.select_for_update(of=("self",)).order_by("pk"):
        free = [heir for heir in heirs if heir.expects_liaison and not _answers(task.term, heir)]
        if whole and free:
            task.department = free[0]
            task.save(update_fields=["department"])
            states.append(task, from_state=task.state, to_state=task.state, by=by, reason=reason)
            continue
        _move(task, State.VOID, reason=reason, by=by)
        made = TermTask.objects.bulk_create(
            TermTask(term=task.term, department=heir) for heir in free
        )
        states.append_first(made, by=by)


def _outgoing(term: GovernmentTerm) -> dict[int, Designation]:
    """Return who was titular on the last day, by the dependencia that each is today if only its name changed."""
    holders = Designation.objects.filter(role=LiaisonRole.HOLDER)
    found = {row.department_id: row for row in holders.as_of(term.last_day)}
    went_on = holders.held().filter(start__gt=term.last_day).begun_by(term.last_day)
    return found | {row.department_id: row for row in went_on.order_by("start", "pk")}


def _answers(term: GovernmentTerm, department: Department) -> bool:
    """Whether it has its own task already, or a titular of after the change."""
    titular = Designation.objects.decided_after(term.last_day).filter(department=department)
    return term.tasks.filter(department=department).exists() or titular.exists()


def _settle(task: TermTask, designation: Designation, *, by: By) -> None:
    """Move to what the designation means: the same person goes on, or somebody new."""
    before = task.outgoing.person_id if task.outgoing else None
    task.designation, task.reason = designation, ""
    _move(
        task,
        State.RATIFIED if designation.person_id == before else State.REPLACED,
        reason=f"Oficio {designation.oficio_number}",
        by=by,
        touched=("designation", "reason"),
    )


def _ask_again(task: TermTask, *, reason: str, by: By) -> None:
    task.designation, task.reason = None, ""
    _move(task, State.PENDING, reason=reason, by=by, touched=("designation", "reason"))


def _move(task: TermTask, to: str, *, reason: str, by: By, touched: tuple[str, ...] = ()) -> None:
    """Pass through the one door, with who and when."""
    over = to != State.PENDING
    task.settled_at = timezone.now() if over else None
    task.settled_by_id = by.user.pk if over and by.user else None
    states.move(
        task,
        to,
        moves=TermTask.MOVES,
        by=by,
        reason=reason,
        touched=(*touched, "settled_at", "settled_by"),
    )


def _locked(task: TermTask) -> TermTask:
    return (
        TermTask.objects.select_for_update(of=("self",))
        .select_related("department", "term")
        .get(pk=task.pk)
    )
