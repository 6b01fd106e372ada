"""The 21 counties and 290 municipalities (SCB codes), from actors/data/."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load(apps, schema_editor):
    County = apps.get_model("actors", "County")
    Municipality = apps.get_model("actors", "Municipality")
    County.objects.bulk_create(
        County(
            code=row["code"],
            letter=row["letter"],
            name=row["name"],
            region_name=row["region_name"],
            seat=row["seat"],
            kolada_id=row["kolada_id"],
        )
        for row in rows("counties.csv")
    )
    Municipality.objects.bulk_create(
        Municipality(
            code=row["code"], name=row["name"], official_name=row["official_name"], county_id=row["county_code"]
        )
        for row in rows("municipalities.csv")
    )


def unload(apps, schema_editor):
    apps.get_model("actors", "Municipality").objects.filter(fictional=False).delete()
    apps.get_model("actors", "County").objects.filter(fictional=False).delete()


class Migration(migrations.Migration):
    dependencies = [("actors", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
