"""A procedure with everything that a procedure may have, and cases in it."""

from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as people
from ronghe.kernel.actors import Actor
from ronghe.mechanisms.casework import services
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    Action,
    MaterialKind,
    Outcome,
    Period,
    Procedure,
    PublicNotice,
    Step,
)
from ronghe.mechanisms.casework.models import Case, Decision
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding
from tests.people import Person, person

NOON = people.NOON  # a Sunday
CITE = Clause("civil-code-2020", "第二百零一条")
PDF = b"%PDF-1.7\n%"


def small_enough(case: Case, day: date) -> Ruling[Any]:
    area = case.facts.get("area_m2")
    if area is None:
        return gate([Finding((CITE,), "缺少面积", None, ("area_m2",))])
    return gate([Finding((CITE,), f"面积 {area} m²，上限 200 m²", area <= 200)])


ended: list[tuple[str, str]] = []


def on_done(*, case: Case, actor: Actor, at: datetime) -> None:
    ended.append((case.number, case.state))


PROCEDURE = Procedure(
    key="tests.homestead",
    title="宅基地登记（试验）",
    summary="试验用的程序。",
    prefix="试登",
    opens=frozenset({Role.TOWN_WINDOW, Role.SELF}),
    steps=(
        Step(
            "apply",
            "受理",
            "核对材料",
            frozenset({Role.TOWN_WINDOW}),
            (
                Action("accept", "受理申请", "review"),
                Action("give_back", "退回补正", "mend", Outcome.RETURN),
                Action("refuse", "不予受理", REFUSED, Outcome.REFUSE),
            ),
            period=Period(5, cite=CITE),
            materials=(
                MaterialKind("source", "权属来源证明"),
                MaterialKind("photo", "现场照片", required=False),
            ),
        ),
        Step(
            "mend",
            "补正",
            "按退回理由补正",
            frozenset({Role.TOWN_WINDOW, Role.SELF}),
            (Action("hand_in", "提交补正", "apply"),),
            materials=(MaterialKind("source", "权属来源证明"),),
        ),
        Step(
            "review",
            "审核",
            "审核权属和面积",
            frozenset({Role.DEPARTMENT, Role.ZONE_OFFICE}),
            (
                Action("approve", "审核通过", "notice", gate=small_enough),
                Action("return", "退回受理", "apply", Outcome.RETURN),
                Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
            ),
            period=Period(10),
            apart_from=("apply",),
        ),
        Step(
            "notice",
            "公示",
            "公示期满无异议的，登簿",
            frozenset({Role.DEPARTMENT}),
            (
                Action("enter", "登簿", DONE, by_hand=False),
                Action("return", "退回审核", "review", Outcome.RETURN),
            ),
            notice=PublicNotice(Period(15), lambda case: f"{case.title}，如有异议请提出。", then="enter"),
        ),
    ),
    on_end={DONE: on_done},
)


class World:
    """A town with a window, its county with two reviewers, and the county beside it."""

    def __init__(self) -> None:
        people.places()
        self.window: Person = person(Role.TOWN_WINDOW, people.TOWN)
        self.window2: Person = person(Role.TOWN_WINDOW, people.TOWN)
        self.bureau: Person = person(Role.DEPARTMENT, people.COUNTY)
        self.bureau2: Person = person(Role.DEPARTMENT, people.COUNTY)
        self.elsewhere: Person = person(Role.DEPARTMENT, people.OTHER)


def case(
    world: World, *, area: int | None = 180, at: datetime = NOON, title: str = "张家宅基地登记", **given: Any
) -> Case:
    facts = {} if area is None else {"area_m2": area}
    return services.open_case(
        PROCEDURE.key, title=title, division=people.TOWN, facts=facts, actor=world.window.actor, at=at, **given
    )


def act(of: Case, action: str, by: Person, *, at: datetime = NOON, **given: Any) -> Decision:
    seen = given.pop("seen", None)
    return services.act(case_id=of.pk, action=action, seen=seen, actor=by.actor, at=at, **given)


def attached(
    of: Case, by: Person, key: str = "source", *, content: bytes = PDF, name: str = "证明.pdf", at: datetime = NOON
) -> Any:
    return services.attach(case_id=of.pk, key=key, content=content, name=name, actor=by.actor, at=at)


def at_notice(world: World, *, at: datetime = NOON) -> Case:
    """A case that is told to the public."""
    made = case(world, at=at)
    attached(made, world.window, at=at)
    act(made, "accept", world.window, at=at)
    act(made, "approve", world.bureau, at=at)
    made.refresh_from_db()
    return made
