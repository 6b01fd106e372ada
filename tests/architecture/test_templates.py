"""What the strict content security policy, and the reader, need of templates."""

import re

from tests.architecture.sources import name, templates

LONGEST_TEMPLATE = 160
MAIL = "templates/email/"  # mail readers know no style sheets
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)
INLINE_STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.I)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")|javascript:", re.I)
HANDLER = re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.I)
UNESCAPED = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off")


def findings(pattern: re.Pattern[str], *, mail: bool = True) -> list[str]:
    """file:line of every match outside comments."""
    found = []
    for file in templates():
        if not mail and name(file).startswith(MAIL):
            continue
        text = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), file.read_text())
        found += [f"{name(file)}:{text.count(chr(10), 0, match.start()) + 1}" for match in pattern.finditer(text)]
    return found


def test_no_inline_style():
    assert findings(INLINE_STYLE, mail=False) == []


def test_no_inline_script():
    assert findings(INLINE_SCRIPT) == []


def test_no_handlers_in_attributes():
    assert findings(HANDLER) == []


def test_nothing_is_left_unescaped():
    assert findings(UNESCAPED) == []


def test_templates_are_small():
    lengths = {name(file): len(file.read_text().splitlines()) for file in templates()}
    assert {file: length for file, length in lengths.items() if length > LONGEST_TEMPLATE} == {}
