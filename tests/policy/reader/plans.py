"""Small plans in our own words for the tests of the reader."""

from __future__ import annotations

from ronghe.policy.reader import Reading, Task, read_plan

HEAD = "青禾市人民政府\n2021年3月1日\n"


def one_task(annotation: str, text: str = "完善办法，推进试点。") -> Task:
    """The only task of a plan with one annotated clause."""
    reading = read_plan(f"{HEAD}一、主要任务\n（一）建立制度。{text}{annotation}\n（二）加强保障。定期调度。\n")
    assert len(reading.tasks) == 1, [t.to_json() for t in reading.tasks]
    return reading.tasks[0]


def no_task(annotation: str) -> Reading:
    """The reading of a plan whose only bracket is given; it must make no task."""
    reading = read_plan(f"{HEAD}一、主要任务\n（一）建立制度。完善办法{annotation}。\n")
    assert reading.tasks == ()
    return reading


def who(task: Task) -> tuple[list[str], list[str], list[str]]:
    """Lead, cooperating and responsible bodies of a task."""
    return list(task.lead), list(task.cooperating), list(task.responsible)
