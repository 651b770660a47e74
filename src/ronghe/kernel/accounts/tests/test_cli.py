"""``ronghe token`` and ``ronghe user``."""

import json

import pytest
from typer.testing import CliRunner

from ronghe.kernel.accounts import cli, errors, services, user_cli
from ronghe.kernel.accounts.models import ApiToken, User
from ronghe.kernel.accounts.roles import Role

from .factories import CITY, COUNTY, actor, post, unit, user

pytestmark = pytest.mark.usefixtures("places")


def run(app, *words):
    return CliRunner().invoke(app, [str(w) for w in words], catch_exceptions=False)


def test_a_token_is_created_listed_and_revoked():
    held = post(Role.DEPARTMENT, of=user("zhaoliu"))
    text = run(cli.app, "create", "zhaoliu", "--days", 9).stdout.strip()
    token = ApiToken.objects.get()
    assert services.actor_of_token(header=f"Bearer {text}", at=token.created_at) == actor(held)
    assert f"rh_{token.prefix}…" in run(cli.app, "list", "zhaoliu").stdout
    assert "已撤销" in run(cli.app, "revoke", token.pk).stderr
    assert "已撤销" in run(cli.app, "list", "zhaoliu").stdout


def test_a_user_with_several_capacities_must_be_told_which():
    of = post(Role.DEPARTMENT, of=user("zhaoliu")).user
    second = post(Role.LEADER, of=of, division=CITY)
    with pytest.raises(errors.SeveralCapacities, match=f"post-{second.pk}"):
        run(cli.app, "create", "zhaoliu")
    made = json.loads(run(cli.app, "create", "zhaoliu", "--capacity", f"post-{second.pk}", "--json").stdout)
    assert ApiToken.objects.get(pk=made["id"]).membership == second
    with pytest.raises(errors.UserNotFound):
        run(cli.app, "create", "nobody")


def test_the_first_administrator_is_made_at_the_server():
    given = ("--name", "安全员", "--division", COUNTY, "--unit", unit().name)
    secret = run(user_cli.app, "create", "anquan", "--role", "security_admin", *given).stdout.strip()
    of = User.objects.get(username="anquan")
    assert of.check_password(secret)
    assert of.must_change_password
    assert of.memberships.get().role == Role.SECURITY_ADMIN
    assert of.memberships.get().granted_by is None
    again = run(user_cli.app, "reset", "anquan").stdout.strip()
    of.refresh_from_db()
    assert of.check_password(again) and not of.check_password(secret)  # noqa: PT018


def test_a_user_is_not_made_by_halves():
    given = ("--name", "安全员", "--division", COUNTY)
    with pytest.raises(errors.OrgUnitNotFound):
        run(user_cli.app, "create", "anquan", "--role", "auditor", "--unit", "没有的局", *given)
    with pytest.raises(errors.UnknownRole):
        run(user_cli.app, "create", "anquan", "--role", "mayor", "--unit", unit().name, *given)
    assert not User.objects.exists()
