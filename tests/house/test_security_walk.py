"""Every address is walked as every kind of person: who sees it, who is sent away, and that reading changes nothing."""

import datetime
import re
import uuid
from typing import Any, Final

import pytest
from django.contrib import admin
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from members.models import PrivacyNotice
from red_genero.common.admin import VerbAdmin
from red_genero.roles import ROLES as PERMISSIONS
from tests import make
from tests.house import world as house
from tests.house.world import ROLES, STAFF, World
from trainings.models import Edition

pytestmark = [pytest.mark.once, pytest.mark.long, pytest.mark.no_cover]

SIGNED: Final = frozenset(ROLES) - {"visitor"}
EVERYBODY: Final = frozenset(ROLES)
NOBODY: Final[frozenset[str]] = frozenset()
PEOPLE: Final = SIGNED - {"account", "superuser"}
"""Those of whom the portal knows a name."""
COORDINATE: Final = frozenset({"coordinator", "training", "direction", "superuser"})
READ_MEMBERS: Final = frozenset(
    {"integrante", "validation", "training", "direction", "audit", "superuser"}
)
READ_LIAISONS: Final = frozenset({"validation", "direction", "audit", "superuser"})
DIRECT: Final = frozenset({"direction", "superuser"})
HERSELF: Final = frozenset({"integrante"})

SEES: Final[dict[str, frozenset[str]]] = {
    "home": EVERYBODY,
    "la_red": EVERYBODY,
    "panel": SIGNED,
    "search": EVERYBODY,
    "department_figures": EVERYBODY,
    "department_figures_csv": EVERYBODY,
    "indicators": EVERYBODY,
    "indicators_csv": EVERYBODY,
    "health_live": EVERYBODY,
    "health_ready": EVERYBODY,
    "account_login": EVERYBODY,
    "account_request_login_code": EVERYBODY,
    "account_confirm_login_code": NOBODY,
    "mfa_login_webauthn": NOBODY,
    "mfa_authenticate": NOBODY,
    "account_logout": SIGNED,
    "account_inactive": EVERYBODY,
    "account_signup": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_email": SIGNED,
    "account_change_password": SIGNED,
    "account_set_password": SIGNED,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_reauthenticate": SIGNED,
    "mfa_reauthenticate": SIGNED,
    "mfa_reauthenticate_webauthn": SIGNED,
    "mfa_index": SIGNED,
    "mfa_activate_totp": SIGNED,
    "mfa_deactivate_totp": NOBODY,
    "mfa_view_recovery_codes": NOBODY,
    "mfa_generate_recovery_codes": SIGNED,
    "mfa_download_recovery_codes": NOBODY,
    "mfa_list_webauthn": SIGNED,
    "mfa_add_webauthn": SIGNED,
    "mfa_remove_webauthn": SIGNED,
    "mfa_edit_webauthn": SIGNED,
    "usersessions_list": SIGNED,
    "job_detail": frozenset({"coordinator", "training", "direction", "audit", "superuser"}),
    "demo_mail_list": NOBODY,
    "demo_mail_detail": NOBODY,
    "demo_mail_html": NOBODY,
    "members:application": SIGNED,
    "members:application_start": SIGNED,
    "members:application_review": SIGNED,
    "members:application_answer": frozenset({"applicant"}),
    "members:application_withdraw": frozenset({"applicant", "drafter"}),
    "members:application_edit": SIGNED,
    "members:application_save": SIGNED,
    "members:application_back": SIGNED,
    "members:application_review_back": SIGNED,
    "members:department_list": EVERYBODY,
    "members:member_list": READ_MEMBERS,
    "members:department_detail": EVERYBODY,
    "members:privacy": EVERYBODY,
    "members:privacy_version": EVERYBODY,
    "members:my_data": SIGNED,
    "members:my_data_json": PEOPLE,
    "members:my_data_csv": PEOPLE,
    "members:my_data_pdf": PEOPLE,
    "members:notice": PEOPLE,
    "members:contact": PEOPLE,
    "members:face": PEOPLE,
    "members:contact_ask": HERSELF,
    "members:contact_list": PEOPLE,
    "members:contact_detail": HERSELF,
    "members:contact_accept": HERSELF,
    "members:contact_decline": HERSELF,
    "members:privacy_request": PEOPLE,
    "members:privacy_request_detail": HERSELF,
    "members:privacy_request_withdraw": HERSELF,
    "members:privacy_request_file": frozenset({"direction", "audit", "superuser"}) | HERSELF,
    "members:card": HERSELF,
    "members:card_pdf": HERSELF,
    "members:leave": HERSELF,
    "members:change_request": HERSELF,
    "members:change_detail": HERSELF,
    "members:change_withdraw": HERSELF,
    "members:change_file": READ_LIAISONS | HERSELF,
    "members:application_file": READ_LIAISONS | {"applicant"},
    "members:visibility": PEOPLE,
    "members:consent": PEOPLE,
    "members:coverage": EVERYBODY,
    "members:coverage_csv": EVERYBODY,
    "members:coverage_people": READ_LIAISONS,
    "members:term_list": READ_LIAISONS,
    "members:term_progress": READ_LIAISONS,
    "handover": DIRECT,
    "handover_file": DIRECT,
    "members:designation_list": HERSELF,
    "members:designation_propose": HERSELF,
    "members:designation_detail": HERSELF,
    "members:designation_accept": HERSELF,
    "members:designation_decline": HERSELF,
    "members:designation_visibility": HERSELF,
    "members:designation_attach": HERSELF,
    "members:designation_oficio": READ_LIAISONS | HERSELF,
    "members:unit_list": HERSELF,
    "members:unit_present": HERSELF,
    "members:unit_paper": HERSELF,
    "members:unit_dissolution": READ_LIAISONS | HERSELF,
    "members:unit_ratification": READ_LIAISONS,
    "members:unit_step_file": READ_LIAISONS | HERSELF,
    "members:unit_paper_file": READ_LIAISONS | HERSELF,
    "members:request_pdf": READ_LIAISONS,
    "members:request_answer": READ_LIAISONS,
    "trainings:course_list": EVERYBODY,
    "trainings:course_detail": EVERYBODY,
    "trainings:edition_detail": EVERYBODY,
    "trainings:calendar": EVERYBODY,
    "trainings:calendar_month": EVERYBODY,
    "trainings:calendar_feed": EVERYBODY,
    "trainings:own_feed": EVERYBODY,
    "trainings:my_calendar": SIGNED,
    "trainings:my_calendar_open": SIGNED,
    "trainings:my_calendar_renew": SIGNED,
    "trainings:my_calendar_end": SIGNED,
    "trainings:programme_progress": COORDINATE,
    "trainings:enrollment": SIGNED,
    "trainings:enrollment_cancel": SIGNED,
    "trainings:offer_accept": SIGNED,
    "trainings:offer_decline": SIGNED,
    "trainings:coordination": COORDINATE | {"elsewhere"},
    "trainings:coordination_edition": COORDINATE,
    "trainings:attendance_list_pdf": COORDINATE,
    "trainings:attendance_capture": COORDINATE,
    "trainings:attendance_capture(number)": COORDINATE,
    "trainings:attendance_all_present": COORDINATE,
    "trainings:check_in": HERSELF,
    "trainings:attendance_sync": COORDINATE,
    "trainings:attendance_undo": COORDINATE,
    "trainings:walk_in_add": COORDINATE,
    "trainings:walk_in": COORDINATE,
    "trainings:walk_in_unlink": COORDINATE,
    "trainings:walk_in_forget": COORDINATE,
    "trainings:session_papers": COORDINATE,
    "trainings:excuse": COORDINATE,
    "trainings:attendance_paper": COORDINATE,
    "trainings:attendance_scan": COORDINATE,
    "trainings:attendance_room": COORDINATE,
    "trainings:attendance_pass": COORDINATE,
    "trainings:marks_import": COORDINATE,
    "trainings:acta_pdf": COORDINATE,
    "trainings:badges_pdf": COORDINATE,
    "trainings:edition_close": COORDINATE,
    "trainings:seats_act": COORDINATE,
    "trainings:enrol_person": COORDINATE,
    "trainings:nominate": COORDINATE,
    "trainings:group_message": COORDINATE,
    "trainings:group_message_send": COORDINATE,
    "trainings:board_csv": COORDINATE,
    "trainings:approval": EVERYBODY,
    "trainings:approval_give": EVERYBODY,
    "trainings:approval_decline": EVERYBODY,
    "trainings:survey": HERSELF,
    "trainings:survey_results": COORDINATE,
    "trainings:survey_results_csv": COORDINATE,
    "trainings:overlap_list": COORDINATE | {"elsewhere"},
    "trainings:certificate_issue": COORDINATE,
    "trainings:certificate_list": SIGNED,
    "trainings:certificate_pdf": COORDINATE | {"integrante", "audit"},
    "trainings:verify": EVERYBODY,
    "trainings:verify_code": EVERYBODY,
    "trainings:verify_file": EVERYBODY,
    "trainings:recognition_issue": COORDINATE,
    "trainings:bundle_ask": COORDINATE,
    "trainings:bundle_file": COORDINATE,
    "trainings:design_preview": frozenset({"training", "direction", "audit", "superuser"}),
    "trainings:kardex_pdf": PEOPLE,
    "trainings:past_load": frozenset({"training", "direction", "superuser"}),
    "resources:topic_list": EVERYBODY,
    "resources:helpline_list": EVERYBODY,
    "resources:topic_detail": EVERYBODY,
    "resources:resource_detail": EVERYBODY,
    "resources:quick_exit": EVERYBODY,
    "resources:feed": EVERYBODY,
    "resources:news_text": EVERYBODY,
    "resources:introduction_detail": EVERYBODY,
    "resources:collection_detail": EVERYBODY,
    "resources:bulletin_preview": frozenset({"library", "direction", "audit", "superuser"}),
    "resources:bulletin_leave": EVERYBODY,
    "resources:bulletin_left": EVERYBODY,
    "resources:version_detail": EVERYBODY,
    "resources:version_file": EVERYBODY,
    "resources:version_thumbnail": EVERYBODY,
}
"""Who has business at each address; to the others it does not exist."""

LED_ELSEWHERE: Final[dict[str, frozenset[str]]] = {
    # Who has already signed in does not sign in again.
    "account_login": SIGNED,
    "account_request_login_code": SIGNED,
    "account_confirm_login_code": SIGNED,
    "account_signup": SIGNED,
    "mfa_authenticate": SIGNED,
    "mfa_login_webauthn": SIGNED,
    "account_logout": frozenset({"visitor"}),
    # She types her password again, or sets up what she does not have yet.
    "account_set_password": SIGNED,
    "mfa_reauthenticate": SIGNED,
    "mfa_reauthenticate_webauthn": SIGNED,
    "mfa_activate_totp": SIGNED,
    "mfa_generate_recovery_codes": SIGNED,
    "mfa_add_webauthn": SIGNED,
    "mfa_remove_webauthn": SIGNED,
    "mfa_edit_webauthn": SIGNED,
    # Without a draft, the solicitud says where it is.
    "members:application_start": frozenset({"applicant", "drafter"}),
    "members:application_review": SIGNED - {"drafter"},
    "members:application_edit": SIGNED - {"drafter"},
    "members:designation_attach": HERSELF,
    "members:term_list": READ_LIAISONS,
    # No aviso waits to be read; a solicitud ARCO that was answered is not taken back.
    "members:notice": PEOPLE,
    "members:privacy_request_withdraw": HERSELF,
    "trainings:attendance_capture": COORDINATE,
    "trainings:attendance_pass": COORDINATE,
    # Without anybody marked there is nothing to ask about.
    "trainings:seats_act": COORDINATE,
}
ONLY_PRESSED: Final = frozenset(
    {
        "handover",
        "members:application_back",
        "members:application_review_back",
        "members:application_save",
        "members:contact_accept",
        "members:contact_decline",
        "members:designation_accept",
        "members:designation_visibility",
        "trainings:enrollment_cancel",
        "trainings:offer_accept",
        "trainings:offer_decline",
        "trainings:my_calendar_open",
        "trainings:my_calendar_renew",
        "trainings:my_calendar_end",
        "trainings:attendance_all_present",
        "trainings:attendance_sync",
        "trainings:attendance_undo",
        "trainings:walk_in_add",
        "trainings:walk_in_unlink",
        "trainings:walk_in_forget",
        "trainings:bundle_ask",
        "trainings:recognition_issue",
        "trainings:group_message_send",
        "trainings:approval_give",
        "trainings:approval_decline",
    }
)

ADMIN_PAGES: Final = {
    "admin:index": 200,
    "admin:login": 302,
    "admin:logout": 405,
    "admin:password_change": 302,
    "admin:password_change_done": 302,
    "admin:autocomplete": 403,
    "admin:jsi18n": 200,
    "admin:view_on_site": 404,
}
"""What the staff is answered at the addresses of the administration that are of no table."""
ADDED_BY_HAND: Final = frozenset(
    {
        "members.assignment",
        "members.community",
        "members.contentarea",
        "members.department",
        "members.departmentkind",
        "members.governmentterm",
        "members.holiday",
        "members.institute",
        "members.maildomain",
        "members.officesigner",
        "members.pagetext",
        "members.privacynotice",
        "members.privacypolicy",
        "members.privacyrequest",
        "members.rejectionreason",
        "members.user",
        "resources.bulletin",
        "resources.collection",
        "resources.helpline",
        "resources.resource",
        "resources.topic",
        "resources.topicfact",
        "resources.violence",
        "trainings.course",
        "trainings.design",
        "trainings.edition",
        "trainings.instructor",
        "trainings.questionset",
        "trainings.signatory",
    }
)
DELETED: Final[frozenset[str]] = frozenset(
    {
        "members.holiday",
        "members.maildomain",
        "trainings.course",
        "trainings.instructor",
    }
)
"""Tables whose rows may be deleted, if nothing hangs from them; everything else is closed or withdrawn."""


PAGES_APART: Final = {
    "preview": "common.change_mailtext",
    "merge": "members.merge_people",
    "register": "members.import_members",
    "csv": "members.import_members",
    "xlsx": "members.import_members",
    "members.invitation add": "members.import_members",
    "members.memberimport add": "members.import_members",
    "members.memberimport blank": "members.import_members",
}
"""Pages of the administration that are no button of a row: the permission that opens each."""
OF_THE_WHOLE_TABLE: Final = ("add", "blank", "register", "csv", "xlsx")
NO_KEY: Final = uuid.UUID(int=0)


def answered(answer: HttpResponseBase) -> str:
    """Return the status, and for a redirection whether it leads to the door."""
    if answer.status_code not in {301, 302}:
        return str(answer.status_code)
    to = answer.headers["Location"]
    return "door" if to.startswith((reverse("account_login"), reverse("admin:login"))) else "away"


def expected(name: str, role: str) -> str:
    """Return what the table says of a GET of an address of the portal."""
    address = name.partition("(")[0]
    if role == "visitor" and role not in SEES[name] | LED_ELSEWHERE.get(address, NOBODY):
        return "404" if name.startswith("demo_") else "door"
    if name in ONLY_PRESSED:
        return "405"
    if role in LED_ELSEWHERE.get(name, NOBODY):
        return "away"
    return "200" if role in SEES[name] else "404"


ABOUT_WHAT_OTHERS_SEE: Final = frozenset(
    ("training", f"admin:common_{table}_{page}")
    for table in ("queuedmail", "transition")
    for page in ("change", "history")
)
"""Those rows of the logs speak of a solicitud, which Formación does not see: like what does not exist."""


def expected_in_admin(name: str, role: str) -> str:
    """Return what the permissions of the role say of a GET of an address of the administration."""
    if (role, name) in ABOUT_WHAT_OTHERS_SEE:
        return "away"
    if role not in {*STAFF, "superuser"}:
        odd = {"admin:login": "404", "admin:logout": "away"}
        return odd.get(name, "door") if role in SIGNED else "door"
    if name in ADMIN_PAGES:
        status = ADMIN_PAGES[name]
        return "away" if status == 302 else str(status)
    app, model, act = name.removeprefix("admin:").split("_", 2)
    table = f"{app}.{model}"

    def may(*verbs: str) -> bool:
        given = PERMISSIONS[STAFF[role]] if role in STAFF else ()
        return role == "superuser" or any(f"{app}.{verb}_{model}" in given for verb in verbs)

    registered = {f"{made._meta.label_lower}": of for made, of in admin.site._registry.items()}
    verbs = getattr(registered[table], "verbs", {})
    apart = PAGES_APART.get(act) or PAGES_APART.get(f"{table} {act}")
    permission = verbs[act].permission if act in verbs else apart
    if permission:
        if act not in OF_THE_WHOLE_TABLE and not may("view", "change"):
            return "404"  # the row itself is not for her
        pressed = role == "superuser" or permission in PERMISSIONS[STAFF[role]]
        return "200" if pressed else "403"
    granted = {
        "add": table in ADDED_BY_HAND and may("add"),
        "delete": table in DELETED and may("delete"),
        "change": may("view", "change"),
        "changelist": may("view", "change"),
        "history": may("view", "change"),
    }
    return "200" if granted[act] else "403"


def test_the_table_names_every_address(world: World) -> None:
    assert set(house.portal_paths(world)) == set(SEES)


def test_every_table_of_the_administration_is_ours() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}

    assert apps == {"auth", "common", "members", "resources", "trainings"}


def test_rows_with_a_history_are_never_deleted() -> None:
    verbs = {
        model._meta.label_lower
        for model, made in admin.site._registry.items()
        if isinstance(made, VerbAdmin)
    }

    assert not verbs & DELETED


OUTSIDERS: Final = tuple(role for role in ROLES if role not in {*STAFF, "superuser"})


def desk_for(role: str) -> dict[str, str]:
    """Return the addresses of the administration that a role tries: staff all, whoever is no staff a part of them in turn.

    Outsiders are sent away at the same door, before anything is looked up; together they try each address twice.
    """
    paths = house.admin_paths()
    if role not in OUTSIDERS:
        return paths
    half, mine = len(OUTSIDERS) // 2, OUTSIDERS.index(role)
    return {
        name: path
        for turn, (name, path) in enumerate(paths.items())
        if name in ADMIN_PAGES or mine in {turn % len(OUTSIDERS), (turn + half) % len(OUTSIDERS)}
    }


@pytest.mark.parametrize("role", ROLES)
def test_what_each_person_is_answered(world: World, role: str) -> None:
    client = world.client(role)
    portal, desk = house.portal_paths(world), desk_for(role)
    client.get(reverse("home"))
    before = house.fingerprint()

    found = {
        name: answered(client.get(path))
        for name, path in {**portal, **desk}.items()
        if name != "health_ready"  # its state is examined by tests of its own
    }

    told = {name: expected(name, role) for name in portal if name != "health_ready"}
    told |= {name: expected_in_admin(name, role) for name in desk}
    assert {name: (found[name], told[name]) for name in found if found[name] != told[name]} == {}
    assert house.fingerprint() == before


@pytest.mark.parametrize("role", ["visitor", "superuser"])
def test_nothing_is_written_without_a_token_of_the_page(world: World, role: str) -> None:
    """The token is examined before anybody asks who is there: whoever may most, and whoever may least."""
    client = world.client(role, csrf=True)
    before = house.fingerprint()

    found = {
        (name, method): client.generic(method, path).status_code
        for turn, (name, path) in enumerate(
            {**house.portal_paths(world), **house.admin_paths()}.items()
        )
        for method in (("POST", ("PUT", "DELETE")[turn % 2]) if role == "superuser" else ("POST",))
    }

    assert {
        key: status
        for key, status in found.items()
        # A file to be compared says first how it is sent.
        if status != (405 if key[0] == "trainings:verify_file" and key[1] != "POST" else 403)
    } == {}
    assert house.fingerprint() == before


@pytest.mark.parametrize("role", ["account", "integrante", "elsewhere", "validation", "library"])
def test_a_press_where_one_has_no_business_changes_nothing(world: World, role: str) -> None:
    client = world.client(role)
    before = house.fingerprint()

    found = {
        name: client.post(path).status_code
        for name, path in house.portal_paths(world).items()
        if role not in SEES[name] and not name.startswith(("account_", "mfa_"))
    }

    assert {name: status for name, status in found.items() if status not in {404, 405}} == {}
    assert house.fingerprint() == before


def test_a_visitors_press_leads_to_the_door(world: World) -> None:
    client = world.client("visitor")
    before = house.fingerprint()

    found = {
        name: answered(client.post(path))
        for name, path in house.portal_paths(world).items()
        if "visitor" not in SEES[name] and not name.startswith(("demo_", "account_", "mfa_"))
    }

    assert set(found.values()) == {"door"}
    assert house.fingerprint() == before


def test_staff_cannot_press_what_its_role_does_not_allow(world: World) -> None:
    """Each address is pressed by two of those who may not, in turn: who may is told by reading, role by role."""
    clients = {role: world.client(role) for role in STAFF}
    before = house.fingerprint()
    wrong = {}
    for turn, (name, path) in enumerate(house.admin_paths().items()):
        refused = [role for role in STAFF if expected_in_admin(name, role) in {"403", "404"}]
        for role in (
            {refused[turn % len(refused)], refused[-turn % len(refused)]} if refused else ()
        ):
            status = clients[role].post(path).status_code
            if status not in {403, 404, 405}:
                wrong[role, name] = status

    assert wrong == {}
    assert house.fingerprint() == before


def pairs(world: World) -> list[tuple[tuple[str, ...], str, str]]:
    """Return who asks, the address of something that is not for her, and one of nothing at all."""
    draft = make.edition(world.course, state=Edition.State.DRAFT)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    kind = PrivacyNotice.Kind.INTEGRAL
    PrivacyNotice.objects.create(
        kind=kind, version="futura", body="<p>x</p>", published_at=tomorrow
    )
    course, topic = world.course.key, world.topic.key

    def two(name: str, there: list[Any], nothing: list[Any]) -> tuple[str, str]:
        return reverse(name, args=there), reverse(name, args=nothing)

    members = ("account", "integrante", "elsewhere", "library")
    found: list[tuple[tuple[str, ...], str, str]] = [
        (members, *two(f"trainings:{name}", [world.taught.key, *rest], ["no-existe", *rest]))
        for name, rest in (
            ("coordination_edition", []),
            ("attendance_list_pdf", []),
            ("attendance_capture", []),
            ("attendance_capture", [1]),
            ("attendance_all_present", [1]),
            ("attendance_scan", [1]),
            ("attendance_room", [1]),
            ("session_papers", [1]),
            ("acta_pdf", []),
            ("badges_pdf", []),
            ("edition_close", []),
            ("survey_results", []),
            ("survey_results_csv", []),
            ("certificate_issue", []),
        )
    ]
    someone_elses = [world.foreign_certificate.code]
    found += [
        (members, *two("trainings:certificate_pdf", someone_elses, ["ABCDEFGHJKMNPQRSTVWX"])),
        (("account", "integrante", "elsewhere"), *two("job_detail", [world.job.key], [NO_KEY])),
    ]
    outside = ("visitor", "account", "integrante")
    hidden, inside = world.hidden_resource.key, world.members_resource.key
    found += [
        (outside, *two("trainings:edition_detail", [course, draft.key], [course, "no-existe"])),
        (outside, *two("resources:resource_detail", [topic, hidden], [topic, "no-existe"])),
        (outside[:2], *two("resources:resource_detail", [topic, inside], [topic, "no-existe"])),
        (outside, *two("members:privacy_version", [kind, "futura"], [kind, "ninguna"])),
        (outside[1:], *two("trainings:enrollment", [course, draft.key], [course, "no-existe"])),
    ]
    return found


def test_what_is_not_hers_is_like_what_does_not_exist(world: World) -> None:
    """Same status and same page, to the letter, for reading and for pressing."""
    different = []
    for roles, there, nothing in pairs(world):
        for role in roles:
            client = world.client(role)
            for method in ("GET", "POST"):
                seen, empty = (client.generic(method, path) for path in (there, nothing))
                pages = [house.strangers_eyes(answer.content) for answer in (seen, empty)]
                statuses = (seen.status_code, empty.status_code)
                if pages[0] != pages[1] or statuses not in {(404, 404), (405, 405)}:
                    different.append((role, method, there, statuses))

    assert different == []


def test_a_page_for_others_reads_like_a_page_that_is_not_there(world: World) -> None:
    client = world.client("account")
    absent = main_of(client.get("/no-existe/"))

    for name in ("members:member_list", "members:my_data_json", "trainings:coordination"):
        answer = client.get(reverse(name))
        assert (answer.status_code, main_of(answer)) == (404, absent), name


def main_of(answer: HttpResponseBase) -> str:
    """Return the page without its menu, which marks where one is."""
    found = re.search(r"<main.*</main>", str(getattr(answer, "text", "")), re.DOTALL)
    return found[0] if found else ""


def test_the_administration_tells_outsiders_nothing(world: World) -> None:
    for role in ("account", "integrante", "coordinator"):
        client = world.client(role)
        pages = [
            client.get(path, follow=True)
            for path in (
                reverse("admin:members_person_change", args=[world.member.person_id]),
                reverse("admin:members_person_change", args=[10**9]),
                "/admin/no/existe/",
            )
        ]
        assert {page.status_code for page in pages} == {404}
        assert len({house.strangers_eyes(page.content) for page in pages}) == 1


def test_staff_cannot_tell_rows_it_may_not_read_from_rows_that_are_not(world: World) -> None:
    client = world.client("library")
    person = world.member.person_id
    pages = [
        client.get(reverse("admin:members_person_change", args=[pk])) for pk in (person, 10**9)
    ]

    assert {page.status_code for page in pages} == {403}
    assert len({house.strangers_eyes(page.content) for page in pages}) == 1
