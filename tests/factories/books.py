"""Books without a database: what is printed, in any size, with a bit of everything that is hard to print."""

import hashlib
import io
import random
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PIL import Image as Pillow

from strategies.publishing.tree import Book, Part, Resolution, Tie

Node = dict[str, Any]
STOCKHOLM = ZoneInfo("Europe/Stockholm")
WORDS = (
    "regionen ska tillsammans med kommunerna utveckla kollektivtrafiken i hela länet så att fler kan bo och verka här "
    "utifrån invånarnas behov och med ett tydligt barnrättsperspektiv främjas kompetensförsörjningen den biologiska "
    "mångfalden och en robust elförsörjning eftersom förutsättningarna skiljer sig åt mellan stad och landsbygd"
).split()
GLOBAL_GOALS = {3: "God hälsa och välbefinnande", 7: "Hållbar energi för alla", 11: "Hållbara städer och samhällen"}


def uuid(number: int) -> str:
    return str(UUID(int=number))


def text(words: str, *marks: str) -> Node:
    return {"type": "text", "text": words, **({"marks": [{"type": mark} for mark in marks]} if marks else {})}


def paragraph(*inline: Node | str) -> Node:
    return {
        "type": "paragraph",
        "attrs": {},
        "content": [text(part) if isinstance(part, str) else part for part in inline],
    }


def heading(words: str, level: int = 2) -> Node:
    return {"type": "heading", "attrs": {"level": level}, "content": [text(words)]}


def footnote(words: str) -> Node:
    return {"type": "footnote", "content": [text(words)]}


def ref(section: str) -> Node:
    return {"type": "ref", "attrs": {"section": section}}


def items(*rows: Node | str | Sequence[Node], ordered: bool = False) -> Node:
    content = [
        {
            "type": "list_item",
            "content": [paragraph(row)]
            if isinstance(row, str)
            else list(row)
            if isinstance(row, list | tuple)
            else [row],
        }
        for row in rows
    ]
    return {"type": "ordered_list" if ordered else "bullet_list", "content": content}


def cell(*inline: Node | str, head: bool = False, **attrs: int) -> Node:
    return {"type": "table_header" if head else "table_cell", "attrs": attrs, "content": [paragraph(*inline)]}


def table(*rows: Sequence[Node | str], head: bool = True) -> Node:
    made = [
        {
            "type": "table_row",
            "content": [part if isinstance(part, dict) else cell(part, head=head and not number) for part in row],
        }
        for number, row in enumerate(rows)
    ]
    return {"type": "table", "attrs": {}, "content": made}


def figure(image: str, alt: str = "", caption: str = "") -> Node:
    return {"type": "figure", "attrs": {"image": image, "alt": alt, "caption": caption, "decorative": not alt}}


def doc(*blocks: Node) -> Node:
    return {"type": "doc", "content": list(blocks)}


def photo(colour: str = "#3479a9") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Pillow.new("RGB", (400, 200), colour).save(out, "JPEG")
    return out.getvalue()


def chart(rng: random.Random) -> bytes:
    """A bar chart as SVG."""
    bars = "".join(
        f'<rect x="{60 + n * 60}" y="{360 - height}" width="36" height="{height}" fill="#2e7f67"/><text x="{78 + n * 60}" y="384" font-size="16" text-anchor="middle">{2015 + n}</text>'
        for n, height in enumerate(rng.randint(40, 320) for _ in range(10))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 400" width="700" height="400"><path d="M50 20V360H680" fill="none" stroke="#48544f"/>{bars}</svg>'.encode()


def book(parts: list[Part], *, adopted: bool = True, pictures: dict[str, bytes] | None = None, **more: Any) -> Book:
    """Front matter around ``parts``; ``pictures``: uuid -> bytes."""
    pictures = pictures or {}
    status = (
        ("adopted", "Antagen", "Sagans strategi 2026")
        if adopted
        else ("consultation", "Samrådsversion", "Samrådsversion 1")
    )
    facts: dict[str, Any] = {
        "title": "Regional utvecklingsstrategi för Sagans län", "region": "Region Saga", "counties": ["Sagans län"],
        "status": status[0], "status_label": status[1], "version_label": status[2], "number": 3, "sha256": hashlib.sha256(b"sagan").hexdigest(),
        "made_at": datetime(2026, 8, 20, 10, tzinfo=STOCKHOLM), "case_number": "RUN 2026/17", "contact": "strategi@sago.example",
        "pictures": dict.fromkeys(pictures, (700, 400)), "read_picture": pictures.get,
    }  # fmt: skip
    if adopted:
        facts["adopted_on"] = date(2026, 10, 14)
        facts["resolutions"] = [
            Resolution("Regionstyrelsen", "tillstyrkte förslaget", date(2026, 9, 24), "§ 143"),
            Resolution(
                "Regionfullmäktige", "antog strategin", date(2026, 10, 14), "§ 97", ("Reservation: Anna Ek (S)",)
            ),
        ]
    return Book(parts=parts, **facts | more)


# --- large


def sentences(rng: random.Random, count: int) -> str:
    made = (" ".join(rng.choices(WORDS, k=rng.randint(9, 22))) for _ in range(count))
    return " ".join(f"{words[0].upper()}{words[1:]}." for words in made)


def large_book(pages: int = 100, seed: int = 7) -> Book:
    """About ``pages`` pages: for 100, 40 goals, 31 tables, 30 SVG charts and 80 footnotes."""
    rng, share = random.Random(seed), pages / 100
    goals, tables, charts, notes = (round(number * share) for number in (40, 31, 30, 80))
    pictures = {uuid(9000 + n): chart(rng) for n in range(charts)}
    parts = [Part(uuid(1), "chapter", "1", "Inledning", 1, doc(*[paragraph(sentences(rng, 6)) for _ in range(5)]))]
    chapter = Part(uuid(2), "chapter", "2", "Mål", 1, doc(paragraph(sentences(rng, 4))))
    for n in range(goals):
        blocks = [paragraph(sentences(rng, 3))]
        for k in range(3):
            blocks += [heading(sentences(rng, 1)[:48]), paragraph(sentences(rng, 4)), paragraph(sentences(rng, 3))]
            for _ in range(notes // (goals * 2) + (k < notes % (goals * 2) // max(1, goals)) if k < 2 else 0):
                blocks[-1]["content"].append(footnote(sentences(rng, 1)))
        blocks.append(items(*[sentences(rng, 1) for _ in range(4)]))
        if n < charts:
            blocks.append(
                figure(uuid(9000 + n), f"Stapeldiagram {n + 1} över tio år", f"Figur {n + 1}. Tio år i staplar.")
            )
        if n < tables:
            rows = [
                [str(2015 + row), sentences(rng, 1)[:60], f"{rng.randint(1, 99)} %", f"{rng.randint(1, 99)} %"]
                for row in range(13)
            ]
            blocks.append(table(["År", "Vad", "Kvinnor", "Män"], *rows))
        chapter.parts.append(
            Part(
                uuid(100 + n),
                "goal",
                f"Mål {n + 1}",
                sentences(rng, 1)[:60].rstrip(". "),
                2,
                doc(*blocks),
                2030 + n % 3 * 5,
                ["Region Saga", "länets alla 33 kommuner"],
                [Tie("sdg", number, name) for number, name in GLOBAL_GOALS.items()],
                hue=n % 8 + 1,
            )  # fmt: skip
        )
    return book([*parts, chapter], pictures=pictures)
