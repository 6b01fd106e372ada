"""The trail in words: each app says how its verbs read, and anyone may ask for the sentence of an event."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

SENTENCES: dict[str, str | Promise] = {}


@contextmanager
def own_language() -> Iterator[None]:
    """Also a decorator: what is kept or sent is in the platform's language, whatever language the one who does it reads."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Called in an app's ``ready()``: verb -> sentence with %(who)s, %(what)s, %(actor)s and whatever the event's data holds."""
    SENTENCES.update(sentences)


def sentence(verb: str, *, who: str, what: str, actor: str = "", data: Mapping[str, Any] | None = None) -> str:
    """What happened, as a sentence. A verb that nobody has worded is still told, by its name."""
    pattern = SENTENCES.get(verb)
    if pattern is None:
        return _("%(who)s gjorde ”%(verb)s”: %(what)s") % {"who": who, "verb": verb.replace("_", " "), "what": what}
    words: defaultdict[str, Any] = defaultdict(lambda: "–", data or {})
    words.update(who=who, what=what, actor=actor)
    return str(pattern) % words
