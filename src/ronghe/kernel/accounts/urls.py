"""Addresses below /accounts/."""

from django.urls import path

from .views import mine, posts, sign_in, users

app_name = "accounts"

urlpatterns = [
    path("login", sign_in.login_view, name="login"),
    path("logout", sign_in.logout_view, name="logout"),
    path("password", mine.password, name="password"),
    path("me", mine.me, name="me"),
    path("me/views", mine.save_view, name="save_view"),
    path("me/views/<int:view_id>/rename", mine.rename_view, name="rename_view"),
    path("me/views/<int:view_id>/remove", mine.remove_view, name="remove_view"),
    path("switch", mine.switch, name="switch"),
    path("tokens", mine.create_token, name="create_token"),
    path("tokens/<int:token_id>/revoke", mine.revoke_token, name="revoke_token"),
    path("sign-ins/<int:sign_in_id>/end", mine.end_sign_in, name="end_sign_in"),
    path("users", users.users, name="users"),
    path("users/new", users.new_user, name="new_user"),
    path("users/<int:user_id>", users.user, name="user"),
    path("users/<int:user_id>/active", users.set_active, name="set_active"),
    path("users/<int:user_id>/password", users.reset_password, name="reset_password"),
    path("memberships", posts.memberships, name="memberships"),
    path("memberships/new", posts.new_membership, name="new_membership"),
    path("memberships/<int:membership_id>/end", posts.end_membership, name="end_membership"),
    path("mandates", posts.mandates, name="mandates"),
    path("mandates/new", posts.new_mandate, name="new_mandate"),
    path("mandates/<int:mandate_id>/end", posts.end_mandate, name="end_mandate"),
]
