"""Find and replace, the glossary, reading ease: verbs, rules and pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.models import AuditEvent
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from strategies.domain import documents, markup, readability, terms
from strategies.domain.documents import plain_text
from strategies.domain.replacing import Chosen, everything, find_words, replace_words
from strategies.domain.searching import Words, hits_in, steps_for
from strategies.domain.sections import add_section
from strategies.domain.steps import apply_steps, read_steps
from strategies.domain.text import doc_at, replace_text
from strategies.models import Section, StepVia, Term

MAY = {"leader": True, "editor": True, "secretary": False, "reader": False, "outsider": False, "nobody": False}


def section(world, text: str, title: str = "Resor") -> Section:
    made = add_section(version_id=world.draft.pk, kind="chapter", title=title, by=world.leader)
    replace_text(section_id=made.pk, by=world.leader, doc=markup.to_doc(text), via=StepVia.IMPORT)
    return Section.objects.get(pk=made.pk)


def found(text: str, *words: str, **options) -> list[str]:
    return [hit.found for hit in hits_in(markup.to_doc(text), Words(words, **options))]


# --- searching


def test_whole_words_are_words_as_a_reader_sees_them():
    assert found("Mål, målet och delmål. MÅL!", "mål") == ["Mål", "MÅL"]
    assert found("Mål, målet och delmål.", "mål", whole=False) == ["Mål", "mål", "mål"]
    assert found("Mål och mål", "mål", match_case=True) == ["mål"]


def test_a_hit_reaches_over_bold_but_not_over_a_line_or_a_reference():
    assert found("stärka **tå**get\n\nstärka\n\ntåget", "tåget", "stärka tåget") == ["stärka tåget", "stärka", "tåget"][
        0:1
    ] + ["tåget"]


def test_what_is_sought_is_words_and_no_pattern():
    assert found("a.b och axb", "a.b") == ["a.b"]


def footnote_doc():
    note = {"type": "footnote", "content": [{"type": "text", "text": "länet 😀 länet"}]}
    ref = {"type": "ref", "attrs": {"section": "11111111-1111-4111-8111-111111111111"}}
    gone = {"type": "text", "text": "länet", "marks": [{"type": "deletion", "attrs": {"id": "d1"}}]}
    link = {"type": "text", "text": "länet", "marks": [{"type": "link", "attrs": {"href": "https://länet.example/"}}]}
    content = [{"type": "text", "text": "😀 länet "}, ref, note, gone, {"type": "text", "text": " "}, link]
    return documents.with_ids({"type": "doc", "content": [{"type": "paragraph", "content": content}]})


def test_footnotes_are_searched_and_references_addresses_and_deleted_text_are_not():
    doc = footnote_doc()
    hits = hits_in(doc, Words(("länet",)))
    assert len(hits) == 4
    after = apply_steps(documents.parse(doc), read_steps(steps_for(documents.parse(doc), hits, "regionen"))).to_json()
    parts = after["content"][0]["content"]
    assert parts[0]["text"] == "😀 regionen "
    assert parts[2]["content"][0]["text"] == "regionen 😀 regionen"
    assert parts[3]["text"] == "länet"
    assert parts[5] == {
        "type": "text",
        "text": "regionen",
        "marks": [{"type": "link", "attrs": {"href": "https://länet.example/"}}],
    }


@settings(max_examples=150, deadline=None)
@given(st.text("ab å😀", max_size=40), st.text("abå😀", min_size=1, max_size=3), st.text("xy😀", max_size=3))
def test_replacing_is_what_the_same_is_for_a_plain_text(text, old, new):
    doc = documents.with_ids(
        {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}]}
    )
    node = documents.parse(doc)
    steps = (
        read_steps(steps_for(node, hits_in(doc, Words((old,), whole=False, match_case=True)), new))
        if old in text
        else []
    )
    assert plain_text(apply_steps(node, steps).to_json()) == text.replace(old, new)


# --- replacing


@pytest.mark.parametrize("who", MAY)
def test_who_may_replace_and_change_the_glossary(world, who):
    row = section(world, "kollektivtrafik")
    term = terms.add_term(
        strategy_id=world.strategy.pk, by=world.leader, preferred="buss", variants=["kollektivtrafik"]
    )
    by = world.people[who]
    deeds = [
        lambda: replace_words(
            version_id=world.draft.pk,
            by=by,
            words=Words(("kollektivtrafik",)),
            new="buss",
            chosen=[Chosen(row.pk, row.doc_version, frozenset({0}))],
        ),
        lambda: terms.add_term(strategy_id=world.strategy.pk, by=by, preferred="ord", variants=[]),
        lambda: terms.change_term(term_id=term.pk, by=by, revision=0, preferred="tåg", variants=[]),
        lambda: terms.remove_term(term_id=term.pk, by=by),
        lambda: terms.restore_term(term_id=term.pk, by=by),
    ]
    for deed in deeds:
        if MAY[who]:
            deed()
        else:
            with pytest.raises(Forbidden):
                deed()


def test_chosen_places_are_replaced_as_steps_that_keep_marks_and_capitals(world):
    row = section(world, "Medborgare reser. En **medborgare** går. medborgare stannar.")
    done = replace_words(
        version_id=world.draft.pk,
        by=world.editor,
        words=Words(("medborgare",)),
        new="invånare",
        chosen=[Chosen(row.pk, row.doc_version, frozenset({0, 1}))],
    )
    before, version = row.doc, row.doc_version
    row.refresh_from_db()
    assert (done.count, plain_text(row.doc)) == (2, "Invånare reser. En invånare går. medborgare stannar.")
    assert row.doc["content"][0]["content"][1] == {"type": "text", "text": "invånare", "marks": [{"type": "strong"}]}
    assert set(row.steps.filter(n__gt=version).values_list("via", "by")) == {(StepVia.FORM, world.editor.pk)}
    assert doc_at(row, version) == before
    event = AuditEvent.objects.get(verb="replace_words")
    assert (event.data["old"], event.data["new"], event.data["count"]) == ("medborgare", "invånare", 2)


def test_what_others_wrote_in_between_is_kept(world):
    row = section(world, "Ett ord.\n\nett ord till")
    chosen = [Chosen(row.pk, row.doc_version, frozenset({0, 1}))]
    replace_text(
        section_id=row.pk,
        by=world.leader,
        doc={**row.doc, "content": [*markup.to_doc("Nytt först.")["content"], *row.doc["content"]]},
        via=StepVia.EDITOR,
    )
    done = replace_words(version_id=world.draft.pk, by=world.editor, words=Words(("ord",)), new="svar", chosen=chosen)
    row.refresh_from_db()
    assert (done.count, done.stale, plain_text(row.doc)) == (2, [], "Nytt först.\nEtt svar.\nett svar till")


def test_a_text_that_has_been_rewritten_is_left_and_named(world):
    row, other = section(world, "Ett ord."), section(world, "Ett ord.", "Annat")
    chosen = [Chosen(each.pk, each.doc_version, frozenset({0})) for each in (row, other)]
    replace_text(section_id=row.pk, by=world.leader, doc=markup.to_doc("Något helt annat."), via=StepVia.EDITOR)
    done = replace_words(version_id=world.draft.pk, by=world.editor, words=Words(("ord",)), new="svar", chosen=chosen)
    row.refresh_from_db()
    assert (done.count, done.stale, plain_text(row.doc)) == (1, ["Resor"], "Något helt annat.")


def test_headings_are_found_and_renamed(world):
    row = section(world, "x", title="Kollektivtrafik i länet")
    found = find_words(world.draft, Words(("kollektivtrafik",)))
    assert [(here.node.section.pk, here.count) for here in found] == [(row.pk, 1)]
    replace_words(
        version_id=world.draft.pk,
        by=world.editor,
        words=Words(("kollektivtrafik",)),
        new="buss och tåg",
        chosen=everything(found),
    )
    row.refresh_from_db()
    assert row.title == "Buss och tåg i länet"


@pytest.mark.parametrize(("new", "numbers"), [("x" * 501, {0}), ("a\nb", {0}), ("bra", set())])
def test_what_cannot_be_replaced_is_refused_in_words(world, new, numbers):
    row = section(world, "ord")
    with pytest.raises(Invalid):
        replace_words(
            version_id=world.draft.pk,
            by=world.editor,
            words=Words(("ord",)),
            new=new,
            chosen=[Chosen(row.pk, row.doc_version, frozenset(numbers))],
        )


# --- the glossary


def test_the_check_finds_variants_but_not_inside_an_agreed_word(world):
    section(world, "Medborgare och strategi. Regional utvecklingsstrategi. Utvecklingsstrategi.")
    terms.add_term(
        strategy_id=world.strategy.pk,
        by=world.editor,
        preferred="regional utvecklingsstrategi",
        variants=["utvecklingsstrategi"],
    )
    terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred="invånare", variants=["medborgare"])
    assert [(row.variant, row.count) for row in terms.check_terms(world.draft)] == [
        ("medborgare", 1),
        ("utvecklingsstrategi", 1),
    ]


def test_using_a_term_changes_the_variants_that_stand_alone(world):
    row = section(world, "Regional utvecklingsstrategi. Utvecklingsstrategi.")
    term = terms.add_term(
        strategy_id=world.strategy.pk,
        by=world.editor,
        preferred="regional utvecklingsstrategi",
        variants=["utvecklingsstrategi"],
    )
    done = terms.use_term(term_id=term.pk, variant="utvecklingsstrategi", version=world.draft, by=world.editor)
    row.refresh_from_db()
    assert (done.count, plain_text(row.doc)) == (1, "Regional utvecklingsstrategi. Regional utvecklingsstrategi.")


@pytest.mark.parametrize(
    ("preferred", "variants", "field"),
    [
        ("", ["x"], "preferred"),
        ("Invånare", [], "preferred"),
        ("medborgare", [], "preferred"),
        ("bo", ["BO"], "variants"),
        ("bo", ["medborgare"], "variants"),
        ("bo", ["invånare"], "variants"),
        ("x" * 121, [], "preferred"),
    ],
)
def test_a_word_means_one_thing(world, preferred, variants, field):
    terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred="invånare", variants=["medborgare"])
    with pytest.raises(Invalid) as refusal:
        terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred=preferred, variants=variants)
    assert list(refusal.value.fields) == [field]


def test_a_term_has_a_history_and_does_not_change_behind_ones_back(world):
    term = terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred="invånare", variants=["medborgare"])
    terms.change_term(
        term_id=term.pk, by=world.editor, revision=0, preferred="invånare", variants=["medborgare", "folk"]
    )
    with pytest.raises(Conflict):
        terms.change_term(term_id=term.pk, by=world.leader, revision=0, preferred="människor", variants=[])
    terms.remove_term(term_id=term.pk, by=world.editor)
    assert Term.objects.get().history.count() == 3
    terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred="invånare", variants=[])
    with pytest.raises(Invalid):
        terms.restore_term(term_id=term.pk, by=world.editor)


# --- reading ease


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ett. Två! Tre?", 3),
        ("Det gäller t.ex. vatten, bl.a. sjöar. Punkt.", 2),
        ("Den 1. maj kl. 9 börjar det.", 1),
        ("Det är 3.5 procent. Nästa.", 2),
        ("Rubrik\nEn mening utan punkt\nEn till", 3),
        ("Region X m.fl. Därefter kommunerna.", 2),
        ("", 0),
    ],
)
def test_sentences(text, count):
    assert len(list(readability.sentences(text))) == count


def test_lix_is_words_per_sentence_and_per_cent_of_long_words():
    text = "Katten sov. " * 9 + "Regionens utveckling börjar."
    reading = readability.measure(text)
    assert (reading.words, reading.sentences, reading.long_words, reading.lix) == (21, 10, 2, round(21 / 10 + 200 / 21))
    assert readability.measure("Kort text.").lix is None


@pytest.mark.parametrize(("lix", "band"), [(None, ""), (39, "easy"), (40, "medium"), (50, "hard"), (60, "very_hard")])
def test_bands(lix, band):
    assert readability.band(lix) == band


@pytest.mark.parametrize(
    ("sentence", "passive"),
    [
        ("Arbetet ska genomföras tillsammans.", ["genomföras"]),
        ("Tåget bör därför stärkas.", ["stärkas"]),
        ("Planen beslutades av styrelsen.", ["beslutades"]),
        ("Åtgärderna prioriteras löpande.", ["prioriteras"]),
        ("Vägen blev byggd i fjol.", ["blev byggd"]),
        ("Bussen har stärkts.", ["stärkts"]),
        ("Vi hoppas att alla trivs och minns.", []),
        ("Kommunernas och invånarnas ansvar finns kvar.", []),
        ("Länets plats i Sverige.", []),
        ("Regionen stärker tåget tillsammans med kommunerna.", []),
        ("Vi ska lyckas.", []),
    ],
)
def test_passive_hints(sentence, passive):
    assert list(readability.passives(sentence)) == passive


def test_long_sentences_are_those_over_twenty_five_words():
    assert len(readability.measure("ord " * 25 + ".").long) == 0
    assert [row.words for row in readability.measure("ord " * 26 + ".").long] == [26]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_measured(text):
    reading = readability.measure(text)
    assert reading.words >= reading.long_words >= 0


# --- pages


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("editor", 200), ("secretary", 200), ("reader", 200), ("outsider", 404), ("nobody", 404)],
)
@pytest.mark.parametrize("name", ["search", "terms", "language"])
def test_who_sees_the_pages(world, client, who, status, name):
    client.force_login(world.people[who])
    assert client.get(reverse(f"strategies:{name}", args=[world.strategy.pk])).status_code == status


def test_replacing_on_the_page(world, client):
    row = section(world, "Medborgare reser.", title="Medborgare")
    client.force_login(world.editor)
    url = reverse("strategies:search", args=[world.strategy.pk])
    page = client.get(url, {"words": "medborgare", "new": "invånare", "whole": "on"}).content.decode()
    assert (page.count("<mark>Medborgare</mark>"), "2 ställen" in page) == (2, True)
    base = {
        f"base-{row.pk}": f"{row.doc_version}:{row.revision}",
        "words": "medborgare",
        "new": "invånare",
        "whole": "on",
    }
    answer = client.post(url, {**base, "hit": f"{row.pk}:0", "title": row.pk})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.title, plain_text(row.doc)) == ("Invånare", "Invånare reser.")
    assert client.post(url, {**base, "hit": "a:b"}).status_code == 422
    assert client.post(url, {"words": "x", "hit": f"{row.pk}:0"}).status_code == 422


def test_the_glossary_on_pages(world, client):
    row = section(world, "Medborgare reser.")
    client.force_login(world.editor)
    url = reverse("strategies:terms", args=[world.strategy.pk])
    assert client.post(url, {"preferred": "invånare", "variants": "medborgare\nfolk"}).status_code == 302
    assert client.post(url, {"preferred": "invånare"}).status_code == 422
    term = Term.objects.get()
    assert "Byt 1 ställe" in client.get(url).content.decode()
    client.post(reverse("strategies:use_term", args=[world.strategy.pk, term.pk]), {"variant": "medborgare"})
    row.refresh_from_db()
    assert plain_text(row.doc) == "Invånare reser."
    own = reverse("strategies:term", args=[world.strategy.pk, term.pk])
    assert client.post(own, {"preferred": "invånare", "variants": "", "revision": "7"}).status_code == 422
    assert client.post(own, {"preferred": "invånarna", "variants": "", "revision": "0"}).status_code == 302
    client.post(reverse("strategies:remove_term", args=[world.strategy.pk, term.pk]))
    assert "Borttagna ord" in client.get(url).content.decode()


def test_reading_ease_and_keys_on_pages(world, client):
    section(world, "Arbetet ska genomföras. " + "ord " * 30 + ".")
    client.force_login(world.reader)
    page = client.get(reverse("strategies:language", args=[world.strategy.pk])).content.decode()
    assert ("1 lång mening" in page, "1 mening med passiv" in page) == (True, True)
    assert client.get(reverse("strategies:keys")).status_code == 200


@pytest.mark.parametrize("name", ["search", "terms", "language"])
def test_pages_take_as_many_queries_for_three_sections_as_for_one(world, client, name):
    client.force_login(world.editor)
    terms.add_term(strategy_id=world.strategy.pk, by=world.editor, preferred="invånare", variants=["medborgare"])
    counts = []
    for n in range(3):
        section(world, "Medborgare reser.", title=f"Medborgare {n}")
        if n != 1:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"strategies:{name}", args=[world.strategy.pk]), {"words": "medborgare"})
            counts.append(len(queries))
    assert counts[0] == counts[1]
