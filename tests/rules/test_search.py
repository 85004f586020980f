"""What the search finds: hard Spanish pairs, siglas, order, passages, suggestions; and what it never shows."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from members.models import Member, User
from resources import indexing, searching
from resources.models import Resource, SearchEntry
from resources.search_passages import lines, pieces
from resources.search_words import asked, word_keys
from tests import make
from tests.conftest import signed_in

FAMILY = [
    ("mujer", "mujeres"),
    ("MUJERES", "mujer"),
    ("género", "genero"),
    ("señalización", "senalizacion"),
    ("niña", "ninas"),
    ("año", "anos"),
    ("pingüino", "pinguinos"),
    ("juez", "jueces"),
    ("voces", "voz"),
    ("enlaces", "enlace"),
    ("ley", "leyes"),
    ("informes", "informe"),
    ("interés", "intereses"),
    ("país", "países"),
    ("crisis", "crisis"),
    ("acción", "acciones"),
    ("investigación", "investigar"),
    ("investigacion", "investigación"),
    ("hostigamiento", "hostigar"),
    ("acosos", "acosar"),
    ("denuncia", "denunciar"),
    ("sanción", "sancionar"),
    ("capacitación", "capacitar"),
    ("presupuesto", "presupuestación"),
    ("trabajadora", "trabajo"),
    ("orientación", "orientar"),
]
STRANGERS = [
    ("género", "generar"),
    ("género", "general"),
    ("caso", "casa"),
    ("parte", "parto"),
    ("norma", "normal"),
    ("marco", "marcha"),
    ("mujer", "mujeriego"),
    ("informe", "información"),
    ("política", "póliza"),
    ("plan", "plana"),
    ("acta", "actor"),
    ("puesto", "presupuesto"),
    ("ley", "leyenda"),
    ("vida", "vid"),
]
PUBLIC = AnonymousUser()


def found(typed: str, reader: object = PUBLIC) -> list[str]:
    entries = Resource.objects.listed_for(reader)  # type: ignore[arg-type]
    return [row.title for row in searching.in_order(searching.find(entries, typed).ids)]


@pytest.mark.once
@pytest.mark.parametrize(("one", "other"), FAMILY)
def test_words_of_one_family_find_each_other(one: str, other: str) -> None:
    assert word_keys(one.lower()) & word_keys(other.lower())


@pytest.mark.once
@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_false_friends_do_not(one: str, other: str) -> None:
    assert not word_keys(one) & word_keys(other)


def test_the_database_finds_what_the_keys_promise(db: None) -> None:
    for one, _ in (*FAMILY, *STRANGERS):
        make.resource(f"Sobre {one}")

    for one, other in FAMILY:
        assert f"Sobre {one}" in found(other), (one, other)
    for one, other in STRANGERS:
        assert f"Sobre {one}" not in found(other), (one, other)


def test_siglas_find_the_law_however_they_are_typed(db: None) -> None:
    law = make.resource("Ley General de Acceso de las Mujeres a una Vida Libre de Violencia")
    law.acronym = "LGAMVLV"
    law.save()
    norm = make.resource("Norma Mexicana en Igualdad Laboral")
    norm.acronym = "NMX-R-025"
    norm.save()
    treaty = make.resource("Convenio sobre la violencia y el acoso")
    treaty.acronym = "C190"
    treaty.save()

    for typed in ("LGAMVLV", "lgamvlv", "L.G.A.M.V.L.V.", " Lgamvlv. "):
        assert found(typed) == [law.title], typed
    for typed in ("NMX-R-025", "nmx 025", "nmxr025"):
        assert found(typed) == [norm.title], typed
    for typed in ("C190", "c-190", "convenio 190"):
        assert found(typed) == [treaty.title], typed


def test_the_best_comes_first(db: None) -> None:
    body = make.resource("Guía de trámites")
    indexing.reindex([body.pk], texts={body.pk: "Habla del protocolo una vez."})
    summary = make.resource("Manual interno")
    summary.summary = "Explica el protocolo."
    summary.save()
    plural = make.resource("Compendio de protocolos de atención")
    exact = make.resource("Protocolo")
    # What is newer does not matter more than where the word stands.
    indexing.reindex([body.pk])

    assert found("protocolo") == [exact.title, plural.title, summary.title, body.title]


def test_among_equals_what_binds_the_municipality_comes_first(db: None) -> None:
    binding = make.resource("Protocolo para prevenir y atender el acoso en el Ayuntamiento")
    Resource.objects.filter(pk=binding.pk).update(binds="si")
    reference = make.resource("Protocolo del acoso")

    assert found("protocolo acoso") == [binding.title, reference.title]


def test_every_word_is_asked_and_empty_words_are_not(db: None) -> None:
    make.resource("Ley General de Acceso de las Mujeres")
    make.resource("Ley General de Archivos")

    assert found("ley de acceso a las mujeres") == ["Ley General de Acceso de las Mujeres"]
    assert found("de la") == []
    assert found("ley mujeres archivos") == []


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "a' | 'b", ") OR (", "NEAR(", "*", "-ley", "%", "\x00", "ley:*", "^ley", "¿?"],
)
def test_signs_are_only_signs(db: None, typed: str) -> None:
    make.resource("Ley General de Víctimas")

    assert found(typed) == (["Ley General de Víctimas"] if "ley" in typed else [])


def test_the_passage_of_the_file_is_quoted_and_escaped(client: Client, db: None) -> None:
    entry = make.resource("Guía de trámites")
    text = (
        "Presentación. " * 60 + "<script>alert(1)</script> Las sanciones & medidas. " + "Fin. " * 60
    )
    indexing.reindex([entry.pk], texts={entry.pk: text})

    page = client.get("/biblioteca/?q=sancionar").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; Las <mark>sanciones</mark> &amp; medidas." in page
    assert "<script>alert" not in page
    assert "En el archivo:" in page


def test_the_pieces_put_together_are_the_text() -> None:
    text = "«Señalización», niñez y SEÑALES: 100 % de señalar."
    cut = pieces(text, asked("senales"))

    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.hit] == ["SEÑALES", "señalar"]


def test_a_misspelled_search_suggests_what_exists(client: Client, db: None) -> None:
    make.resource("Protocolo contra el hostigamiento")

    page = client.get("/biblioteca/?q=protocolo+hostigameinto").content.decode()

    assert "No se encontró ningún recurso" in page
    assert 'href="?q=protocolo+hostigamiento"' in page
    assert "Con algunas de esas palabras" in page
    assert "<mark>Protocolo</mark> contra el hostigamiento" in page


def test_what_is_suggested_is_as_careful_as_what_is_found(client: Client, db: None) -> None:
    make.resource("Protocolo contra el hostigamiento", of=make.topic("acoso", sensitive=True))

    answer = client.get("/biblioteca/?q=protocolo+xilófono")

    assert "Con algunas de esas palabras" in answer.content.decode()
    assert "<title>Consulta</title>" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_may_not_be_seen_is_neither_found_nor_suggested(alicia: Member, diana: User) -> None:
    make.resource("Borrador xilófono", state=Resource.State.DRAFT)
    make.resource("Interno xilófono", audience=Resource.Audience.MEMBERS)
    make.resource("Retirado xilófono", state=Resource.State.WITHDRAWN)
    user = alicia.person.user

    assert found("xilofono") == []
    assert found("xilofono", user) == ["Interno xilófono"]
    assert found("xilofono", diana) == ["Interno xilófono"]
    hint = searching.suggest(Resource.objects.listed_for(PUBLIC), "silofono")
    assert (hint.corrected, hint.near) == ("", [])
    assert user is not None
    assert (
        "Interno <mark>xilófono</mark>"
        in signed_in(user).get("/biblioteca/?q=xilofono").content.decode()
    )


def test_the_index_follows_the_entry(db: None) -> None:
    entry = make.resource("Ley de aguas")
    entry.title = "Ley de bosques"
    entry.save()
    assert (found("aguas"), found("bosque")) == ([], ["Ley de bosques"])

    indexing.reindex([entry.pk], texts={entry.pk: "Texto del archivo sobre humedales."})
    entry.save()
    assert found("humedal") == ["Ley de bosques"]

    Resource.objects.filter(pk=entry.pk).update(title="Ley de mares")
    SearchEntry.objects.filter(resource=entry).delete()
    assert found("mares") == []
    assert indexing.reindex_stale() == 1
    assert found("mares") == ["Ley de mares"]
    assert indexing.reindex_stale() == 0

    entry.delete()
    assert SearchEntry.objects.count() == 0
    assert found("mares") == []


def test_only_the_newest_are_ranked_and_it_says_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_HITS", 3)
    for number in range(5):
        make.resource(f"Ley {number}")

    assert sorted(found("ley")) == ["Ley 2", "Ley 3", "Ley 4"]
    assert "los más recientes" in client.get("/biblioteca/?q=ley").content.decode()


def test_filters_and_search_go_together(db: None) -> None:
    for scope in Resource.Scope.values:
        Resource.objects.filter(pk=make.resource(f"Ley {scope}").pk).update(scope=scope)

    entries = Resource.objects.listed_for(PUBLIC).filter(scope="municipal")
    ids = searching.find(entries, "leyes").ids

    assert [row.title for row in searching.in_order(ids)] == ["Ley municipal"]


def test_a_line_without_search_is_the_text_as_it_is(db: None) -> None:
    entry = make.resource("Ley <b>rara</b>")

    (line,) = lines([entry])

    assert [piece.text for piece in line.title] == ["Ley <b>rara</b>"]
    assert line.passage == []
