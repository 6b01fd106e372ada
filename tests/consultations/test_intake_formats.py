"""The formats that people send besides Word and PDF: RTF, Outlook's letters, winmail.dat, pictures and scans, the older Word."""

import base64
import contextlib
import email
import io
import shutil
import subprocess
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart

import compressed_rtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from consultations.domain.intake import mail, reading, rtf, tnef
from consultations.domain.intake.outlook import read_outlook
from consultations.domain.intake.places import Places
from rus_platform.kit.errors import Invalid
from strategies.domain.importing.opening import OLE
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories import outlook

pytestmark = pytest.mark.django_db
POINT = "I mål 1 saknas cykeln helt och hållet, vilket är en brist i hela strategin."
WORDS = r"Vi saknar åkermarken i mål 1, \endash  den är \u8220?viktig\u8221? för hela länet, \'e5\'e4\'f6 \'80 100."
RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Calibri;}}\uc1\pard\f0 Yttrande\par "
    + WORDS.replace("å", r"\'e5").replace("ö", r"\'f6").replace("ä", r"\'e4")
    + r"\par}"
).encode("ascii")


def silent(*told: object) -> None:
    """Nobody waits."""


@pytest.fixture
def world():
    return make.make_open_round()


@pytest.fixture
def places(world) -> Places:
    return Places(world.fresh().version)


def read(data: bytes, world, places, name: str) -> reading.Reading:
    return reading.read_single(data, name, world.fresh(), places, silent)


def picture(form: str = "JPEG", size: tuple[int, int] = (800, 1100), pages: int = 1, **more: object) -> bytes:
    made = [Image.new("RGB", size, "white") for _n in range(pages)]
    for n, page in enumerate(made):
        ImageDraw.Draw(page).rectangle((10, 10, 100 + n, 60), fill="black")
    out = io.BytesIO()
    several = {"save_all": True, "append_images": made[1:]} if pages > 1 else {}
    made[0].save(out, form, **several, **more)
    return out.getvalue()


# --- RTF


def test_an_rtf_file_loses_no_letter(world, places):
    found = read(RTF, world, places, "yttrande.rtf")
    kept = [item for item in found.items if not item.left_out]
    assert [item.text for item in kept] == [
        "Vi saknar åkermarken i mål 1, – den är “viktig” för hela länet, åäö € 100."
    ]
    assert (kept[0].place.section, found.notices) == (world.goal, [])


def test_an_rtf_file_that_its_two_readers_disagree_about_gives_its_words_alone(world, places):
    odd = RTF.replace(rb"{\f0", rb"{\f1\fnil\fcharset238 Arial CE;}{\f0").replace(rb"\'80 100", rb"\f1\'b9\f0 100")
    found = read(odd, world, places, "yttrande.rtf")
    assert any("ą" in row["text"] for row in found.original)
    assert "bara orden" in found.notices[0]


def test_rtf_as_libreoffice_writes_it_keeps_its_headings(world, places, tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    (tmp_path / "in.docx").write_bytes(
        files.statement(["# Mål 1 Ett län som reser", "Vi välkomnar målet i stort, åäö."])
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "rtf", "--outdir", str(tmp_path), str(tmp_path / "in.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    found = read((tmp_path / "in.rtf").read_bytes(), world, places, "in.rtf")
    assert [(item.text, item.place.section) for item in found.items] == [
        ("Vi välkomnar målet i stort, åäö.", world.goal)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf1" + b"{\\b " * 60_000 + b"x",
        b"{\\rtf1 \\bin999999999 x}",
        b"{\\rtf" + b"{" * 200_000,
        b"{\\rtf1" + b"\\u-99999?" * 5000 + b"}",
    ],
)
def test_a_hostile_rtf_file_is_read_or_refused(world, places, data):
    with contextlib.suppress(Invalid):
        read(data, world, places, "x.rtf")


def test_two_readers_are_compared_by_their_letters():
    assert rtf.same_letters("Vår  kommun.\n1", "Vår kommun")
    assert not rtf.same_letters("Vår kommun", "Vr kommun")
    assert rtf.same_letters("a" * 300_000, "a" * 300_000)


# --- Outlook


def test_a_letter_from_outlook_brings_its_files_and_the_letter_in_it(world, places):
    inner = outlook.letter_tree(f"{POINT} Det står i det inre brevet.", header=24, subject="Inre")
    data = outlook.msg(
        "Hej!\r\n\r\nHär kommer svaret.", files=[("svar på remiss.docx", files.statement([POINT])), ("två.txt", b"Kort.")], nested=[inner]
    )  # fmt: skip
    found = read(data, world, places, "Vårt svar.msg")
    assert found.kind == "mail"
    assert [item.place.section for item in found.items if "cykeln" in item.text] == [world.goal] * 2
    assert "Karin Ek" in found.original[0]["text"]
    assert {row["text"] for row in found.original if row["kind"] == "note"} >= {
        "Bilaga: svar på remiss.docx", "Bilaga: två.txt",
    }  # fmt: skip


def test_a_letter_from_outlook_in_html_alone_and_in_rtf_alone(world, places):
    html = f"<html><body><p>{POINT}</p></body></html>".encode()
    assert [row["text"] for row in read_outlook(outlook.msg(html=html)).lines] == [POINT]
    packed = compressed_rtf.compress(RTF, compressed=True)
    assert "“viktig”" in " ".join(row["text"] for row in read_outlook(outlook.msg(rtf=packed)).lines)


def test_a_locked_letter_from_outlook_is_said_to_be_that(world, places):
    data = outlook.msg(kind="IPM.Note.SMIME", files=[("smime.p7m", b"\x30\x82" + b"x" * 100)])
    found = read(data, world, places, "a.msg")
    assert "krypterat" in found.notices[0]


def test_a_signed_letter_from_outlook_is_read(world, places):
    whole = (
        b'Content-Type: multipart/signed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        + POINT.encode()
    )
    whole += b'\r\n--b\r\nContent-Type: application/pkcs7-signature; name="smime.p7s"\r\n\r\nAAAA\r\n--b--\r\n'
    found = read(
        outlook.msg(kind="IPM.Note.SMIME.MultipartSigned", files=[("smime.p7m", whole)]), world, places, "a.msg"
    )
    assert ([item.place.section for item in found.items], found.notices) == (
        [world.goal], ["Brevet är elektroniskt undertecknat. Underskriften har inte kontrollerats."],
    )  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_damaged_letter_from_outlook_is_read_or_refused(data):
    whole = bytearray(outlook.msg("Hej på er", files=[("a.txt", b"x" * 5000)]))
    for _n in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Invalid):
        read_outlook(bytes(whole))


# --- what letters hold


def test_winmail_is_unpacked(world, places):
    packed = outlook.winmail([("svar på remissen.docx", files.statement([POINT])), ("tom.txt", b"")])
    found = read(files.letter("Hej!", files=[("winmail.dat", packed)]), world, places, "svar.eml")
    assert [item.place.section for item in found.items if "cykeln" in item.text] == [world.goal]
    assert any(row["text"] == "Bilaga: svar på remissen.docx" for row in found.original)


@given(st.binary(max_size=300))
def test_any_bytes_as_winmail_are_taken_apart(data):
    body, held = tnef.unpacked(outlook.winmail([("a.txt", b"x")])[:6] + data)
    assert isinstance(body, str) and all(isinstance(row[1], bytes) for row in held)


def test_a_signed_letter_is_read_and_a_locked_one_is_said(world, places):
    inner = email.message_from_bytes(files.letter(POINT))
    signed = MIMEMultipart("signed", protocol="application/pkcs7-signature")
    signed["From"], signed["Subject"] = "a@kommun.example", "Svar"
    signed.attach(inner)
    seal = MIMEApplication(b"xx", "pkcs7-signature", name="smime.p7s")
    signed.attach(seal)
    found = read(signed.as_bytes(), world, places, "a.eml")
    assert ([item.place.section for item in found.items], "undertecknat" in found.notices[0]) == ([world.goal], True)
    locked = b"From: a@b.example\nSubject: x\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nAAAA\n"
    found = read(locked, world, places, "a.eml")
    assert ([item for item in found.items if not item.left_out], "krypterat" in found.notices[0]) == ([], True)


@pytest.mark.parametrize(
    ("charset", "says"), [("iso-8859-15", "iso-8859-15"), ("cp1252", "us-ascii"), ("utf-16", "utf-16"), ("utf-8", "x-unknown"), ("mac_roman", "macintosh")]
)  # fmt: skip
def test_odd_encodings_of_letters(charset, says):
    words = "Vår åsikt om mål 1 är att ön behöver färjan."
    head = f'From: a@b.example\nSubject: x\nContent-Type: text/plain; charset="{says}"\nContent-Transfer-Encoding: base64\n\n'
    data = head.encode() + base64.b64encode(words.encode(charset))
    assert [row["text"] for row in mail.read_letter(data).lines] == [words]


# --- pictures


@pytest.mark.parametrize(
    ("form", "name", "pages"), [("JPEG", "foto.jpg", 1), ("PNG", "skärm.png", 1), ("TIFF", "fax.tif", 3), ("WEBP", "a.webp", 1), ("GIF", "a.gif", 1)]
)  # fmt: skip
def test_a_picture_is_drawn_to_type_beside(world, places, form, name, pages):
    found = read(picture(form, pages=pages), world, places, name)
    assert (found.kind, found.items, len(found.pictures), "Skriv av" in found.notices[0]) == (
        "picture",
        [],
        pages,
        True,
    )
    for drawn in found.pictures:
        with Image.open(io.BytesIO(drawn.data)) as shown:
            assert (shown.format, shown.size) == ("JPEG", (drawn.width, drawn.height))


def test_a_photograph_from_a_telephone_is_drawn(world, places):
    found = read(files.HEIC, world, places, "IMG_0001.HEIC")
    with Image.open(io.BytesIO(found.pictures[0].data)) as shown:
        assert (shown.size, shown.getpixel((60, 30))[0] < 60, shown.getpixel((300, 400))[0] > 200) == (
            (320, 448),
            True,
            True,
        )


def test_a_photograph_that_is_cut_off_is_refused(world, places):
    with pytest.raises(Invalid, match="Bilden är skadad"):
        read(files.HEIC[:300], world, places, "IMG_0001.HEIC")


def test_a_photograph_is_turned_and_says_nothing_about_the_camera(world, places):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera AB"
    exif.get_ifd(0x8825)[1] = "N"
    found = read(picture(exif=exif), world, places, "foto.jpg")
    with Image.open(io.BytesIO(found.pictures[0].data)) as shown:
        assert (shown.size, dict(shown.getexif())) == ((1100, 800), {})


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_pictures_of_every_sort_are_drawn(world, places, mode):
    out = io.BytesIO()
    Image.new(mode, (400, 500)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    assert len(read(out.getvalue(), world, places, "a").pictures) == 1


def test_a_picture_that_unpacks_to_too_much_is_refused(world, places):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Invalid, match="orimligt stor"):
        read(out.getvalue(), world, places, "a.png")


def test_a_scanned_pdf_is_drawn_page_by_page(world, places):
    found = read(files.many_pages(files.scanned(), 4), world, places, "skannat.pdf")
    assert [(row.page, row.height) for row in found.pictures] == [(n, 1800) for n in range(1, 5)]


def test_pictures_on_a_letter_are_drawn_and_logotypes_are_not(world, places):
    data = files.letter("Se bilden.", files=[("papper.jpg", picture()), ("logga.png", picture("PNG", (120, 60)))])
    found = read(data, world, places, "a.eml")
    assert [row.name for row in found.pictures] == ["papper.jpg"]
    assert not any("logga" in words for words in found.notices)


# --- the older Word


def test_the_older_word_is_kept_and_said(world, places):
    data = OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le") + b"\0" * 500
    found = read(data, world, places, "yttrande.doc")
    assert (found.items, "spara som .docx" in found.notices[0]) == ([], True)
