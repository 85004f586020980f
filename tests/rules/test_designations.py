"""Designations of enlace: every move, who may make it, and that a post is never held by two."""

import datetime
from collections import Counter
from collections.abc import Callable

import pikepdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import designating, leaving_posts, membership, uploads
from members.models import (
    Assignment,
    Department,
    Designation,
    Institute,
    LiaisonRole,
    Member,
    Person,
    User,
)
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising

State = Designation.State
DAY = datetime.timedelta(days=1)
Verb = Callable[[Designation, User], object]

VERBS: dict[str, Verb] = {
    "attach": lambda row, staff: designating.attach(row, liaising.oficio(), by=By.admin(staff)),
    "accept": lambda row, staff: designating.accept(row, show_name="nadie", by=_her(row)),
    "decline": lambda row, staff: designating.decline(row, by=_her(row)),
    "validate": lambda row, staff: designating.validate(row, replacing=True, by=By.admin(staff)),
    "reject": lambda row, staff: designating.reject(row, reason="No procede", by=By.admin(staff)),
    "end": lambda row, staff: leaving_posts.end(row, reason="Renunció", by=By.admin(staff)),
}


def _her(row: Designation) -> By:
    return By.web(row.person.user)  # type: ignore[arg-type]


def in_state(state: str, staff: User) -> Designation:
    """Return a designation in ``state``, with everything that state needs."""
    made = liaising.nominated(make.department(), by=staff)
    today = timezone.localdate()
    Designation.objects.filter(pk=made.pk).update(
        state=state,
        start=today - DAY if state in Designation.HELD else None,
        end=today if state in Designation.HELD and state != State.IN_FORCE else None,
    )
    made.refresh_from_db()
    return made


def refused(call: Callable[[], object]) -> str:
    """Return the code with which a verb says no."""
    with pytest.raises(ValidationError) as refusal:
        call()
    return str(refusal.value.code)


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_leaves_the_table(state: str, verb: str, valentina: User) -> None:
    row = in_state(state, valentina)
    lines, mails = Transition.objects.about(row).count(), QueuedMail.objects.count()
    said = False
    try:
        VERBS[verb](row, valentina)
    except ValidationError:
        said = True
    row.refresh_from_db()
    log = list(Transition.objects.about(row))
    if row.state == state:
        assert (len(log), QueuedMail.objects.count()) == (lines, mails)
    else:
        assert not said
        assert row.state in Designation.MOVES[state]
        assert (log[-1].from_state, log[-1].to_state) == (state, row.state)


def test_from_the_oficio_to_the_post(valentina: User) -> None:
    market = make.department()
    made = liaising.nominated(market, by=valentina)
    assert made.state == State.NOMINATED
    assert QueuedMail.objects.get().kind == "members/designation_nominated"
    made = designating.accept(made, show_name=Person.Visibility.PUBLIC, by=_her(made))
    assert list(Designation.objects.waiting()) == [made]
    made = designating.validate(made, by=By.admin(valentina))
    assert (made.state, made.start, made.end) == (State.IN_FORCE, timezone.localdate(), None)
    assert designating.validate(made, by=By.admin(valentina)).state == State.IN_FORCE
    assert QueuedMail.objects.filter(kind="members/designation_validated").count() == 1


def test_her_own_proposal_waits_for_the_oficio(valentina: User) -> None:
    market = make.department()
    she = liaising.worker(market)
    her = By.web(she.user)  # type: ignore[arg-type]
    made = designating.propose(she, market, LiaisonRole.ALTERNATE, by=her)
    assert designating.propose(she, market, LiaisonRole.ALTERNATE, by=her) == made
    assert refused(lambda: designating.accept(made, show_name="nadie", by=her)) == "needs_oficio"
    assert refused(lambda: designating.validate(made, by=By.admin(valentina))) == "move_refused"
    made = designating.attach(made, liaising.oficio(), by=her)
    assert (made.state, made.oficio_number) == (State.ACCEPTED, "DM/123/2026")
    with made.oficio.open() as stored:
        assert stored.read() == liaising.PDF


def test_only_she_answers_and_nobody_validates_her_own(valentina: User, diana: User) -> None:
    market = make.department()
    own = make.member(valentina.person, works_in=market).person
    made = liaising.nominated(market, own, by=diana)
    assert (
        refused(lambda: designating.accept(made, show_name="nadie", by=By.web(diana))) == "not_hers"
    )
    made = designating.accept(made, show_name="nadie", by=By.web(valentina))
    assert refused(lambda: designating.validate(made, by=By.admin(valentina))) == "own_case"
    assert (
        refused(lambda: designating.reject(made, reason="x", by=By.admin(valentina))) == "own_case"
    )
    assert designating.validate(made, by=By.admin(diana)).state == State.IN_FORCE


def test_who_may_be_designated(valentina: User) -> None:
    market, treasury = make.department(), make.department("Tesorería")
    stranger = make.person("Ana", "Ruiz")
    elsewhere = liaising.worker(treasury)
    below = liaising.worker(make.department("Área de mercados", parent=market), "Soto")
    assert refused(lambda: liaising.nominated(market, stranger, by=valentina)) == "not_member"
    assert refused(lambda: liaising.nominated(market, elsewhere, by=valentina)) == "works_elsewhere"
    assert liaising.nominated(market, below, by=valentina).state == State.NOMINATED
    assert refused(lambda: liaising.nominated(market, below, by=valentina)) == "already_open"
    assert (
        refused(lambda: liaising.nominated(market, below, by=valentina, role=LiaisonRole.ALTERNATE))
        == "both_posts"
    )
    membership.suspend(elsewhere.member, reason="Licencia", by=By.admin(valentina))
    assert (
        refused(lambda: liaising.nominated(treasury, elsewhere, by=valentina))
        == "member_not_active"
    )
    Department.objects.filter(pk=treasury.pk).update(expects_liaison=False)
    assert refused(lambda: liaising.nominated(treasury, by=valentina)) == "no_post"


def test_a_second_titular_only_by_substitution(valentina: User) -> None:
    market = make.department()
    first = liaising.in_force(market, by=valentina)
    second = liaising.accepted(market, by=valentina)
    by = By.admin(valentina)
    assert refused(lambda: designating.validate(second, by=by)) == "post_taken"
    second = designating.validate(second, replacing=True, by=by)
    first.refresh_from_db()
    assert (first.state, first.end, first.replaced_by) == (
        State.REPLACED,
        timezone.localdate(),
        second,
    )
    assert list(Designation.objects.as_of(timezone.localdate())) == [second]
    assert QueuedMail.objects.filter(kind="members/designation_ended").count() == 1


def test_a_substitution_on_a_future_day_waits_for_it(valentina: User) -> None:
    market = make.department()
    first = liaising.in_force(market, by=valentina)
    second = liaising.accepted(market, by=valentina)
    day = timezone.localdate() + 10 * DAY
    designating.validate(second, start=day, replacing=True, by=By.admin(valentina))
    first.refresh_from_db()
    assert (first.state, first.end) == (State.IN_FORCE, day)
    assert Designation.objects.as_of(day - DAY).get() == first
    assert Designation.objects.as_of(day).get() == second
    third = liaising.accepted(market, by=valentina)
    assert (
        refused(lambda: designating.validate(third, replacing=True, by=By.admin(valentina)))
        == "post_taken"
    )
    with time_machine.travel(timezone.now() + 11 * DAY):
        call_command("expire_designations", verbosity=0)
        first.refresh_from_db()
        assert first.state == State.REPLACED
        assert not QueuedMail.objects.filter(kind="members/designation_expired").exists()


def test_the_past_is_not_written(valentina: User) -> None:
    row = liaising.accepted(make.department(), by=valentina)
    yesterday = timezone.localdate() - DAY
    by = By.admin(valentina)
    assert refused(lambda: designating.validate(row, start=yesterday, by=by)) == "start_past"
    row = designating.validate(row, by=by)
    ended = leaving_posts.end(row, reason="Cambió de encargo", by=by)
    assert ended.end == timezone.localdate()
    assert leaving_posts.end(ended, reason="Otra vez", by=by).end == ended.end


def test_a_baja_ends_what_she_held_and_what_was_on_its_way(valentina: User) -> None:
    market = make.department()
    she = liaising.worker(market)
    held = liaising.in_force(market, she, by=valentina)
    above = make.department("Coordinación")
    Department.objects.filter(pk=market.pk).update(parent=above)
    waiting = liaising.nominated(above, she, by=valentina)
    membership.end(she.member, reason="Dejó el gobierno", by=By.admin(valentina))
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.state, held.end) == (State.ENDED, timezone.localdate())
    assert waiting.state == State.REJECTED
    line = list(Transition.objects.about(held))[-1]
    assert (line.reason, line.actor_id) == ("Causó baja en la Red", valentina.pk)


def test_a_readscripcion_ends_what_she_held_there(valentina: User) -> None:
    market, treasury = make.department(), make.department("Tesorería")
    she = liaising.worker(market)
    held = liaising.in_force(market, she, by=valentina)
    by = By.admin(valentina)
    assert leaving_posts.leave_former_posts(she, by=by) == []
    Assignment.objects.filter(person=she).update(department=treasury)
    assert leaving_posts.leave_former_posts(she, by=by) == [held]
    held.refresh_from_db()
    assert held.state == State.ENDED


def test_the_daily_round_reminds_once_and_expires_once(valentina: User) -> None:
    Institute.objects.create(email="instituto@example.org")
    last = timezone.localdate() + 40 * DAY
    row = liaising.in_force(
        make.department(), by=valentina, last_day=last, titular_email="titular@example.org"
    )
    sent = {}
    for days in (9, 10, 11, 32, 33, 40, 41, 42):
        with time_machine.travel(timezone.now() + days * DAY):
            call_command("run_daily", verbosity=0)
            call_command("expire_designations", verbosity=0)
            sent[days] = QueuedMail.objects.filter(
                kind__startswith="members/designation_end"
            ).count()
            row.refresh_from_db()
            assert row.state == (State.IN_FORCE if days <= 40 else State.EXPIRED)
    assert sent == {9: 0, 10: 3, 11: 3, 32: 3, 33: 6, 40: 6, 41: 6, 42: 6}
    hers = row.person.institutional_email
    to = QueuedMail.objects.filter(kind__startswith="members/designation_ending")
    received = Counter(mail.recipient for mail in to)
    assert received == {"titular@example.org": 2, "instituto@example.org": 2, hers: 2}
    assert QueuedMail.objects.filter(kind="members/designation_expired").count() == 1


def test_an_oficio_is_looked_at_by_its_content() -> None:
    assert uploads.checked(liaising.paper()).stored_name.endswith(".pdf")
    png = uploads.checked(liaising.paper(liaising.picture(), "a.exe"))
    assert png.stored_name.endswith(".png")
    jpeg = uploads.checked(liaising.paper(liaising.picture("JPEG") + b"<script>", "a.jpg"))
    assert b"<script>" not in jpeg.read()
    opens = liaising.scanned(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()"))
    assert b"JavaScript" in opens
    assert b"JavaScript" not in uploads.checked(liaising.paper(opens)).read()
    for content, code in (
        (b"", "file_empty"),
        (b"MZ\x90", "file_kind"),
        (b"<html>", "file_kind"),
        (b"%PDF-1.7 cortado", "file_broken"),
        (b"\x89PNG\r\n\x1a\nno", "file_broken"),
        (b"%PDF-" + bytes(uploads.LIMIT), "file_too_big"),
    ):
        assert refused(lambda content=content: uploads.checked(liaising.paper(content))) == code  # type: ignore[misc]


def test_the_database_refuses_two_in_one_post(valentina: User) -> None:
    today = timezone.localdate()
    market = make.department()
    first = liaising.in_force(market, by=valentina, last_day=today + 30 * DAY)
    assert first.end is not None
    common = {
        "department": market,
        "role": first.role,
        "person": first.person,
        "state": State.IN_FORCE,
        "oficio_number": "X",
        "oficio_date": today,
        "oficio": "x.pdf",
    }
    for start, end in (
        (today, None),
        (today - DAY, today + DAY),
        (today + 30 * DAY, None),
        (today + DAY, today + 2 * DAY),
        (today - DAY, None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Designation.objects.create(**common, start=start, end=end)
    for start, end in ((today + 31 * DAY, None), (today - 9 * DAY, today), (today, today)):
        Designation.objects.create(**common, start=start, end=end)
    other = Designation.objects.create(**{**common, "role": LiaisonRole.ALTERNATE}, start=today)
    with pytest.raises(IntegrityError), transaction.atomic():
        Designation.objects.filter(pk=other.pk).update(role=LiaisonRole.HOLDER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Designation.objects.filter(pk=first.pk).update(end=None)


def test_a_designation_needs_its_paper(valentina: User) -> None:
    row = liaising.accepted(make.department(), by=valentina)
    for column in ({"oficio": ""}, {"oficio_number": ""}, {"oficio_date": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Designation.objects.filter(pk=row.pk).update(**column)
    assert Member.objects.get(person=row.person).state == "activa"
