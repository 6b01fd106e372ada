"""The lists that goals are tied to: SDGs, national areas (förordning 2024:99 8 §), EU policy objectives 2021-2027."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"

SDG_ENGLISH = [
    "No poverty", "Zero hunger", "Good health and well-being", "Quality education", "Gender equality",
    "Clean water and sanitation", "Affordable and clean energy", "Decent work and economic growth",
    "Industry, innovation and infrastructure", "Reduced inequalities", "Sustainable cities and communities",
    "Responsible consumption and production", "Climate action", "Life below water", "Life on land",
    "Peace, justice and strong institutions", "Partnerships for the goals",
]  # fmt: skip
NATIONAL_AREAS = [
    ("Likvärdiga möjligheter till boende, arbete och välfärd", "Equal opportunities for housing, work and welfare"),
    ("Kompetensförsörjning och kompetensutveckling", "Skills supply and skills development"),
    ("Innovation och förnyelse samt entreprenörskap och företagande", "Innovation, renewal and entrepreneurship"),
    (
        "Tillgänglighet genom digital kommunikation och transportsystem",
        "Accessibility by digital communication and transport",
    ),
]
EU_OBJECTIVES = [
    ("Ett smartare Europa", "A smarter Europe"),
    ("Ett grönare Europa", "A greener Europe"),
    ("Ett mer sammanlänkat Europa", "A more connected Europe"),
    ("Ett mer socialt Europa", "A more social Europe"),
    ("Ett Europa närmare medborgarna", "A Europe closer to citizens"),
]


def load(apps, schema_editor):
    PolicyItem = apps.get_model("strategies", "PolicyItem")
    with (DATA / "sdg_goals.csv").open(encoding="utf-8", newline="") as file:
        goals = list(csv.DictReader(file))
    items = [
        PolicyItem(framework="sdg", code=f"SDG{row['number']}", number=int(row["number"]), name_sv=row["name_sv"],
                   name_en=SDG_ENGLISH[int(row["number"]) - 1], color=row["color"])
        for row in goals
    ]  # fmt: skip
    items += [
        PolicyItem(framework="national_area", code=f"N{n}", number=n, name_sv=sv, name_en=en)
        for n, (sv, en) in enumerate(NATIONAL_AREAS, 1)
    ]
    items += [
        PolicyItem(framework="eu_objective", code=f"PO{n}", number=n, name_sv=sv, name_en=en,
                   valid_from=date(2021, 1, 1), valid_until=date(2027, 12, 31))
        for n, (sv, en) in enumerate(EU_OBJECTIVES, 1)
    ]  # fmt: skip
    PolicyItem.objects.bulk_create(items)


def unload(apps, schema_editor):
    apps.get_model("strategies", "PolicyItem").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
