"""Every string of the interface has its English, with the same things to fill in."""

import pytest
from babel.messages.catalog import Message
from django.utils.translation import gettext as _
from django.utils.translation import override

from actors.domain.people import invite_colleague
from actors.models import Notification, OutgoingMail, Role
from rus_platform.local.messages import extracted, in_python, in_template, messages, placeholders, po_file, read
from tests.factories.actors import PASSWORD, make_person, make_region

REMEDY = "Run `manage.py extract_messages`, then fill in the English in rus_platform/locale/en/LC_MESSAGES/django.po."


def forms(message: Message) -> list[tuple[str, str]]:
    """(Swedish, English) for the one form, or for the singular and the plural."""
    if isinstance(message.id, tuple):
        return list(zip(message.id, message.string, strict=True))
    return [(message.id, message.string)]


@pytest.fixture(scope="module")
def english() -> list[Message]:
    return [message for message in read(po_file("en"), "en") if message.id]


def test_the_file_is_what_extraction_gives():
    """Also that no entry is left whose string is gone, and that none has a doubtful ("fuzzy") mark."""
    assert po_file("en").read_text() == extracted("en"), REMEDY


def test_every_string_has_its_english(english):
    missing = [swedish for message in english for swedish, words in forms(message) if not words.strip()]
    assert not missing, REMEDY


def test_both_languages_fill_in_the_same(english):
    pairs = [pair for message in english for pair in forms(message)]
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


def test_the_edges_are_the_same(english):
    """A space at the end of a string is there for what follows."""
    pairs = [pair for message in english for pair in forms(message)]
    assert [
        (a, b) for a, b in pairs if (a[:1].isspace(), a[-1:].isspace()) != (b[:1].isspace(), b[-1:].isspace())
    ] == []


def test_a_plural_has_one_pair_of_forms():
    """The same singular with two plurals would be one entry with the wrong words for one of them."""
    plurals = sorted((context, singular) for context, singular, plural in messages() if plural)
    assert len(plurals) == len(set(plurals))


def test_english_is_what_the_reader_gets():
    with override("en"):
        assert _("Logga in") == "Sign in"


def test_code_is_read():
    source = 'a = _("Ett " "två")\nb = ngettext("%(n)s sak", "%(n)s saker", n)\nc = pgettext("verb", "Svar")\nd = _(variable)'
    assert set(in_python(source)) == {("", "Ett två", ""), ("", "%(n)s sak", "%(n)s saker"), ("verb", "Svar", "")}


def test_templates_are_read():
    source = """{% translate "Ett" %} {% include "x.html" with title=_("Två") %} {{ value|default:_("Tre") }}
    {% blocktranslate trimmed count n=rows|length %}{{ n }} rad med 50 %{% plural %}{{ n }} rader{% endblocktranslate %}"""
    assert set(in_template(source)) == {
        ("", "Ett", ""),
        ("", "Två", ""),
        ("", "Tre", ""),
        ("", "%(n)s rad med 50 %%", "%(n)s rader"),
    }


# --- What is stored or sent is Swedish, whoever does it ---
@pytest.mark.django_db
def test_letters_and_notices_are_swedish_when_the_one_who_acts_reads_english():
    region = make_region()
    boss, colleague = make_person(region, Role.ADMIN), make_person(region, Role.READER, password=PASSWORD)
    with override("en"):
        invite_colleague(actor_id=region.pk, email=colleague.email, name=colleague.name, role=Role.EDITOR, by=boss)
    letter, notice = OutgoingMail.objects.latest("id"), Notification.objects.get(user=colleague)
    assert letter.subject.startswith("Du är inbjuden")
    assert "Handläggare" in letter.text and "Handläggare" in notice.text
