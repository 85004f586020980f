"""The words of a text as search keys: folded, in the singular, and by their stem; the same on both databases."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import snowballstemmer

from red_genero.common.text import fold

STEM_MARK: Final = "0"
"""Opens every stem, so that a stem is never taken for a whole word."""
SHORTEST_STEM: Final = 4
LONGEST_KEY: Final = 40
SINGULAR_ENDINGS: Final = "dlnrsxyzj"
MOST_WORDS: Final = 12
ROOT: Final = 4

_EMPTY: Final = (
    "a al ante con contra cual cuando de del desde donde e el ella en entre es esa ese eso esta este esto la las lo los "
    "me mi muy ni no o para pero por que se sin sobre su sus te tu u un una uno y ya"
)
EMPTY_WORDS: Final = frozenset(_EMPTY.split())
"""Not indexed and not asked: «ley de acceso a las mujeres» finds what says «Ley General de Acceso de las Mujeres»."""
_FALSE_FRIENDS: Final = "genero generos parte partes parto partos informe informes plan planes"
WITHOUT_STEM: Final = frozenset(_FALSE_FRIENDS.split())
"""False friends: their stem is also that of «generar», «partir», «información» or «plano»."""

_WORD: Final = re.compile(r"[^\W_]+")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")


class Word(NamedTuple):
    """One typed word: how it reads folded, and the keys of which any is enough."""

    folded: str
    keys: frozenset[str]


class _Stemmer(threading.local):
    """Snowball's Spanish stemmer; it keeps the word it works on, hence one per thread."""

    def __init__(self) -> None:
        self.of = snowballstemmer.stemmer("spanish").stemWord


_stemmer: Final = _Stemmer()


def words_in(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, accents kept; «L.G.V.» is one word."""
    composed = unicodedata.normalize("NFC", text).lower()
    joined = _DOTTED.sub(lambda found: found[0].replace(".", ""), composed)
    for found in _WORD.finditer(joined):
        yield found[0]


def keys_of(text: str) -> set[str]:
    """Return every key under which a text is found."""
    keys: set[str] = set()
    for word in words_in(text):
        keys |= word_keys(word)
    return keys


def asked(typed: str) -> list[Word]:
    """Return the words of a search that say something, each once, in order."""
    found: dict[str, Word] = {}
    for word in words_in(typed):
        keys = word_keys(word)
        if keys:
            folded = fold(word)
            found.setdefault(folded, Word(folded, keys))
    return list(found.values())[:MOST_WORDS]


@lru_cache(maxsize=65_536)
def word_keys(word: str) -> frozenset[str]:
    """Return the keys of one word in lower case; none for a word that says nothing."""
    folded = fold(word).replace(" ", "")[:LONGEST_KEY]
    if not folded or folded in EMPTY_WORDS:
        return frozenset()
    keys = {folded, *_singulars(folded)}
    if folded not in WITHOUT_STEM:
        stems = (fold(_stemmer.of(form)).replace(" ", "") for form in (word, folded))
        keys.update(STEM_MARK + stem for stem in stems if len(stem) >= SHORTEST_STEM)
    return frozenset(keys)


def acronym_keys(acronym: str) -> set[str]:
    """Return the keys of siglas however they are typed: «C190», «C-190», «NMX-R-025», «nmxr025»."""
    keys = keys_of(acronym)
    whole = fold(acronym).replace(" ", "")
    keys.add(whole[:LONGEST_KEY])
    keys.update(_PARTS.findall(whole))
    return keys - {""}


def root(folded: str) -> str:
    """Return the beginning that every form of a word has in common, to look for it in a long text."""
    return folded[:ROOT]


def _singulars(folded: str) -> Iterator[str]:
    """Yield what the word may be the plural of: more than one is possible, and harmless."""
    if len(folded) < 4 or not folded.endswith("s") or not folded.isalpha():
        return
    yield folded[:-1]
    if folded.endswith("ces"):
        yield folded[:-3] + "z"
    elif folded.endswith("es") and len(folded) > 4 and folded[-3] in SINGULAR_ENDINGS:
        yield folded[:-2]
