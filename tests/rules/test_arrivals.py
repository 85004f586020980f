"""People whom the Instituto brings in: recorded as such, consent still asked of her, files read whole or not at all."""

import csv
import datetime
import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members import duplicates, importing, inviting, membership, padron, spreadsheets
from members.membership import Place
from members.models import (
    Consent,
    Department,
    Invitation,
    Level,
    Member,
    MemberImport,
    Person,
    User,
)
from red_genero.common.exports import csv_text
from red_genero.common.models import AccessLog, QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in

TITLES = (
    "nombres,primer_apellido,correo_institucional,celular,numero_empleada,dependencia,cargo,nivel"
)
INES = "Inés,Güereña,ines@guadalajara.gob.mx,+52 33 1234 5678,00123,Mercados,Jefa,Jefatura"
ROSA = "Rosa,Ávila,rosa@guadalajara.gob.mx,,00124,mercados,Directora,direccion"


@pytest.fixture
def markets(db: None) -> Department:
    """A dependencia of the catalogue."""
    return make.department("Mercados")


def table(*rows: str) -> bytes:
    return "\n".join([TITLES, *rows]).encode("utf-8-sig")


def read(content: bytes, by: User) -> MemberImport:
    return importing.read("lista.csv", content, by=By.admin(by))


def run(
    done: MemberImport, by: User, *, matches: str = "revisar", write: bool = False
) -> MemberImport:
    return importing.apply(done, matches=matches, write=write, by=By.admin(by))


# --- invited, registered


def test_an_invitation_is_one_per_address_and_not_insistent(valentina: User) -> None:
    by = By.admin(valentina)
    invited = inviting.invite("ana@guadalajara.gob.mx", name="Ana", by=by)
    mail = QueuedMail.objects.get(kind="members/invitation")
    assert (mail.recipient, mail.about) == ("ana@guadalajara.gob.mx", invited)
    with pytest.raises(ValidationError, match="Ya se invitó"):
        inviting.invite("Ana@guadalajara.gob.mx ", by=by)
    with pytest.raises(ValidationError) as no:
        inviting.remind(invited, by=by)
    assert no.value.code == "too_soon"
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        inviting.remind(invited, by=by)
    assert QueuedMail.objects.filter(kind="members/invitation").count() == 2
    make.user("ana@guadalajara.gob.mx")
    with pytest.raises(ValidationError) as no:
        inviting.invite("ana@guadalajara.gob.mx", by=by)
    assert no.value.code == "already_here"


def registration(markets: Department) -> dict[str, object]:
    return {
        "given_names": "Inés",
        "first_surname": "Güereña",
        "institutional_email": "Ines@guadalajara.gob.mx",
        "mobile": "044 33 1234 5678",
        "department": markets.pk,
        "position": "Jefa de unidad",
        "level": "jefatura",
        "reason": "Lista firmada del 3 de marzo",
        "write": "on",
    }


def test_registered_on_her_behalf_and_still_asked(valentina: User, markets: Department) -> None:
    make.notice()
    staff, path = signed_in(valentina), "/admin/members/member/registrar/"
    assert staff.get(path).status_code == 200
    assert staff.post(path, {**registration(markets), "level": ""}).status_code == 422
    assert staff.post(path, registration(markets)).status_code == 302
    assert staff.post(path, {**registration(markets), "somebody_else": "on"}).status_code == 422

    member = Member.objects.get()
    person = member.person
    assert (person.mobile, person.show_in_directory) == ("3312345678", False)
    assert not Consent.objects.filter(person=person).exists()
    line = Transition.objects.about(member).get()
    assert "Registrada por el Instituto: Lista firmada" in line.reason
    assert (line.channel, line.actor) == ("admin", valentina)
    assert Invitation.objects.get().kind == "entrar"
    (mail,) = QueuedMail.objects.filter(recipient="ines@guadalajara.gob.mx")
    assert (mail.kind, mail.subject) == (
        "members/membership_registered",
        f"Su registro en la Red {member.folio}",
    )

    account = person.user
    assert account is not None
    assert not account.has_usable_password()
    she = signed_in(account)
    asked = she.get("/panel/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/privacidad/aviso-nuevo/")
    page = she.get("/privacidad/aviso-nuevo/").content.decode()
    assert "El Instituto registró su ingreso a la Red." in page
    assert "checked" not in page
    she.post("/privacidad/aviso-nuevo/", {"imagen": "on"})
    given = Consent.objects.filter(person=person).values_list("purpose", "given")
    assert {purpose for purpose, yes in given if yes} == {"aviso", "imagen"}
    assert she.get("/panel/").status_code == 200


def test_who_looks_like_somebody_is_warned_about(valentina: User, markets: Department) -> None:
    make.person("INES", "Guerena", "")
    staff, path = signed_in(valentina), "/admin/members/member/registrar/"
    warned = staff.post(path, registration(markets))
    assert (warned.status_code, Member.objects.count()) == (422, 0)
    assert "el mismo nombre" in warned.content.decode()
    assert staff.post(path, {**registration(markets), "somebody_else": "on"}).status_code == 302


def test_only_who_may_brings_people_in(fernanda: User, alicia: Member) -> None:
    staff = signed_in(fernanda)
    for path in (
        "member/registrar/",
        "member/exportar-csv/",
        "memberimport/add/",
        "memberimport/plantilla/",
        "invitation/add/",
    ):
        assert staff.get(f"/admin/members/{path}").status_code == 403


# --- files


def test_an_empty_file_is_refused_in_our_words(valentina: User) -> None:
    sent = {"file": SimpleUploadedFile("lista.csv", b"")}
    refused = signed_in(valentina).post("/admin/members/memberimport/add/", sent)
    assert refused.status_code == 422
    assert "El archivo está vacío" in refused.content.decode()


def test_the_blank_file_is_read_back_with_nobody_in_it(
    valentina: User, markets: Department
) -> None:
    blank = signed_in(valentina).get("/admin/members/memberimport/plantilla/").content
    assert spreadsheets.read("plantilla.xlsx", blank) == [list(importing.TITLES)]
    book = openpyxl.load_workbook(io.BytesIO(blank))
    book.active.append(
        {
            1 + list(importing.TITLES).index(title): value
            for title, value in zip(TITLES.split(","), INES.split(","), strict=True)
        }
    )
    book.save(filled := io.BytesIO())
    done = importing.read("llena.xlsx", filled.getvalue(), by=By.admin(valentina))
    assert [row["outcome"] for row in done.rows] == ["nueva"]


def test_a_file_is_read_shown_and_applied_whole(valentina: User, markets: Department) -> None:
    done = read(table(INES, ROSA), valentina)
    assert [row["outcome"] for row in done.rows] == ["nueva", "nueva"]
    assert not Member.objects.exists()
    for _ in range(2):
        run(done, valentina)
    done.refresh_from_db()
    assert (done.state, done.created, done.rows) == ("aplicada", 2, [])
    ines = Person.objects.get(given_names="Inés")
    assert (ines.mobile, ines.employee_number) == ("3312345678", "00123")
    assert not QueuedMail.objects.filter(kind__startswith="members/").exists()
    line = Transition.objects.about(ines.member).get()
    assert (line.channel, "renglón 2" in line.reason) == ("importacion", True)


def test_mail_leaves_only_when_asked(valentina: User, markets: Department) -> None:
    run(read(table(INES), valentina), valentina, write=True)
    (mail,) = QueuedMail.objects.filter(kind__startswith="members/")
    assert mail.recipient == "ines@guadalajara.gob.mx"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Inés,,i@gdl.mx,,,Mercados,Jefa,jefatura", "primer_apellido: "),
        ("Inés,Güereña,sin-arroba,,,Mercados,Jefa,jefatura", "correo_institucional: "),
        ("Inés,Güereña,i@gdl.mx,123,,Mercados,Jefa,jefatura", "celular: "),
        ("Inés,Güereña,i@gdl.mx,,,Marte,Jefa,jefatura", "«Marte» no está en el catálogo."),
        ("Inés,Güereña,i@gdl.mx,,,Mercados,Jefa,mucha", "nivel: "),
        ("<b>Inés</b>,Güereña,i@gdl.mx,,,Mercados,Jefa,jefatura", "nombres: "),
        ("Inés,Güereña,rosa@guadalajara.gob.mx,,,Mercados,Jefa,jefatura", "del renglón 2."),
        ("Inés,Güereña,i@gdl.mx,,00124,Mercados,Jefa,jefatura", "el número de empleada"),
    ],
)
def test_one_wrong_row_stops_the_file(
    valentina: User, markets: Department, row: str, said: str
) -> None:
    done = read(table(ROSA, row), valentina)
    (error,) = done.rows[1]["errors"]
    assert said in error
    accounts = User.objects.count()
    with pytest.raises(ValidationError) as no:
        run(done, valentina)
    assert no.value.code == "rows_wrong"
    assert (Member.objects.count(), User.objects.count()) == (0, accounts)


def test_likely_matches_stop_until_somebody_decides(valentina: User, markets: Department) -> None:
    make.person("Ines", "Guerena", "")
    done = read(table(INES), valentina)
    assert "el mismo nombre" in done.rows[0]["alike"][0]
    with pytest.raises(ValidationError) as no:
        run(done, valentina)
    assert no.value.code == "rows_alike"
    assert run(done, valentina, matches="crear").created == 1


def test_what_changed_since_the_preview_is_seen(valentina: User, markets: Department) -> None:
    done = read(table(INES), valentina)
    make.user("ines@guadalajara.gob.mx")
    with pytest.raises(ValidationError) as no:
        run(done, valentina)
    assert no.value.code == "rows_wrong"


def test_a_former_integrante_is_told_to_be_readmitted(valentina: User, markets: Department) -> None:
    run(read(table(INES), valentina), valentina)
    membership.end(Member.objects.get(), reason="Baja", by=By.admin(valentina))
    (row,) = read(table(INES), valentina).rows
    assert "registre antes su reingreso" in row["errors"][0]


def test_what_is_not_applied_is_forgotten(valentina: User, markets: Department) -> None:
    done = read(table(INES), valentina)
    assert importing.discard_forgotten() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert importing.discard_forgotten() == 1
        assert importing.discard_forgotten() == 0
    done.refresh_from_db()
    assert (done.state, done.rows) == ("descartada", [])
    with pytest.raises(ValidationError) as no:
        run(done, valentina)
    assert no.value.code == "discarded"


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_file_is_judged_with_as_many_queries_whatever_its_rows(
    valentina: User,
    markets: Department,
    count: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(3):
        make.person("Ana", f"Ruiz{'abc'[number]}")
    rows = [
        f"Inés,Güereña,ines{number}@guadalajara.gob.mx,,,Mercados,Jefa,jefatura"
        for number in range(count)
    ]
    with django_assert_num_queries(4):
        assert read(table(*rows), valentina).total == count


def test_a_row_looks_like_whom_the_desk_would_say(db: None) -> None:
    known = make.person("María José", "Ñáñez", "de la Torre")
    Person.objects.filter(pk=known.pk).update(
        employee_number="00123", mobile="3312345678", office_phone="3338370000", extension="12"
    )
    whole = {"first_surname": "Nanez", "given_names": "Maria Jose"}
    newcomers = [
        {**whole, "second_surname": "De La Torre"},
        whole,
        {**whole, "second_surname": "Otra"},
        {"given_names": "Jose", "first_surname": "Maria Nanez de la Torre"},
        {"given_names": "Rosa", "employee_number": "00123", "mobile": "3312345678"},
        {"given_names": "Rosa", "office_phone": "3338370000", "extension": "12"},
        {"given_names": "Rosa", "office_phone": "3338370000"},
        {"given_names": "Rosa", "alternate_email": known.institutional_email},
        {"given_names": "Rosa", "first_surname": "Ávila"},
    ]
    register = duplicates.Register()
    told = [register.of(Person(**each)) for each in newcomers]
    assert told == [duplicates.of(Person(**each)) for each in newcomers]
    assert [bool(each) for each in told] == [True] * 2 + [False] + [True] * 3 + [False, True, False]


def test_the_same_file_again_registers_nobody(valentina: User, markets: Department) -> None:
    first, second = (read(table(INES, ROSA), valentina) for _ in range(2))
    assert run(first, valentina).created == 2
    assert run(second, valentina).created == 0
    assert [row["outcome"] for row in read(table(INES), valentina).rows] == ["ya_es"]


def many(count: int) -> list[str]:
    """Return the rows of so many newcomers."""
    return [
        f"Inés,Güereña,ines{number}@guadalajara.gob.mx,,,Mercados,Jefa,jefatura"
        for number in range(count)
    ]


def test_one_wrong_row_among_three_hundred_registers_nobody(
    valentina: User, markets: Department
) -> None:
    rows = many(300)
    rows[299] = rows[298]
    done = read(table(*rows), valentina)
    with pytest.raises(ValidationError) as no:
        run(done, valentina, matches="crear")
    assert (no.value.code, "el primero, el 301" in no.value.messages[0]) == ("rows_wrong", True)
    assert not Member.objects.exists()
    page = signed_in(valentina).get(f"/admin/members/memberimport/{done.pk}/change/")
    assert page.context["counted"] == {"error": 1, "alike": 0, "nueva": 299, "ya_es": 0}
    assert (page.context["judged"][0]["outcome"], page.context["more"]) == ("error", 0)


def test_more_newcomers_than_others_can_wait_for_are_refused(
    valentina: User, markets: Department
) -> None:
    with pytest.raises(ValidationError) as no:
        read(table(*many(importing.MOST_NEW + 1)), valentina)
    assert no.value.code == "new_many"
    assert "301 personas nuevas" in no.value.messages[0]
    with pytest.raises(ValidationError) as no:
        read(table(*many(importing.MOST_ROWS + 1)), valentina)
    assert (no.value.code, "3,000 renglones" in no.value.messages[0]) == ("rows_many", True)
    assert not MemberImport.objects.exists()


NASTY = [
    "=1+1",
    "+52 33",
    "-2",
    "@SUM(A1)",
    "00123",
    "1/2",
    "'comilla",
    "\tx",
    "1e5",
    "=cmd|' /C'!A0",
]


def test_what_leaves_comes_back_as_it_was(valentina: User, markets: Department) -> None:
    by = By.admin(valentina)
    for number, nasty in enumerate(NASTY):
        place = Place(markets, f"Jefa {number}", Level.HEAD, area=nasty.strip())
        data = {
            "given_names": "Ñeca",
            "first_surname": f"Íñiguez{'abcdefghijkl'[number]}",
            "institutional_email": f"n{number}@gdl.mx",
            "employee_number": f"00{number}",
            "office_phone": "3312345678",
            "extension": f"0{number}",
        }
        inviting.register(
            data, place, reason="R", since=datetime.date(2026, 3, 1), write=False, by=by
        )
    rows = list(padron.rows(valentina))
    for content in (
        csv_text(padron.HEADER, rows).encode(),
        spreadsheets.xlsx(padron.HEADER, iter(rows)),
    ):
        back = spreadsheets.read("padron", content)
        assert back[0] == padron.HEADER
        assert back[1:] == [[str(value or "") for value in row] for row in rows]
        same = importing.read("padron", content, by=by)
        assert {row["outcome"] for row in same.rows} == {"ya_es"}
        assert run(same, valentina).created == 0
    before = [row[1:17] for row in rows]
    fresh = csv_text(
        padron.HEADER, [[*row[:5], f"otra-{row[5]}", *row[6:]] for row in rows]
    ).encode()
    copied = importing.read("padron", fresh, by=by)
    assert run(copied, valentina, matches="crear").created == len(NASTY)
    after = [row[1:17] for row in padron.rows(valentina) if str(row[5]).startswith("otra-")]
    assert [[*row[:4], f"otra-{row[4]}", *row[5:]] for row in before] == after


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, shape in (formats or {}).items():
        book.active[cell].number_format = shape
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.once
def test_numbers_of_a_workbook_keep_zeros_and_digits() -> None:
    content = workbook(
        ["a", "b", "c", "d"],
        [123, 3312345678.0, datetime.date(2026, 3, 1), None],
        formats={"A2": "00000"},
    )
    assert spreadsheets.read("x.xlsx", content)[1][:3] == ["00123", "3312345678", "2026-03-01"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (31 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_broken"),
        (b"x" * (2 * 1024 * 1024 + 1), "file_large"),
        ("año".encode("latin-1"), "file_kind"),
        (b"a\x00b", "file_kind"),
        (b'a,b\n"x', "file_broken"),
        (b"PK\x03\x04rest", "file_broken"),
        (b"a\n" + b"x\n" * 501, "rows_many"),
        (b"a\n" + b"x" * 2_001, "file_broken"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as no:
        spreadsheets.read("x", content)
    assert no.value.code == code


@pytest.mark.once
def test_bombs_formulas_and_entities_are_refused() -> None:
    cases = {"file_bomb": bomb(), "formula": workbook(["a"], ["=1+1"])}
    for code, content in cases.items():
        with pytest.raises(ValidationError) as no:
            spreadsheets.read("x.xlsx", content)
        assert no.value.code == code
    evil = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["a"], ["b"]))) as good,
        zipfile.ZipFile(evil, "w") as bad,
    ):
        for part in good.infolist():
            text = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aa">]>' + text
            bad.writestr(part.filename, text)
    with pytest.raises(ValidationError) as no:
        spreadsheets.read("x.xlsx", evil.getvalue())
    assert no.value.code in {"file_bomb", "file_broken"}


@pytest.mark.once
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=3), min_size=1, max_size=4))
def test_any_text_survives_the_way_out_and_back(rows: list[list[str]]) -> None:
    written = csv_text(["a", "b"], rows).encode()
    plain = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    try:
        back = spreadsheets.read("x.csv", written)
    except ValidationError as refusal:
        back = [[*refusal.messages]]
    assert len(plain) >= len(back) or back[0][0].endswith(".")


def test_titles_are_the_ones_that_the_portal_asks(valentina: User, markets: Department) -> None:
    for content, code in (
        (b"nombres,curp\nx,y", "titles_missing"),
        (table(INES).replace(b"celular", b"curp"), "titles_unknown"),
        (table(INES).replace(b"celular", b"nombres"), "titles_twice"),
    ):
        with pytest.raises(ValidationError) as no:
            read(content, valentina)
        assert no.value.code == code


def test_the_desk_uploads_looks_applies_and_exports(valentina: User, markets: Department) -> None:
    staff, add = signed_in(valentina), "/admin/members/memberimport/add/"
    assert "correo_institucional" in staff.get(add).content.decode()
    assert staff.post(add, {}).status_code == 422
    wrong = SimpleUploadedFile("x.csv", b"nada")
    assert staff.post(add, {"file": wrong}).status_code == 422
    good = SimpleUploadedFile("lista.csv", table(INES))
    page = staff.post(add, {"file": good}, follow=True).content.decode()
    assert "Se registra" in page
    done = MemberImport.objects.get()
    here = f"/admin/members/memberimport/{done.pk}"
    assert staff.post(f"{here}/registrar-a-todas/", {"matches": "x"}).status_code == 422
    assert staff.post(f"{here}/registrar-a-todas/", {"matches": "revisar"}).status_code == 302
    assert Member.objects.count() == 1
    for kind in ("csv", "xlsx"):
        answer = staff.get(f"/admin/members/member/exportar-{kind}/")
        assert "attachment" in answer["Content-Disposition"]
        assert spreadsheets.read("x", answer.content)[1][1] == "Inés"
    assert AccessLog.objects.filter(purpose="Exportar el padrón de la Red").count() == 2
