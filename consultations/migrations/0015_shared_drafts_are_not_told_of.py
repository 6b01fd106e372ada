"""Outcomes of rounds in which a draft was shared for comments: the public history of the strategy leaves them out."""

from django.db import migrations


def hide(apps, _editor):
    rounds = apps.get_model("consultations", "ConsultationRound").objects.filter(kind="sharing")
    keys = [f"round:{pk}" for pk in rounds.values_list("pk", flat=True)]
    apps.get_model("strategies", "ConsultationOutcome").objects.filter(round_key__in=keys).update(public=False)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0014_meeting_answers"), ("strategies", "0015_outcome_public")]

    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
