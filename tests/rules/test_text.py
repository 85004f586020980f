"""Text of the floor: folding, order, phones, codes, sentences."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from red_genero.common import text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Íñiguez  Ñandú", "iniguez nandu"),
        ("PINGÜINO", "pinguino"),
        ("«Atala Apodaca»", "atala apodaca"),
        ("O’Farrill-Peña", "o farrill pena"),
        ("", ""),
    ],
)
def test_fold_forgets_case_accents_tilde_and_punctuation(typed: str, folded: str) -> None:
    assert text.fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(typed: str) -> None:
    assert text.fold(text.fold(typed)) == text.fold(typed)


def test_order_puts_enye_after_n_and_forgets_accents() -> None:
    names = ["Oropeza", "Núñez", "Nuzco", "Ñandú", "Ávila", "Azcona", "Nava"]

    assert sorted(names, key=text.sort_key) == [
        "Ávila",
        "Azcona",
        "Nava",
        "Núñez",
        "Nuzco",
        "Ñandú",
        "Oropeza",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "3312345678",
        "33 1234 5678",
        "(33) 1234-5678",
        "+52 33 1234 5678",
        "+521 33 1234 5678",
        "52 33 1234 5678",
        "044 33 1234 5678",
        "045 33 1234 5678",
        "01 33 1234 5678",
    ],
)
def test_every_way_of_typing_a_phone_is_understood(typed: str) -> None:
    assert text.normalise_phone(typed) == "3312345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1234 5678", "phone_lada"),
        ("123", "phone_invalid"),
        ("0312345678", "phone_invalid"),
        ("treinta y tres", "phone_invalid"),
        ("", "phone_invalid"),
        ("٣٣١٢٣٤٥٦٧٨", "phone_invalid"),
    ],
)
def test_a_phone_that_cannot_be_dialled_is_refused_with_a_sentence(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        text.normalise_phone(typed)

    assert refused.value.code == code


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_a_shown_phone_reads_back_as_itself(digits: str) -> None:
    assert text.normalise_phone(text.format_phone(digits)) == digits


def test_shown_phones() -> None:
    assert text.format_phone("3312345678") == "33 1234 5678"
    assert text.format_phone("3781234567") == "378 123 4567"


def test_codes_are_long_random_and_without_look_alikes() -> None:
    codes = {text.random_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {28}
    assert not set("".join(codes)) & set("01ILO")


@given(st.text(alphabet=text.CODE_ALPHABET, min_size=28, max_size=28))
def test_a_code_is_the_same_however_it_is_typed(code: str) -> None:
    printed = text.group_code(code)

    assert text.normalise_code(printed.lower()) == code
    assert text.normalise_code(" " + printed.replace("-", " ") + " ") == code


def test_plain_removes_what_cannot_be_seen() -> None:
    assert text.plain("  Ana\u202e\u200b \n María\x00 ") == "Ana María"
    assert text.plain("Jose\u0301") == "José"


@pytest.mark.parametrize("hostile", ["Ana\x00", "Ana\u202eaíraM", "\u200bAna"])
def test_invisible_characters_are_refused(hostile: str) -> None:
    with pytest.raises(ValidationError):
        text.validate_plain(hostile)


@pytest.mark.parametrize("ordinary", ["María de la Luz", "D'Amico", "Yoltzi Xóchitl Ñeco", "Nʼdee"])
def test_ordinary_names_pass(ordinary: str) -> None:
    text.validate_plain(ordinary)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], ""),
        (["Ana"], "Ana"),
        (["Ana", "Luz"], "Ana y Luz"),
        (["Ana", "Luz", "Inés"], "Ana, Luz e Inés"),
        (["agua", "hielo"], "agua y hielo"),
    ],
)
def test_lists_in_words(items: list[str], sentence: str) -> None:
    assert text.join_with_y(items) == sentence
