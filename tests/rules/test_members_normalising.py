"""Names, telephones and mail as people type them: made even, or refused with a sentence."""

import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members import normalising
from red_genero.common.text import normalise_phone

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
