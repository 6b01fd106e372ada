"""Addresses of comments in the draft."""

from django.urls import path

from strategies.views import comments

urlpatterns = [
    path("strategier/<int:strategy_id>/kommentarer/", comments.comment_list, name="comments"),
    path("strategier/<int:strategy_id>/kommentarer/ny/", comments.new_comment, name="new_comment"),
    path("strategier/<int:strategy_id>/kommentarer/marginal/", comments.margin, name="comment_margin"),
    path("strategier/<int:strategy_id>/kommentarer/<int:comment_id>/", comments.thread, name="comment"),
    path("kommentarer/<int:comment_id>/ge-till/", comments.assign, name="assign_comment"),
    path("kommentarer/<int:comment_id>/los/", comments.resolve, name="resolve_comment"),
    path("kommentarer/<int:comment_id>/oppna/", comments.reopen, name="reopen_comment"),
    path("kommentarer/ord/<int:remark_id>/", comments.edit, name="edit_remark"),
    path("kommentarer/ord/<int:remark_id>/ta-bort/", comments.remove, name="remove_remark"),
]
