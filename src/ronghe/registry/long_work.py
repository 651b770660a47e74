"""Long work of the register."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs import Work, job

from .services import evidence_archives, exchanging, legacy, reconciling, survey_check, survey_entry


@job("registry.survey_check", title="核对调查成果")
def check_survey(work: Work, *, batch_id: int) -> dict[str, Any]:
    """Check the last file of a survey batch whole."""
    return survey_check.check_survey(work, batch_id=batch_id, at=clock.now())


@job("registry.survey_enter", title="批量首次登记登簿")
def enter_survey(work: Work, *, batch_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Write a survey batch into the register whole."""
    return survey_entry.write_survey(work, batch_id=batch_id, actor=Actor.from_args(by), at=clock.now())


@job("registry.evidence_archive", title="核对佐证压缩包")
def evidence_archive(work: Work, *, archive_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Check an archive of evidence whole, and take it when nothing is wrong in it."""
    return evidence_archives.check_archive(work, archive_id=archive_id, actor=Actor.from_args(by), at=clock.now())


@job("registry.find_legacy", title="查找宅基地历史遗留")
def find_legacy(work: Work, *, division: str, by: dict[str, Any]) -> dict[str, Any]:
    """Search the register for households with more than one homestead and plots above the standard."""
    return legacy.list_found(work, division=division, actor=Actor.from_args(by), at=clock.now())


@job("registry.export", title="导出登记簿")
def export(work: Work, *, exchange_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Write a file of the register."""
    return exchanging.run_export(work, exchange_id=exchange_id, actor=Actor.from_args(by), at=clock.now())


@job("registry.check", title="核对汇交文件")
def check(work: Work, *, exchange_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Check a file that was given whole."""
    return exchanging.run_check(work, exchange_id=exchange_id, actor=Actor.from_args(by), at=clock.now())


@job("registry.apply", title="导入登记簿")
def apply(work: Work, *, exchange_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Enter sound tables, or a sound package, whole."""
    return exchanging.run_apply(work, exchange_id=exchange_id, actor=Actor.from_args(by), at=clock.now())


@job("registry.reconcile", title="与对方对账")
def reconcile(work: Work, *, reconciliation_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Compare the register with the other side's file."""
    return reconciling.run(work, reconciliation_id=reconciliation_id, actor=Actor.from_args(by), at=clock.now())
