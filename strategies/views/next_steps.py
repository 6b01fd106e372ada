"""What is natural to do next with a strategy, for the one who looks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from actors.models import User
from strategies import rules
from strategies.models import Body, Strategy
from strategies.queries.process import Process, Stage
from strategies.views.loading import rounds_url


@dataclass(frozen=True)
class NextStep:
    """Something to do. ``button``: words of the button when it is the first."""

    title: str
    text: str
    url: str
    icon: str
    button: str


def next_steps(user: User, one: Strategy, process: Process) -> list[NextStep]:
    """What is natural to do now for the one who looks, most pressing first."""
    leads, writes, decides = rules.can_lead(user, one), rules.can_edit(user, one), rules.can_record_decision(user, one)
    rounds, decision = rounds_url(one), reverse("strategies:decision", args=[one.pk])
    steps = []
    consulted, draft, case = process.consulted, process.draft, process.case
    if process.now == Stage.CONSULTATION and consulted and writes:
        if "opened" in process.round:
            steps.append(
                NextStep(
                    _("Följ svarsläget"),
                    _("Samrådet pågår. Se vilka som har svarat och vilka som behöver en påminnelse."),
                    rounds,
                    "users",
                    _("Till samrådet"),
                )
            )
        else:
            steps.append(
                NextStep(
                    _("Förbered samrådet"),
                    _("”%(v)s” är fryst. Skriv missivet, välj remissinstanser och ställ frågorna.")
                    % {"v": consulted.label},
                    rounds,
                    "comments",
                    _("Förbered samrådet"),
                )
            )
    if process.now == Stage.HANDLING and writes:
        steps.append(
            NextStep(
                _("Ta ställning till synpunkterna"),
                _("Samrådet är stängt. Varje synpunkt ska få ett beslut och ett skäl."),
                rounds,
                "check-double",
                _("Till synpunkterna"),
            )
        )
    if process.now == Stage.DECISION and case and case.state in Body.values and decides:
        steps.append(
            NextStep(
                _("För in nästa beslut"), str(case.get_state_display()) + ".", decision, "gavel", _("Till beslutet")
            )
        )
    elif process.now == Stage.DECISION and case and case.state in Body.values:
        steps.append(
            NextStep(_("Följ ärendet"), str(case.get_state_display()) + ".", decision, "gavel", _("Till ärendet"))
        )
    elif process.now == Stage.DECISION and draft and leads:
        steps.append(
            NextStep(
                _("Lämna till beslut"),
                _("Synpunkterna är bemötta. När texten är färdig lämnas den till regionala utvecklingsnämnden."),
                reverse("strategies:submit", args=[one.pk]),
                "gavel",
                _("Lämna till beslut"),
            )
        )
    if draft and writes:
        steps.append(
            NextStep(
                _("Skriv i %(v)s") % {"v": draft.label},
                _("Arbetsmaterial: bara regionens egna ser det."),
                reverse("strategies:draft", args=[one.pk]),
                "pencil",
                _("Öppna utkastet"),
            )
        )
    elif not draft and leads and not (case and case.state in Body.values):
        steps.append(
            NextStep(
                _("Börja nästa utkast"),
                _("Det börjar från en fryst version, så att synpunkterna hittar rätt i den nya texten."),
                reverse("strategies:versions", args=[one.pk]),
                "plus",
                _("Välj version"),
            )
        )
    if draft and leads and process.now == Stage.DRAFT:
        steps.append(
            NextStep(
                _("Frys en samrådsversion"),
                _("När texten är redo för remiss fryses den, och samrådet kan förberedas."),
                reverse("strategies:freeze", args=[one.pk]),
                "lock",
                _("Frys en version"),
            )
        )
    return steps
