"""Names, telephones and mail as people type them: made even, or refused with a sentence."""

import re
import string
import unicodedata
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members import duplicates, normalising
from members.models import Person
from red_genero.common.fields import LowercaseEmailField
from red_genero.common.text import fold, format_phone, normalise_email, normalise_phone

LETTERS = "abcdefghijklmnñopqrstuvwxyzáéíóúüÁÉÍÓÚÜÑ"


@given(st.text(max_size=300))
def test_any_text_is_made_even_or_refused(typed: str) -> None:
    for normalise in (
        normalising.normalise_name,
        normalising.normalise_line,
        normalising.normalise_mail,
        normalising.normalise_employee_number,
        normalising.normalise_paragraphs,
        normalise_phone,
    ):
        try:
            even = normalise(typed)
        except ValidationError as refusal:
            sentences = refusal.messages
            assert len(sentences) == 1
            assert sentences[0].endswith(".")
        else:
            assert normalise(even) == even
            assert even == even.strip()


@given(st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=5))
def test_a_name_keeps_its_letters(words: list[str]) -> None:
    assert normalising.normalise_name("  ".join(words)) == " ".join(words)


@given(
    st.from_regex(r"[2-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "+52 ", "52", "+521", "044 ", "045-", "01 "]),
    st.sampled_from(["", " ", "-"]),
)
def test_a_telephone_is_its_ten_digits(digits: str, prefix: str, gap: str) -> None:
    typed = f"{prefix}({digits[:2]}){gap}{digits[2:6]}{gap}{digits[6:]}"
    assert normalise_phone(typed) == digits


@given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
def test_eight_digits_ask_for_the_lada(digits: str) -> None:
    with pytest.raises(ValidationError) as no:
        normalise_phone(digits)
    assert no.value.code == "phone_lada"


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=20))
def test_mail_ignores_case_and_outer_spaces(name: str) -> None:
    typed = f"  {name}@Guadalajara.GOB.mx "
    assert normalising.normalise_mail(typed) == f"{name.lower()}@guadalajara.gob.mx"


ATOMS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_+'-]{0,12}[A-Za-z0-9])?", fullmatch=True)
LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,10}[A-Za-z0-9])?", fullmatch=True)
ADDRESSES = st.builds(
    lambda local, labels, top: f"{'.'.join(local)}@{'.'.join(labels)}.{top}",
    st.lists(ATOMS, min_size=1, max_size=3),
    st.lists(LABELS, min_size=1, max_size=3),
    st.sampled_from(["mx", "gob.mx", "MX", "org"]),
)
OUTER = st.sampled_from(["", " ", "   ", "\t", "\n", "\u00a0", "\u2003"])


@given(ADDRESSES, OUTER, OUTER, st.sampled_from([str.upper, str.lower, str.swapcase, str.title]))
def test_an_address_is_one_however_it_was_typed(
    address: str, before: str, after: str, shape: Callable[[str], str]
) -> None:
    even = normalising.normalise_mail(address)
    assert even == address.lower()
    assert normalising.normalise_mail(f"{before}{shape(address)}{after}") == even
    assert normalise_email(f"{before}{shape(address)}{after}") == even
    field = LowercaseEmailField()
    assert field.get_prep_value(f"{before}{shape(address)}{after}") == even


@given(ADDRESSES, ADDRESSES)
def test_two_addresses_are_not_taken_for_one(one: str, other: str) -> None:
    same = normalising.normalise_mail(one) == normalising.normalise_mail(other)
    assert same is (one.lower() == other.lower())


@given(
    st.one_of(
        st.text(max_size=80),
        st.builds(lambda a, t, b: a[:9] + t + b, ADDRESSES, st.text(max_size=9), ADDRESSES),
    )
)
def test_mail_is_an_address_or_a_sentence(typed: str) -> None:
    """What passes carries nothing that opens a second header or a second recipient."""
    said: str | None = None
    try:
        even = normalising.normalise_mail(typed)
    except ValidationError as refusal:
        said, even = refusal.code, "nadie@gdl.mx"
    assert said in {None, "invisible_characters", "mail_invalid"}
    assert even == even.lower() == even.strip()
    assert even.count("@") == 1
    assert not set(even) & set('\r\n\t ,;<>"')
    assert not [char for char in even if unicodedata.category(char) in {"Cc", "Cf", "Zs"}]


@pytest.mark.parametrize(
    "name", ["María de la Luz", "O'Farrill", "Ma. Félix", "Peña-Núñez", "Íñigo", "Ñ", "Mª José"]
)
def test_ordinary_names_are_accepted(name: str) -> None:
    assert normalising.normalise_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("<b>Ana</b>", "markup"),
        ("Ana\u202eaiL", "invisible_characters"),
        ("Ana\x00", "invisible_characters"),
        ("Ana 😀", "name_invalid"),
        ("Ana123", "name_invalid"),
        ("---", "name_invalid"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as no:
        normalising.normalise_name(name)
    assert no.value.code == code


NAMES = st.lists(
    st.sampled_from(["María", "José", "Ñáñez", "de la", "O'Farrill", "Peña-Núñez", "Mª", "Íñigo"]),
    min_size=1,
    max_size=4,
)
GAPS = st.sampled_from([" ", "  ", "\u00a0", " \t ", "\u2003"])


@given(NAMES, GAPS, st.sampled_from(["NFC", "NFD"]))
def test_a_name_is_one_however_it_was_typed(words: list[str], gap: str, form: str) -> None:
    typed = unicodedata.normalize(form, f"{gap}{gap.join(words)}{gap}")  # type: ignore[arg-type]
    assert normalising.normalise_name(typed) == " ".join(words)


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_a_telephone_reads_back_as_it_is_shown(digits: str) -> None:
    assert normalise_phone(format_phone(digits)) == digits
    assert sum(char.isdigit() for char in format_phone(digits)) == 10


@given(st.text("0123456789 +-().", max_size=16))
def test_a_telephone_is_ten_digits_or_a_sentence(typed: str) -> None:
    said: str | None = None
    try:
        digits = normalise_phone(typed)
    except ValidationError as refusal:
        said, digits = refusal.code, ""
    assert said in {None, "phone_invalid", "phone_lada"}
    assert re.fullmatch(r"[2-9]\d{9}", digits) or said
    assert digits in re.sub(r"\D", "", typed)


@given(st.sampled_from(["00123", "a-12/b", "40 007", "x1"]), GAPS, st.booleans())
def test_an_employee_number_is_one_however_it_was_typed(
    number: str, gap: str, capitals: bool
) -> None:
    typed = f"{gap}{gap.join(number.upper() if capitals else number)}{gap}"
    assert normalising.normalise_employee_number(typed) == number.replace(" ", "").upper()


@given(NAMES, NAMES, st.booleans())
def test_who_looks_alike_looks_alike_both_ways(
    one: list[str], other: list[str], plain: bool
) -> None:
    """Accents, case and order make no other person; a likeness is the same seen from either side."""
    first = Person(given_names=" ".join(one), first_surname="Muñoz")
    typed = " ".join(reversed(one)) if one == other else " ".join(other)
    second = Person(given_names=fold(typed) if plain else typed.upper(), first_surname="MUNOZ")
    assert duplicates.reasons(first, second) == duplicates.reasons(second, first)
    same = sorted(fold(" ".join(one)).split()) == sorted(fold(typed).split())
    assert bool(duplicates.reasons(first, second)) is same
