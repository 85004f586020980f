"""The one door of every state, and the line it leaves."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from members.models import Application, Member, User
from red_genero.common.models import Channel, Transition
from red_genero.common.states import By, check_move, move
from trainings.models import Certificate, Edition, Enrollment

MACHINES = [Application, Member, Edition, Enrollment, Certificate]


@pytest.mark.parametrize("machine", MACHINES)
def test_every_table_speaks_of_real_states(machine: type[models.Model]) -> None:
    states = set(machine.State.values)  # type: ignore[attr-defined]
    moves = machine.MOVES  # type: ignore[attr-defined]

    assert set(moves) <= states
    assert set(itertools.chain.from_iterable(moves.values())) <= states
    assert all(state not in targets for state, targets in moves.items())


@pytest.mark.parametrize(
    "pair", list(itertools.product(Application.State.values, Application.State.values))
)
def test_only_the_moves_of_the_table_pass(pair: tuple[str, str]) -> None:
    current, to = pair
    if to in Application.MOVES.get(current, frozenset()):
        check_move(Application.MOVES, current, to, Application.State)
        return
    with pytest.raises(ValidationError) as refused:
        check_move(Application.MOVES, current, to, Application.State)

    assert refused.value.code == "move_refused"
    assert Application.State(current).label in refused.value.messages[0]


def test_a_move_writes_the_state_and_one_line(alicia: Member, valentina: User) -> None:
    move(
        alicia,
        Member.State.SUSPENDED,
        moves=Member.MOVES,
        by=By.admin(valentina),
        reason="Comisión temporal",
    )

    alicia.refresh_from_db()
    line = Transition.objects.about(alicia).get()
    assert alicia.state == "suspendida"
    assert (line.from_state, line.to_state, line.reason) == (
        "activa",
        "suspendida",
        "Comisión temporal",
    )
    assert (line.actor, line.channel) == (valentina, Channel.ADMIN)


def test_a_refused_move_changes_nothing(alicia: Member, valentina: User) -> None:
    with pytest.raises(ValidationError):
        move(alicia, "fundadora", moves=Member.MOVES, by=By.admin(valentina))

    alicia.refresh_from_db()
    assert alicia.state == "activa"
    assert not Transition.objects.about(alicia).exists()


def test_the_log_is_written_once(alicia: Member) -> None:
    move(alicia, "suspendida", moves=Member.MOVES, by=By.job("Ronda diaria"))

    with pytest.raises(TypeError):
        Transition.objects.about(alicia).update(reason="otra")
    with pytest.raises(TypeError):
        Transition.objects.about(alicia).delete()
    assert Transition.objects.about(alicia).get().actor_name == "Ronda diaria"
