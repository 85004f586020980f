"""The arithmetic of attendance: exact, under every policy."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainings.models import Enrollment
from trainings.tallying import Mark, Policy, count, hours_text, outcome, percent_text

marks = st.sampled_from([*Mark.values, ""])
hours = st.decimals(min_value="0.25", max_value="8", places=2)
sittings = st.lists(st.tuples(hours, marks), max_size=8)
policies = st.builds(
    Policy,
    minimum=st.integers(0, 100),
    late_credit=st.integers(0, 100),
    excused_leaves=st.booleans(),
)


def by_hand(policy: Policy, held: list[tuple[Decimal, str]]) -> Fraction | None:
    """The rule again, in hundredths of hour and percentage points, with integers only."""
    worth = {Mark.PRESENT: 100, Mark.LATE: policy.late_credit, Mark.ABSENT: 0, Mark.EXCUSED: 0}
    top = bottom = 0
    for size, mark in held:
        if not mark or (mark == Mark.EXCUSED and policy.excused_leaves):
            continue
        top += int(size * 100) * worth[Mark(mark)]
        bottom += int(size * 100)
    return Fraction(top, bottom) if bottom else None


@settings(deadline=None)
@given(policies, sittings)
def test_the_percentage_is_the_exact_quotient(
    policy: Policy, held: list[tuple[Decimal, str]]
) -> None:
    assert count(policy, held).percentage == by_hand(policy, held)


@settings(deadline=None)
@given(policies, sittings)
def test_she_passes_when_the_exact_quotient_reaches_the_minimum(
    policy: Policy, held: list[tuple[Decimal, str]]
) -> None:
    quotient = by_hand(policy, held)
    attended = any(mark in {Mark.PRESENT, Mark.LATE} for _, mark in held)

    assert count(policy, held).passes == (
        attended and quotient is not None and quotient >= policy.minimum
    )


@settings(deadline=None)
@given(policies, st.lists(st.tuples(hours, marks), max_size=4))
def test_what_is_reachable_is_the_best_of_every_possible_future(
    policy: Policy, held: list[tuple[Decimal, str]]
) -> None:
    missing = [place for place, (_, mark) in enumerate(held) if not mark]
    futures = []
    for choice in product(Mark.values, repeat=len(missing)):
        filled = list(held)
        for place, mark in zip(missing, choice, strict=True):
            filled[place] = (held[place][0], mark)
        futures.append(by_hand(policy, filled))
    best = max((future for future in futures if future is not None), default=None)

    assert count(policy, held).reachable == best


@settings(deadline=None)
@given(policies, sittings, st.integers(1, 7))
def test_the_order_and_the_unit_of_the_sessions_do_not_matter(
    policy: Policy, held: list[tuple[Decimal, str]], times: int
) -> None:
    stretched = [(size * times, mark) for size, mark in reversed(held)]

    assert count(policy, stretched).percentage == count(policy, held).percentage


@settings(deadline=None)
@given(policies, sittings)
def test_the_text_never_shows_a_minimum_that_is_not_reached(
    policy: Policy, held: list[tuple[Decimal, str]]
) -> None:
    sums = count(policy, held)
    if sums.percentage is None:
        return
    shown = Fraction(sums.percentage_text.removesuffix(" %"))

    assert shown <= sums.percentage < shown + Fraction(1, 10)


@pytest.mark.parametrize(
    ("held", "minimum", "passes", "text"),
    [
        ([(Decimal(4), "presente"), (Decimal(1), "falta")], 80, True, "80 %"),
        ([(Decimal("3.99"), "presente"), (Decimal("1.01"), "falta")], 80, False, "79.8 %"),
        ([(Decimal(2), "presente"), (Decimal(1), "falta")], 67, False, "66.6 %"),
        ([(Decimal(1), "presente")], 100, True, "100 %"),
        ([(Decimal(1), "falta")], 0, False, "0 %"),
        ([(Decimal(1), "justificada")], 0, False, "—"),
        ([], 0, False, "—"),
    ],
)
def test_exactly_the_minimum_passes_and_nothing_less(
    held: list[tuple[Decimal, str]], minimum: int, passes: bool, text: str
) -> None:
    sums = count(Policy(minimum, 100, excused_leaves=True), held)

    assert (sums.passes, sums.percentage_text) == (passes, text)


@pytest.mark.parametrize(
    ("late_credit", "percentage"), [(100, Fraction(100)), (50, Fraction(75)), (0, Fraction(50))]
)
def test_a_late_arrival_is_worth_what_the_policy_says(
    late_credit: int, percentage: Fraction
) -> None:
    held = [(Decimal(3), "presente"), (Decimal(3), "retardo")]

    assert count(Policy(80, late_credit, excused_leaves=True), held).percentage == percentage


@pytest.mark.parametrize(("leaves", "percentage"), [(True, Fraction(100)), (False, Fraction(50))])
def test_a_justified_absence_leaves_the_sum_only_when_the_policy_says_so(
    leaves: bool, percentage: Fraction
) -> None:
    held = [(Decimal(3), "presente"), (Decimal(3), "justificada")]

    assert count(Policy(80, 100, excused_leaves=leaves), held).percentage == percentage


def test_the_sentence_says_the_sum_and_what_is_still_reachable() -> None:
    policy = Policy(80, 100, excused_leaves=True)
    size = Decimal("2.5")

    assert count(policy, [(size, "presente"), (size, "falta"), (size, "")]).sentence == (
        "2.5 de 5 horas, 50 %; el mínimo es 80 %. Ya no es posible alcanzarlo: lo más sería 66.6 %."
    )
    assert count(policy, [(size, "presente"), (size, "")]).sentence == (
        "2.5 de 2.5 horas, 100 %; el mínimo es 80 %. Si asiste a todo lo que falta llegará a 100 %."
    )
    assert count(policy, [(size, "falta")]).sentence == "0 de 2.5 horas, 0 %; el mínimo es 80 %."
    assert count(policy, [(size, "")]).sentence == "Sin registro todavía; el mínimo es 80 %."
    assert count(policy, []).sentence == "No hay horas que cuenten."


def test_how_an_enrolment_ends() -> None:
    policy = Policy(80, 100, excused_leaves=True)
    one = Decimal(1)

    assert outcome(count(policy, [(one, "presente")])) == Enrollment.State.COMPLETED
    assert outcome(count(policy, [(one, "presente"), (one, "falta")])) == (
        Enrollment.State.NOT_COMPLETED
    )
    assert outcome(count(policy, [(one, "falta"), (one, "justificada")])) == (
        Enrollment.State.NO_SHOW
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [("6", "6"), ("7.50", "7.5"), ("2.25", "2.25"), ("1234.5", "1,234.5"), ("0.125", "0.125")],
)
def test_hours_are_written_exactly(size: str, text: str) -> None:
    assert hours_text(Decimal(size)) == text


def test_an_empty_percentage_is_a_dash() -> None:
    assert percent_text(None) == "—"
