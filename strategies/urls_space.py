"""Addresses of a region's space: the list, the wizard and the register."""

from django.urls import path

from strategies.views import facts, register, space

urlpatterns = [
    path("strategier/", space.strategy_list, name="list"),
    path("strategier/ny/", space.wizard, {"step": "counties"}, name="new_counties"),
    path("strategier/ny/namn/", space.wizard, {"step": "name"}, name="new_name"),
    path("strategier/ny/disposition/", space.wizard, {"step": "chapters"}, name="new_chapters"),
    path("strategier/ny/granska/", space.wizard, {"step": "review"}, name="new_review"),
    path("strategier/<int:strategy_id>/uppgifter/", facts.facts, name="facts"),
    path("strategier/<int:strategy_id>/aktorer/", register.register, name="register"),
    path("strategier/<int:strategy_id>/aktorer/ny/", register.add, name="register_add"),
    path("strategier/<int:strategy_id>/aktorer/ny/<int:actor_id>/", register.add_known, name="register_add_known"),
    path("strategier/<int:strategy_id>/aktorer/grannar/", register.neighbours, name="register_neighbours"),
    path("strategier/<int:strategy_id>/aktorer/<int:entry_id>/", register.change, name="register_change"),
    path("strategier/<int:strategy_id>/aktorer/<int:entry_id>/ta-bort/", register.remove, name="register_remove"),
]
