"""The messages of code and templates -> django.po, without gettext's own programs.

One msgid is one entry: sorted, without line numbers or dates, so that a diff shows wording and nothing else.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.utils.text import unescape_string_literal
from django.utils.translation.template import templatize

from rus_platform.local.translations import ROOT

CODE = ("actors", "strategies", "consultations", "rus_platform")
TEMPLATES = ("templates", "*/templates")
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
PLAIN = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"}
HEAD = """# English wording of the platform. The msgids are Swedish; `manage.py extract_messages` keeps the list of them.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
LITERAL = r"""[uU]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
IN_TEMPLATE = re.compile(rf"(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.S)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd](?![\w(])")

Key = tuple[str, str, str]  # context, singular, plural; "" for what it has not


def key(function: str, words: list[str]) -> Key | None:
    """The message that a call of ``function`` with these first arguments asks for."""
    if function in PLAIN and words:
        return "", words[0], ""
    if function in CONTEXT and len(words) > 1:
        return words[0], words[1], ""
    if function in PLURAL and len(words) > 1:
        return "", words[0], words[1]
    if function in CONTEXT_PLURAL and len(words) > 2:
        return words[0], words[1], words[2]
    return None


def in_python(source: str) -> Iterator[Key]:
    """Every gettext call whose words are written out."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = []
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                break
            words.append(argument.value)
        if found := key(function, words):
            yield found


def in_template(source: str) -> Iterator[Key]:
    """Every translate tag, blocktranslate tag and _("…") argument."""
    for call in IN_TEMPLATE.finditer(templatize(source)):
        literals = re.findall(LITERAL, call[2], re.S)
        # What the tags give is written as Python would; a _("…") argument stands as Django's own parser reads it.
        words = [unescape_string_literal(w) if call[1] == "_" else ast.literal_eval(w) for w in literals]
        if found := key(call[1], words):
            yield found


def messages(root: Path = ROOT) -> set[Key]:
    """Every message of the platform."""
    found: set[Key] = set()
    for app in CODE:
        for file in (root / app).rglob("*.py"):
            if "migrations" not in file.parts:
                found.update(in_python(file.read_text()))
    for place in TEMPLATES:
        for folder in root.glob(place):
            for file in folder.rglob("*"):
                if file.suffix in {".html", ".txt", ".xml"}:
                    found.update(in_template(file.read_text()))
    plurals = {(context, singular) for context, singular, plural in found if plural}
    return {(c, s, p) for c, s, p in found if s and (p or (c, s) not in plurals)}


def po_file(language: str, root: Path = ROOT) -> Path:
    return root / "rus_platform" / "locale" / language / "LC_MESSAGES" / "django.po"


def read(file: Path, language: str) -> Catalog:
    with file.open("rb") as po:
        return read_po(po, locale=language)


def extracted(language: str, root: Path = ROOT) -> str:
    """What django.po shall hold: the messages of today, with the translations that are there."""
    file = po_file(language, root)
    known = read(file, language) if file.exists() else Catalog(locale=language)
    return rendered(language, root, known)


def rendered(language: str, root: Path, known: Catalog) -> str:
    """The messages under ``root``, sorted, worded as in ``known``."""
    catalogue = Catalog(locale=language)
    for context, singular, plural in sorted(messages(root)):
        before = known.get(singular, context or None)
        words = before.string if before else ""
        if bool(plural) != isinstance(words, tuple):  # it has got, or lost, its plural: to be translated anew
            words = ("", "") if plural else ""
        catalogue.add((singular, plural) if plural else singular, words, context=context or None)
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, sort_output=True)
    return HEAD.format(language=language) + out.getvalue().decode().strip() + "\n"


def placeholders(text: str) -> set[str]:
    """What the code will fill in."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))
