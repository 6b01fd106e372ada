"""Addresses of the strategies app."""

from django.urls import path

from strategies.urls_comments import urlpatterns as comment_urls
from strategies.urls_space import urlpatterns as space_urls
from strategies.views import (
    approval,
    at_hand,
    checkpoints,
    comparing,
    drafting,
    importing,
    language,
    outline_many,
    overview,
    proposals,
    public,
    publication,
    section_work,
    sections,
    splitting,
    suggestions,
    text_form,
    versions,
)

app_name = "strategies"

urlpatterns = [
    *space_urls,
    *comment_urls,
    *text_form.urlpatterns,
    *publication.urlpatterns,
    *public.urlpatterns,
    *importing.urlpatterns,
    *language.urlpatterns,
    *suggestions.urlpatterns,
    *proposals.urlpatterns,
    *outline_many.urlpatterns,
    *section_work.urlpatterns,
    *checkpoints.urlpatterns,
    *comparing.urlpatterns,
    *splitting.urlpatterns,
    *at_hand.urlpatterns,
    path("strategier/<int:strategy_id>/", overview.strategy, name="strategy"),
    path("strategier/<int:strategy_id>/historik/", overview.history, name="history"),
    # the draft
    path("strategier/<int:strategy_id>/utkast/", drafting.draft, name="draft"),
    path("strategier/<int:strategy_id>/utkast/nytt/", drafting.add_section, name="add_section"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/", sections.draft_section, name="draft_section"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/uppgifter/", sections.goal_facts, name="goal_facts"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/historik/", sections.section_history, name="section_history"),
    path("strategier/<int:strategy_id>/avsnitt/<int:section_id>/rubrik/", drafting.rename, name="rename_section"),
    path("strategier/<int:strategy_id>/avsnitt/<int:section_id>/flytta/", drafting.move, name="move_section"),
    path("strategier/<int:strategy_id>/avsnitt/<int:section_id>/ta-bort/", drafting.remove, name="remove_section"),
    path(
        "strategier/<int:strategy_id>/avsnitt/<int:section_id>/ta-tillbaka/", drafting.restore, name="restore_section"
    ),
    # versions
    path("strategier/<int:strategy_id>/versioner/", versions.versions, name="versions"),
    path("strategier/<int:strategy_id>/frys/", versions.freeze, name="freeze"),
    path("versioner/<int:version_id>/", versions.version, name="version"),
    path("versioner/<int:version_id>/nasta/", versions.fork, name="fork"),
    path("versioner/<int:version_id>/bevis/", versions.proof, name="proof"),
    # the way to a decision
    path("strategier/<int:strategy_id>/till-beslut/", approval.submit, name="submit"),
    path("strategier/<int:strategy_id>/beslut/", approval.decision, name="decision"),
]
