"""One way to change a state: the table of moves, the door, and the line that it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from simple_history.utils import bulk_update_with_history

from red_genero.common.models.transition import Channel, Transition

Moves = Mapping[str, frozenset[str]]
ROWS_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class By:
    """Who acts and through which channel; ``user`` is None for the clock and for commands."""

    user: models.Model | None
    channel: Channel
    label: str = ""

    @classmethod
    def web(cls, user: models.Model) -> Self:
        """Somebody acting on her own pages or at the coordination desk."""
        return cls(user, Channel.WEB)

    @classmethod
    def admin(cls, user: models.Model) -> Self:
        """Staff acting in the administration."""
        return cls(user, Channel.ADMIN)

    @classmethod
    def job(cls, label: str) -> Self:
        """A background task or command; ``label`` says which."""
        return cls(None, Channel.JOB, label)

    @classmethod
    def imported(cls, user: models.Model | None, label: str) -> Self:
        """An import started by ``user``; ``label`` says of what."""
        return cls(user, Channel.IMPORT, label)

    @property
    def name(self) -> str:
        """The name printed in timelines."""
        return self.label or (str(self.user) if self.user else "Portal")


def check_move(moves: Moves, current: str, to: str, choices: type[models.TextChoices]) -> None:
    """Raise ValidationError (code ``move_refused``) unless the table allows the move."""
    if to in moves.get(current, frozenset()):
        return
    raise ValidationError(
        "No se puede pasar de «%(current)s» a «%(to)s». Actualice la página para ver el estado actual.",
        code="move_refused",
        params={
            "current": choices(current).label if current in choices.values else current,
            "to": choices(to).label if to in choices.values else to,
        },
    )


def append(
    subject: models.Model, *, from_state: str, to_state: str, by: By, reason: str = ""
) -> Transition:
    """Append one line to the log of ``subject``; also used for its first state."""
    return Transition.objects.create(
        subject=subject,
        from_state=from_state,
        to_state=to_state,
        actor_id=by.user.pk if by.user else None,
        actor_name=by.name,
        channel=by.channel,
        reason=reason,
    )


def append_first(subjects: Sequence[models.Model], *, by: By) -> None:
    """Append the first line of several new rows of one model, each with the state it was born in."""
    if not subjects:
        return
    kind = ContentType.objects.get_for_model(subjects[0])
    Transition.objects.bulk_create(
        _line(kind, subject.pk, ("", str(getattr(subject, "state"))), by=by)  # noqa: B009
        for subject in subjects
    )


def move(
    subject: models.Model,
    to: str,
    *,
    moves: Moves,
    by: By,
    reason: str = "",
    touched: tuple[str, ...] = (),
) -> Transition:
    """Check the table, save ``state`` and the ``touched`` columns, append the line.

    The caller has locked the row (or its parent) inside its own transaction.
    """
    choices: type[models.TextChoices] = getattr(subject, "State")  # noqa: B009
    current = str(getattr(subject, "state"))  # noqa: B009
    check_move(moves, current, to, choices)
    with transaction.atomic():
        setattr(subject, "state", to)  # noqa: B010
        subject.full_clean(validate_unique=False, exclude=_untouched(subject, touched))
        subject.save(update_fields=["state", *touched])
        return append(subject, from_state=current, to_state=to, by=by, reason=reason)


def move_all(
    subjects: Sequence[models.Model],
    to: str,
    *,
    moves: Moves,
    by: By,
    reason: str = "",
    touched: tuple[str, ...] = (),
) -> None:
    """Do what ``move`` does to many rows of one model with the same few statements, however many they are.

    All of them move or none. What is ``touched`` was set by the caller and passed its own checks: only the
    constraints of the database look at it again.
    """
    if not subjects:
        return
    model = type(subjects[0])
    choices: type[models.TextChoices] = getattr(model, "State")  # noqa: B009
    before = [str(getattr(subject, "state")) for subject in subjects]  # noqa: B009
    for current in set(before):
        check_move(moves, current, to, choices)
    with transaction.atomic():
        for subject in subjects:
            setattr(subject, "state", to)  # noqa: B010
        bulk_update_with_history(
            subjects,
            model,
            ["state", *touched],
            batch_size=ROWS_AT_ONCE,
        )
        kind = ContentType.objects.get_for_model(model)
        Transition.objects.bulk_create(
            [
                _line(kind, subject.pk, (current, to), by=by, reason=reason)
                for subject, current in zip(subjects, before, strict=True)
            ],
            batch_size=ROWS_AT_ONCE,
        )


def _line(
    kind: ContentType, pk: int, moved: tuple[str, str], *, by: By, reason: str = ""
) -> Transition:
    """Return a line that is not written yet; ``moved`` says from which state to which."""
    return Transition(
        content_type=kind,
        object_id=pk,
        from_state=moved[0],
        to_state=moved[1],
        actor_id=by.user.pk if by.user else None,
        actor_name=by.name,
        channel=by.channel,
        reason=reason,
    )


def _untouched(subject: models.Model, touched: tuple[str, ...]) -> set[str]:
    """Names of the fields that this move does not write."""
    return {field.name for field in subject._meta.fields} - {"state", *touched}
