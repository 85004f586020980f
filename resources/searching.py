"""Finding entries: which match, the best first, the passage that matches, and what to try when none does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from django.db import connection

from red_genero.common.text import fold
from resources.models import Resource, ResourceQuerySet
from resources.search_words import EMPTY_WORDS, STEM_MARK, Word, asked, words_in

MOST_HITS: Final = 500
"""Only the newest are ranked: the cost stays the same however large the library grows."""
WINDOW: Final = 1_000
"""PostgreSQL first looks through so many of the newest, for a word that nearly all hold; its index answers the others.

Left to choose, it may walk the whole table backwards for a word that nobody wrote."""
NEARNESS: Final = 0.75
VOCABULARY_ROWS: Final = 500
SHORTEST_TO_CORRECT: Final = 4

ENGINES: Final = {
    "postgresql": """
        WITH newest AS MATERIALIZED (
            SELECT entry.resource_id, entry.title_words, entry.summary_words, readable.binds
            FROM (
                SELECT * FROM resources_searchentry ORDER BY resource_id DESC LIMIT {window}
            ) entry
            JOIN ({readable}) readable ON readable.id = entry.resource_id
            WHERE entry.vector @@ %s::tsquery
            ORDER BY entry.resource_id DESC LIMIT {most}
        ), every AS (
            SELECT entry.resource_id, entry.title_words, entry.summary_words, readable.binds
            FROM (
                SELECT hit FROM resources_search_hits(%s::tsquery) hit
                WHERE (SELECT count(*) FROM newest) < {most} ORDER BY hit DESC OFFSET 0
            ) hits
            JOIN ({readable}) readable ON readable.id = hits.hit
            JOIN resources_searchentry entry ON entry.resource_id = hits.hit
            ORDER BY hits.hit DESC LIMIT {most}
        )
        SELECT * FROM newest WHERE (SELECT count(*) FROM newest) = {most}
        UNION ALL SELECT * FROM every ORDER BY 1 DESC
    """,
    "sqlite": """
        SELECT hit.rowid, entry.title_words, entry.summary_words, readable.binds
        FROM resources_search hit
        CROSS JOIN ({readable}) readable ON readable.id = hit.rowid
        CROSS JOIN resources_searchentry entry ON entry.resource_id = hit.rowid
        WHERE resources_search MATCH %s
        ORDER BY hit.rowid DESC LIMIT {most}
    """,
}
"""Keys are only letters and digits: no typed sign ever reaches the language of either engine."""


class Row(NamedTuple):
    """What the engine tells of one entry that matches: its keys, and whether it binds the municipality."""

    pk: int
    title: str
    summary: str
    binds: str


@dataclass(frozen=True, slots=True)
class Found:
    """The entries that match, the best first, and the words that were asked."""

    ids: list[int] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def more(self) -> bool:
        """Whether there may be others, older than those that were ranked."""
        return len(self.ids) >= MOST_HITS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to try when nothing matches."""

    corrected: str = ""
    near: list[int] = field(default_factory=list)
    """Entries that hold some of the words, the best first."""


def find(entries: ResourceQuerySet, typed: str) -> Found:
    """Return which of ``entries``, already narrowed to what the reader may see, hold every typed word."""
    words = asked(typed)
    if not words:
        return Found()
    rows = _matching(entries, words, every=True)
    return Found(_ranked(rows, words, fold(typed)), words)


def suggest(entries: ResourceQuerySet, typed: str, *, most: int = 5) -> Suggestion:
    """Return how the words may be spelled, and entries with some of them; only from what the reader may see."""
    words = asked(typed)
    if not words:
        return Suggestion()
    corrected = _corrected(entries, words)
    near = _ranked(_matching(entries, words, every=False), words, fold(typed))[:most]
    return Suggestion(corrected, near)


def _matching(entries: ResourceQuerySet, words: Sequence[Word], *, every: bool) -> list[Row]:
    """Ask the engine of this database for the newest rows that match."""
    readable, values = entries.order_by().values("id", "binds").query.sql_with_params()
    statement = ENGINES[connection.vendor]
    query = statement.format(readable=readable, most=MOST_HITS, window=WINDOW)
    asked_for = _expression(words, every=every)
    given = {
        "sqlite": [*values, asked_for],
        "postgresql": [*values, asked_for, asked_for, *values],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, given[connection.vendor])
        return [Row(*each) for each in cursor.fetchall()]


def _expression(words: Sequence[Word], *, every: bool) -> str:
    """Return the search in the language of the engine: any key of a word, every word or any."""
    sqlite = connection.vendor == "sqlite"
    either, both = (" OR ", " AND ") if sqlite else (" | ", " & ")
    quote = '"{}"' if sqlite else "'{}'"
    groups = (f"({either.join(quote.format(key) for key in sorted(word.keys))})" for word in words)
    return (both if every else either).join(groups)


def _ranked(rows: Iterable[Row], words: Sequence[Word], typed: str) -> list[int]:
    """Return the identities, the best first; the newest among equals."""
    whole = typed.replace(" ", "")
    scored = [(_score(row, words, whole), row.pk) for row in rows]
    return [pk for _, pk in sorted(scored, reverse=True)]


def _score(row: Row, words: Sequence[Word], whole: str) -> tuple[bool, int, bool, int]:
    """Return how well an entry answers: all in the title, exact words before stems, what binds, short titles first."""
    title, summary = set(row.title.split()), set(row.summary.split())
    points = [_points(title, summary, word) for word in words]
    binds = row.binds == Resource.Binds.YES
    return whole in title or min(points) >= 4, sum(points), binds, -len(title)


def _points(title: set[str], summary: set[str], word: Word) -> int:
    """Return what one word is worth: where it is, and whether it is the word or only its family."""
    exact = {key for key in word.keys if not key.startswith(STEM_MARK)}
    if word.folded in title:
        return 6
    if exact & title:
        return 5
    if word.keys & title:
        return 4
    if exact & summary:
        return 3
    return 2 if word.keys & summary else 1


def _corrected(entries: ResourceQuerySet, words: Sequence[Word]) -> str:
    """Return the search with the unknown words changed by the nearest known ones, or nothing."""
    known = _vocabulary(entries)
    changed = [_nearest(word.folded, known) for word in words]
    return "" if changed == [word.folded for word in words] else " ".join(changed)


def _nearest(folded: str, known: dict[str, str]) -> str:
    """Return the known word most like this one, spelled as it is written; or the same word."""
    if folded in known or len(folded) < SHORTEST_TO_CORRECT:
        return folded
    near = get_close_matches(folded, known, n=1, cutoff=NEARNESS)
    return known[near[0]] if near else folded


def _vocabulary(entries: ResourceQuerySet) -> dict[str, str]:
    """Return the words of titles, siglas and summaries, by how they read folded."""
    rows: Any = entries.order_by("-pk").values_list("title", "acronym", "summary")[:VOCABULARY_ROWS]
    found: dict[str, str] = {}
    for row in rows:
        for word in words_in(" ".join(row)):
            folded = fold(word)
            if folded not in EMPTY_WORDS:
                found.setdefault(folded, word)
    return found


def in_order(ids: Sequence[int]) -> list[Resource]:
    """Return these entries with their topic, in this order."""
    rows = Resource.objects.select_related("topic").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
