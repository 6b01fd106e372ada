"""Contacts from a file: whatever anybody sends is read or refused in words, shown, and taken in by a person."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import Workbook

from actors.models import Actor, Role
from actors.queries.roles import fresh
from consultations.domain import contact_files, rounds
from consultations.domain import contact_import as contacts
from consultations.models import ContactImport
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_organisation, make_person
from tests.factories.threads import together

db = pytest.mark.django_db


def read(data, name="kontakter.csv"):
    return contact_files.read_contacts(io.BytesIO(data), name=name, size=len(data))


def names(data):
    return [(row["name"], row["email"]) for row in read(data)]


def sheet(rows, **parts):
    """An XLSX file, with more ``parts`` (name -> bytes) put into it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    if parts:
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
    return out.getvalue()


WANTED = [("Åre kommun", "registrator@are.example"), ("Skånes bildning, östra", "info@bildning.example")]
TABLE = "Organisation;E-post\nÅre kommun;registrator@are.example\nSkånes bildning, östra;info@bildning.example\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_way_a_table_is_saved(coding, ending):
    assert names(TABLE.replace("\n", ending).encode(coding)) == WANTED


@pytest.mark.parametrize("text", [
    'namn,mejl\nÅre kommun,registrator@are.example\n"Skånes bildning, östra",info@bildning.example\n',
    "E-postadress\tRemissinstans\nregistrator@are.example\tÅre kommun\ninfo@bildning.example\tSkånes bildning, östra\n",
    "Åre kommun;registrator@are.example\n\n;;\nSkånes bildning, östra;info@bildning.example",
    "Slag;Namn;Kommentar;E-post\nKommun; Åre  kommun ;x;mailto:registrator@are.example\n;Skånes bildning, östra;;info@bildning.example",
])  # fmt: skip
def test_columns_are_found(text):
    assert names(text.encode()) == WANTED


def test_excel_files_are_read():
    rows = [
        ["Organisation", "E-post", "Slag"],
        ["Åre kommun", "registrator@are.example", None],
        [None, None],
        ["LRF", "lrf@lrf.example", "Näringsliv"],
    ]
    assert [(row["line"], row["name"], row["kind"]) for row in read(sheet(rows))] == [
        (2, "Åre kommun", ""),
        (4, "LRF", "Näringsliv"),
    ]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+46", "@SUM(A1)", "-2+3"])
def test_a_formula_is_said_to_be_one(cell):
    assert [row["problem"] for row in read(f"namn;epost\n{cell};a@b.example\nA;a@b.example".encode())] == [
        "formula",
        "",
    ]
    assert [row["problem"] for row in read(sheet([["namn", "epost"], [cell, "a@b.example"]]))] == ["formula"]


BOMB = b"<a>" + b"0" * (31 * 1024 * 1024)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'


@pytest.mark.parametrize(("data", "words"), [
    (b"", "inga rader"), (b"\n\n;;\n", "inga rader"), (b"namn;epost\n", "inga rader"),
    (b"x" * (2 * 1024 * 1024 + 1), "för stor"), (b"A;a@b.example\n" * 5001, "för många rader"),
    (b"PK\x03\x04 broken", "skadad"), (b"%PDF-1.7 x", "ingen fil med kontakter"), (b"A;\x00\x00", "ingen fil med kontakter"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "gamla Excelformatet"), (b'namn;epost\n"' + b"x" * 140_000, "går inte att läsa"),
    (sheet([["A"]], **{"xl/media/x.xml": BOMB}), "packar upp"), (sheet([["A"]], **{"xl/x.xml": LAUGHS}), "ska ha"),
    (sheet([["A", "a@b.example"]] * 5001), "för många rader"),
])  # fmt: skip
def test_hostile_files_are_refused_in_words(data, words):
    with pytest.raises(Invalid, match=words) as caught:
        read(data)
    assert set(caught.value.fields) == {"file"}


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    with pytest.raises(Invalid, match="ingen Excelfil"):
        read(out.getvalue())


def test_a_sheet_that_claims_a_million_rows_is_read_as_it_is():
    data = sheet([["namn", "epost"], ["A", "a@b.example"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                text = text.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
            new.writestr(part, text)
    assert names(out.getvalue()) == [("A", "a@b.example")]


@given(data=some.binary(max_size=300))
def test_any_bytes_are_rows_or_a_sentence(data):
    try:
        rows = read(data)
    except Invalid as refusal:
        assert refusal.fields["file"]
    else:
        assert all(set(row) == {"line", "name", "email", "kind", "problem"} for row in rows)


@given(text=some.text(max_size=200), mark=some.sampled_from(";,\t"))
def test_any_text_between_is_rows_or_a_sentence(text, mark):
    try:
        read(f"namn{mark}epost\n{text}".encode())
    except Invalid as refusal:
        assert refusal.fields["file"]


CELL = some.text(some.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=20).filter(
    lambda text: not contact_files.FORMULA.match(text)
)


@given(rows=some.lists(some.tuples(CELL, CELL), min_size=1, max_size=8))
def test_what_is_written_is_read(rows):
    import csv  # the writer that the reader is held against

    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([("namn", "epost"), *rows])
    assert names(out.getvalue().encode()) == [(name, email.removeprefix("mailto:")) for name, email in rows]


# --- What each row would do, and doing it


def sent(world, text, by=None):
    data = text.encode()
    return contacts.read_file(
        round_id=world.round.pk, file=io.BytesIO(data), name="lista.csv", size=len(data), by=by or world.leader
    )


FILE = """Organisation;E-post;Slag
Sago98kommun 1;ny@sago.example;
sago98kommun 2;k2@sago.example;
SAGO98KOMMUN 2;igen@sago.example;
Sago98kommun 3;inte en adress;
Sagans folkhögskola;info@folk.example;
Helt nya föreningen;nya@sago.example;Civilsamhälle
Okända bolaget;bolag@sago.example;
;ingen@sago.example;
=1+1;a@b.example;
"""


def everything(world):
    make_organisation("university", "Sagans folkhögskola", "gammal@folk.example")
    return sent(world, FILE)


@db
def test_each_row_says_what_it_would_do():
    world = make.make_round()
    planned = contacts.plan(everything(world), world.fresh())
    assert [one.outcome for one in planned] == [
        "address", "add", "duplicate", "bad_email", "register", "new", "new", "no_name", "formula",
    ]  # fmt: skip
    assert [one.kind for one in planned if one.outcome == "new"] == ["civil_society", ""]
    assert planned[0].was == world.municipality.email


@db
def test_nothing_is_taken_in_without_a_person():
    world = make.make_round()
    before = (Actor.objects.count(), world.round.invitations.count())
    kept = everything(world)
    contacts.plan(kept, world.fresh())
    assert (Actor.objects.count() - 1, world.round.invitations.count()) == before
    contacts.cancel_contacts(import_id=kept.pk, by=world.leader)
    kept.refresh_from_db()
    assert (kept.state, kept.rows) == ("cancelled", [])
    with pytest.raises(WrongState):
        contacts.take_in_contacts(import_id=kept.pk, chosen={0: ""}, by=world.leader)


@db
def test_the_chosen_rows_are_taken_in_once():
    world = make.make_round()
    kept = everything(world)
    with pytest.raises(Invalid, match="Okända bolaget"):
        contacts.take_in_contacts(import_id=kept.pk, chosen={6: ""}, by=world.leader)
    chosen = {0: "", 1: "", 2: "", 3: "", 4: "", 5: "civil_society", 8: "", 77: ""}
    done = contacts.take_in_contacts(import_id=kept.pk, chosen=chosen, by=world.leader)
    assert done.taken == {"added": 3, "addresses": 1, "made": 1}
    listed = dict(world.round.invitations.values_list("actor__name", "email"))
    assert listed == {
        "Sago98kommun 1": "ny@sago.example", "Sago98kommun 2": "k2@sago.example", "Sagans folkhögskola": "info@folk.example",
        "Helt nya föreningen": "nya@sago.example",
    }  # fmt: skip
    assert Actor.objects.get(name="Sagans folkhögskola").email == "gammal@folk.example"
    with pytest.raises(WrongState):
        contacts.take_in_contacts(import_id=kept.pk, chosen=chosen, by=world.leader)


@db
def test_who_and_when():
    world = make.make_round()
    for person in (world.editor, make_person(world.region, Role.SECRETARY), make_person()):
        with pytest.raises(Forbidden):
            sent(world, FILE, by=person)
    kept = sent(world, FILE)
    with pytest.raises(Forbidden):
        contacts.take_in_contacts(import_id=kept.pk, chosen={0: ""}, by=world.editor)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    (first, second, *_rest) = contacts.plan(kept, world.fresh())
    assert (first.outcome, second.outcome) == ("closed", "add")  # who has been written to is changed by name
    contacts.take_in_contacts(import_id=kept.pk, chosen={1: ""}, by=world.leader)
    assert world.round.invitations.get(email="k2@sago.example").mail is not None  # open: invited at once
    make.close(world)
    with pytest.raises(WrongState):
        sent(world, FILE)


@db
def test_a_plan_takes_the_same_queries():
    world = make.make_round()
    counted = []
    for number in (3, 300):
        kept = sent(world, "namn;epost\n" + "".join(f"Förening {n};f{n}@sago.example\n" for n in range(number)))
        round_ = world.fresh()
        with CaptureQueriesContext(connection) as seen:
            assert len(contacts.plan(kept, round_)) == number
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_taken_in_twice_at_once():
    world = make.make_round()
    kept = sent(world, FILE)
    take = lambda: contacts.take_in_contacts(import_id=kept.pk, chosen={1: ""}, by=fresh(world.leader))  # noqa: E731
    results = together(take, take)
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["WrongState"]
    assert world.round.invitations.count() == 2


@db
def test_by_the_pages():
    world = make.make_round()
    make_municipality("98", 2)
    client = Client()
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("consultations:contact_file", args=[world.round.pk])
    assert client.post(page, {}).status_code == 422
    refused = client.post(page, {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7")})
    assert refused.status_code == 422 and "ingen fil med kontakter" in refused.content.decode()
    answer = client.post(page, {"file": SimpleUploadedFile("<b>.csv", FILE.encode("latin-1"))})
    kept = ContactImport.objects.get()
    assert answer["Location"] == reverse("consultations:contact_import", args=[kept.pk])
    words = client.get(answer["Location"]).content.decode()
    assert "Finns tidigare i filen" in words and "E-postadressen är ingen adress" in words
    client.post(answer["Location"], {"row": ["1", "5", "x", "99999999999999999999"], "kind-5": "civil_society"})
    assert set(world.round.invitations.values_list("actor__name", flat=True)) == {
        "Sago98kommun 1", "Sago98kommun 2", "Helt nya föreningen",
    }  # fmt: skip
    assert client.get(answer["Location"]).status_code == 302
    stranger = Client()
    stranger.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(answer["Location"]).status_code in (403, 404)
