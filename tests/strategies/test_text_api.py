"""The step endpoint, the pictures and the form without JavaScript, as a browser meets them."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow

from actors.models import Role, User
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid
from strategies.domain import images, markup
from strategies.models import Image, Section, Version
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import delete, insert, make_section, words, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return make_person(make_region(), Role.LEADER, name="Anna")


@pytest.fixture
def section(anna: User) -> Section:
    return make_section(working_version(make_strategy(by=anna)), "Ett två tre.\n\nFyra fem sex.", by=anna)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, section: Section) -> str:
    whole = [section.version_id] if name in {"images", "references"} else [section.version_id, section.uuid]
    return reverse(f"strategies_api:{name}", args=whole)


def post(client: Client, section: Section, *steps: Any, **more: Any) -> Any:
    body = {
        "version": Section.objects.get(pk=section.pk).doc_version,
        "batch_id": str(uuid.uuid4()),
        "steps": list(steps),
        **more,
    }
    return client.post(address("steps", section), json.dumps(body), content_type="application/json")


# --- Steps --------------------------------------------------------------------------------------


def test_a_commit_and_what_others_see_of_it(section: Section, anna: User) -> None:
    client = signed_in(anna)
    began = client.get(address("section", section)).json()
    assert began["can_edit"] is True
    assert began["doc"] == section.doc
    answer = post(client, section, insert(1, "X"))
    assert (answer.status_code, answer.json()["version"]) == (200, began["version"] + 1)
    seen = client.get(address("steps", section), {"since": began["version"]}).json()
    assert seen["version"] == began["version"] + 1
    assert seen["steps"][0]["by_name"] == "Anna"
    assert set(seen["steps"][0]["step"]) == {"stepType", "from", "to", "slice"}


def test_a_stale_commit_is_409_with_what_to_take_in(section: Section, anna: User) -> None:
    base = section.doc_version
    write(section, anna, delete(0, 14))
    answer = post(signed_in(anna), section, insert(5, "X"), version=base)
    assert answer.status_code == 409
    assert [step["n"] for step in answer.json()["steps"]] == [base + 1]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"1", b"\xff\xfe", b'{"version": NaN}', b"[" * 100_000, b'{"a":' * 100_000, b'{"version": 1}',
        b'{"version": "1", "batch_id": "x", "steps": []}', b'{"version": 1, "batch_id": "x", "steps": []}',
        b'{"version": true, "batch_id": "5b7c6b42-7a3f-4a2c-9c57-0c2f3b6f8a11", "steps": [1]}',
        b'{"version": 1, "batch_id": "5b7c6b42-7a3f-4a2c-9c57-0c2f3b6f8a11", "steps": [{}]}',
        b'{"version": 1, "batch_id": {"a": 1}, "steps": [{}]}', b'{"version": 1e400, "batch_id": "x", "steps": [{}]}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_422_in_words(section: Section, anna: User, body: bytes) -> None:
    answer = signed_in(anna).post(address("steps", section), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"].endswith(".")


def test_20_mb_are_refused_in_words(section: Section, anna: User) -> None:
    answer = post(signed_in(anna), section, insert(1, "Länet ska " * 2_000_000))
    assert answer.status_code == 422
    assert "för stor" in answer.json()["message"]
    assert words(section).startswith("Ett")


def test_other_kinds_of_bodies_are_not_taken(section: Section, anna: User) -> None:
    assert signed_in(anna).post(address("steps", section), {"version": "1"}).status_code in (415, 422)


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("leader", 200, 200), ("editor", 200, 200), ("secretary", 200, 403), ("reader", 200, 403), ("municipality", 404, 404), ("outsider", 404, 404), ("nobody", 403, 403)],
)  # fmt: skip
def test_who_may(section: Section, who: str, reads: int, writes: int) -> None:
    person = {
        "municipality": lambda: make_person(make_municipality(), Role.EDITOR),
        "outsider": lambda: make_person(None),
        "nobody": lambda: None,
    }.get(who, lambda: make_person(make_region(), Role(who)))()
    client = signed_in(person) if person else Client()
    for name in ("section", "html", "references"):
        assert client.get(address(name, section)).status_code == reads
    assert client.get(address("steps", section), {"since": 0}).status_code == reads
    assert post(client, section, insert(1, "X")).status_code == writes


def test_a_commit_needs_the_csrf_token(section: Section, anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert post(client, section, insert(1, "X")).status_code == 403


def test_a_frozen_version_says_so(section: Section, anna: User) -> None:
    Version.objects.filter(pk=section.version_id).update(
        status="consultation", frozen_at=clock.now(), frozen_by=anna, sha256="x"
    )
    client = signed_in(anna)
    assert client.get(address("steps", section), {"since": 0}).json()["frozen"] is True
    answer = post(client, section, insert(1, "X"))
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize("since", ["", "x", "-1", "999999", "9" * 30])
def test_steps_since_nonsense(section: Section, anna: User, since: str) -> None:
    assert signed_in(anna).get(address("steps", section), {"since": since}).status_code == 422


def test_references_follow_the_order(section: Section, anna: User) -> None:
    Section.objects.filter(version=section.version).exclude(pk=section.pk).update(
        removed_at=clock.now(), removed_by=anna
    )
    goal = make_section(section.version, title="Grönt län", kind="goal")
    labels = {
        item["uuid"]: item["code"] for item in signed_in(anna).get(address("references", section)).json()["sections"]
    }
    assert labels == {str(section.uuid): "1", str(goal.uuid): "Mål 1"}


@pytest.mark.parametrize("rows", [1, 3])
def test_polling_takes_few_queries(section: Section, anna: User, rows: int, django_assert_max_num_queries: Any) -> None:
    write(section, anna, *[insert(1, "x")] * rows)
    client = signed_in(anna)
    with django_assert_max_num_queries(6):
        client.get(address("steps", section), {"since": 1})


# --- Pictures -----------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, section: Section, data: bytes, name: str = "a.png") -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(address("images", section), {"image": file})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_add_image_encodes_anew(section: Section, anna: User, kind: str) -> None:
    answer = upload(signed_in(anna), section, picture(kind))
    assert (answer.status_code, answer.json()["width"], answer.json()["height"]) == (201, 40, 30)
    stored = Image.objects.get(uuid=answer.json()["image"])
    with stored.file.open() as file, Pillow.open(file) as opened:
        assert opened.format == ("JPEG" if kind == "JPEG" else "PNG")


def test_add_image_drops_the_metadata_and_turns_it_upright(section: Section, anna: User) -> None:
    exif = Pillow.Exif()
    exif[0x0112], exif[0x013B] = 6, "Fotografens namn"
    answer = upload(signed_in(anna), section, picture("JPEG", exif=exif) + b"<script>alert(1)</script>")
    with Image.objects.get(uuid=answer.json()["image"]).file.open() as file:
        stored = file.read()
    assert b"Fotografens" not in stored
    assert b"script" not in stored
    assert (answer.json()["width"], answer.json()["height"]) == (30, 40)


def test_add_image_twice_is_one(section: Section, anna: User) -> None:
    first, again = (upload(signed_in(anna), section, picture()).json() for _ in range(2))
    assert first == again


def test_add_image_makes_large_ones_smaller(section: Section, anna: User) -> None:
    assert upload(signed_in(anna), section, picture("JPEG", (5000, 1000))).json()["width"] == 2400


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"<html>", SVG, picture()[:60], b"GIF89a" + b"\x00" * 20, b"%PDF-1.7", picture("TIFF"), picture("BMP")],
)
def test_add_image_refuses_what_is_no_picture(section: Section, anna: User, data: bytes) -> None:
    answer = upload(signed_in(anna), section, data or b" ")
    assert answer.status_code == 422
    assert answer.json()["fields"]["image"].endswith(".")
    assert not Image.objects.exists()


def test_add_image_refuses_a_bomb() -> None:
    with pytest.raises(Invalid, match="bildpunkter"):
        images.encode_anew(picture("PNG", (9000, 9000)))


def test_add_image_refuses_what_is_too_large(section: Section, anna: User) -> None:
    with pytest.raises(Invalid, match="10 MB"):
        images.add_image(strategy_id=section.version.strategy_id, by=anna, file=io.BytesIO(b""), size=10_000_001)


def test_only_writers_add_images(section: Section) -> None:
    assert upload(signed_in(make_person(make_region(), Role.READER)), section, picture()).status_code == 403


def test_an_image_is_seen_by_who_may_read_where_it_stands(section: Section, anna: User) -> None:
    made = upload(signed_in(anna), section, picture()).json()
    assert signed_in(anna).get(made["url"]).headers["Content-Type"] == "image/png"
    assert Client().get(made["url"]).status_code == 404
    block = {"type": "figure", "attrs": {"id": "f1", "image": made["image"], "alt": "En bild"}}
    write(section, anna, {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [block]}})
    assert made["url"] in signed_in(anna).get(address("html", section)).json()["html"]
    Version.objects.filter(pk=section.version_id).update(
        status="adopted", frozen_at=clock.now(), frozen_by=anna, sha256="x", adopted_on=clock.today()
    )
    assert Client().get(made["url"]).status_code == 200


# --- The form -----------------------------------------------------------------------------------


def form_address(section: Section) -> str:
    return reverse("strategies:section_text", args=[section.version_id, section.uuid])


def test_the_form_saves_and_shows_what_was_saved(section: Section, anna: User) -> None:
    client = signed_in(anna)
    page = client.get(form_address(section))
    assert page.context["written"] == markup.to_markup(section.doc)
    answer = client.post(
        form_address(section), {"text": page.context["written"] + "\nSju.", "version": page.context["base"]}
    )
    assert answer.status_code == 302
    assert "Texten är sparad." in client.get(answer.headers["Location"]).content.decode()
    assert words(section).endswith("Sju.")


def test_the_form_shows_both_texts_of_a_conflict(section: Section, anna: User) -> None:
    client = signed_in(anna)
    page = client.get(form_address(section))
    write(section, anna, delete(14, 29))
    mine = page.context["written"].replace("fem", "fem och ett halvt")
    answer = client.post(form_address(section), {"text": mine, "version": page.context["base"]})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "fem och ett halvt" in text
    assert "Ett två tre." in answer.context["current"]
    again = client.post(form_address(section), {"text": mine, "version": answer.context["base"]})
    assert again.status_code == 302
    assert "fem och ett halvt" in words(section)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 12])
def test_the_form_without_a_version_is_refused(section: Section, anna: User, version: str) -> None:
    assert signed_in(anna).post(form_address(section), {"text": "x", "version": version}).status_code == 422


def test_the_form_is_for_writers(section: Section) -> None:
    assert signed_in(make_person(make_region(), Role.READER)).get(form_address(section)).status_code == 403
    assert signed_in(make_person(None)).get(form_address(section)).status_code == 404
    assert Client().get(form_address(section)).status_code == 302
