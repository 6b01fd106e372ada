"""Several people write at once: saved as it is written, put together when nothing collides, both shown when it does."""

import json

import pytest

from consultations.domain import responses
from consultations.models import Answer, Position, Response
from rus_platform.kit.errors import Conflict
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def save(client, response, piece, *, revision, base, **fields):
    form = {"piece": piece, "revision": revision, "base": json.dumps(base), **fields}
    return client.post(url("save_piece", response.pk), form)


def summary(client, response, *, revision, base, text):
    common = {"kind": "answer", "own_case_number": "KS 1"}
    return save(
        client, response, "summary", revision=revision, base={**common, "summary": base}, summary=text, **common
    )


def test_two_people_in_the_same_text_lose_nothing():
    world, response = make.make_draft()
    one, two = signed_in(world.editor), signed_in(world.signatory)
    before = "Tåget är bra. Bussen är dålig."
    first = summary(one, response, revision=response.revision, base="Vi är positiva.", text=before).json()
    assert first["values"]["summary"] == before
    summary(one, response, revision=first["revision"], base=before, text=before.replace("bra", "mycket bra"))
    answer = summary(two, response, revision=first["revision"], base=before, text=before.replace("dålig", "sen"))
    assert (answer.status_code, answer.json()["values"]["summary"]) == (200, "Tåget är mycket bra. Bussen är sen.")


def test_the_same_words_changed_by_both_are_both_shown_and_nothing_is_overwritten():
    world, response = make.make_draft()
    one, two = signed_in(world.editor), signed_in(world.signatory)
    summary(one, response, revision=response.revision, base="Vi är positiva.", text="Vi är negativa.")
    answer = summary(two, response, revision=response.revision, base="Vi är positiva.", text="Vi är osäkra.")
    assert (answer.status_code, answer.json()["theirs"]["values"]["summary"]) == (409, "Vi är negativa.")
    assert Response.objects.get(pk=response.pk).summary == "Vi är negativa."


@pytest.mark.parametrize("base", ["", "null", "[]", '"x"', "{" * 3000, '{"summary": 3}'])
def test_a_base_that_makes_no_sense_is_as_none(base):
    world, response = make.make_draft()
    responses.save_summary(
        response_id=response.pk, by=world.signatory, revision=response.revision, summary="Annat", kind="answer",
        own_case_number="KS 1",
    )  # fmt: skip
    form = {
        "piece": "summary", "revision": response.revision, "base": base, "summary": "Mitt", "kind": "answer",
        "own_case_number": "KS 1",
    }  # fmt: skip
    assert signed_in(world.editor).post(url("save_piece", response.pk), form).status_code == 409
    assert Response.objects.get(pk=response.pk).summary == "Annat"


def test_every_kind_of_piece():
    world, response = make.make_draft()
    client, point = signed_in(world.editor), response.points.get()
    pieces = {
        f"position-{world.goal.pk}": {"stance": "opposes", "reason": "Nej."},
        f"answer-{world.questions[0].pk}": {"value": "Nytt"},
        f"answer-{world.questions[1].pk}": {"value": "0"},
        f"point-{point.pk}": {"text": "Ny", "kind": "change", "suggested_wording": "så"},
    }
    for piece, fields in pieces.items():
        answer = save(client, response, piece, revision=1 if "point" not in piece else 0, base={}, **fields)
        assert (answer.status_code, answer.json()["values"]) == (200, fields), piece
    assert Position.objects.get(section=world.goal).reason == "Nej."
    assert Answer.objects.get(question=world.questions[1]).choice == 0
    for piece in ("point-999999", "nonsense", "", "position-x", f"answer-{10**30}"):
        assert save(client, response, piece, revision=0, base={}).status_code == 404, piece


def test_refusals_are_words_and_nothing_is_saved():
    world, response = make.make_draft()
    client = signed_in(world.editor)
    answer = save(client, response, f"position-{world.subgoal.pk}", revision=0, base={}, stance="", reason="A")
    assert (answer.status_code, answer.json()["message"]) == (422, "Välj ett av alternativen.")
    make.submit(world, response)
    answer = summary(client, response, revision=1, base="", text="Sent")
    assert answer.status_code == 409
    assert "inlämnat" in answer.json()["message"]
    _other, stranger = make.other_consultee(world)
    for person in (world.leader, stranger):
        assert summary(signed_in(person), response, revision=1, base="", text="A").status_code in (403, 404)
        assert signed_in(person).get(url("news", response.pk) + "?summary=0").status_code in (403, 404)


def test_news_tells_what_is_newer_and_who_writes(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "news"}}
    world, response = make.make_draft()
    one, two = signed_in(world.editor), signed_in(world.signatory)
    summary(one, response, revision=response.revision, base="Vi är positiva.", text="Ny text")
    said = two.get(url("news", response.pk), {"summary": response.revision, f"position-{world.goal.pk}": 1}).json()
    assert said["newer"] == {
        "summary": {
            "revision": response.revision + 1,
            "values": {"kind": "answer", "summary": "Ny text", "own_case_number": "KS 1"},
        }
    }
    assert said["writing"] == [{"person": world.editor.pk, "name": world.editor.name, "piece": "summary"}]
    assert one.get(url("news", response.pk), {"at": "summary"}).json()["writing"] == []  # not oneself


@pytest.mark.django_db(transaction=True)
def test_two_save_at_the_same_moment():
    world, response = make.make_draft()
    base = {"kind": "answer", "own_case_number": "KS 1", "summary": "Vi är positiva."}

    def write(by, text):
        return responses.save_summary(
            response_id=response.pk, by=by, revision=response.revision, summary=text, kind="answer",
            own_case_number="KS 1", base=base,
        )  # fmt: skip

    together(
        lambda: write(world.editor, "Vi är mycket positiva."), lambda: write(world.signatory, "Vi är positiva. Bra!")
    )
    assert Response.objects.get(pk=response.pk).summary in ("Vi är mycket positiva. Bra!",)


def test_without_a_base_a_stale_save_is_still_refused():
    world, response = make.make_draft()
    with pytest.raises(Conflict):
        responses.save_summary(
            response_id=response.pk, by=world.editor, revision=0, summary="A", kind="answer", own_case_number=""
        )
