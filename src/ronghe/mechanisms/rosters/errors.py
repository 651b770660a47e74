"""Refusals of lists."""

from ronghe.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class RosterUnknown(NotFound):
    """No room declares it, or the actor may not see it."""

    code = "rosters.roster_unknown"
    message = "没有“{key}”这个台账，或者您当前的岗位不能查看。"


class RecordNotFound(NotFound):
    """No such record, or none that the actor may see."""

    code = "rosters.record_not_found"
    message = "“{roster}”里没有第 {record_id} 号记录，或者不在您的权限范围内。"


class RecordInvalid(Invalid):
    """Values that do not fit their fields; each fault is named."""

    code = "rosters.record_invalid"
    message = "没有保存：{listing}。请改正后重新提交。"


class RecordExists(Conflict):
    """Another record has the same key."""

    code = "rosters.record_exists"
    message = "“{roster}”里已经有一条{key}相同的记录，没有保存。请在原记录上修改。"


class RecordMoved(Conflict):
    """Somebody else has changed it meanwhile."""

    code = "rosters.record_moved"
    message = "这条记录刚由{who}改过（第 {version} 版）。您的改动没有保存，请刷新后再改。"


class RecordEnded(Conflict):
    """It has ended: nothing more changes."""

    code = "rosters.record_ended"
    message = "这条记录已于 {day} 终止，不能再改。"


class ReasonMissing(Invalid):
    """Ending and sending back need a reason."""

    code = "rosters.reason_missing"
    message = "“{act}”要写明理由。请填写后再提交。"


class TransitionRefused(Conflict):
    """The state allows no such step."""

    code = "rosters.transition_refused"
    message = "这条记录现在是“{state}”，不能“{act}”。请刷新页面查看最新状态。"


class FieldsMissing(Invalid):
    """A step needs facts that the record lacks."""

    code = "rosters.fields_missing"
    message = "“{act}”之前要先填写{fields}。请修改记录，填好后再办理。"


class OwnRecord(Forbidden):
    """Whoever wrote it does not judge it."""

    code = "rosters.own_record"
    message = "这条记录是您写的，按职责分离要求，“{act}”须由另一人办理。"


class ImportNotFound(NotFound):
    """No such import, or none that the actor may see."""

    code = "rosters.import_not_found"
    message = "没有找到第 {import_id} 号导入，或者不在您的权限范围内。"


class ImportNotReady(Conflict):
    """Its state allows no applying."""

    code = "rosters.import_not_ready"
    message = "第 {import_id} 号导入{state}，不能导入。请先改正错误，重新上传整份文件。"


class ImportOvertaken(Conflict):
    """Records were changed after the file was checked."""

    code = "rosters.import_overtaken"
    message = "核对之后有 {count} 条记录被别人改过（首先是第 {line} 行），整份文件都没有导入。请重新上传，再核对一次。"


class TableWrong(Invalid):
    """The file as a whole cannot be taken; nothing of it was read."""

    code = "rosters.table_wrong"
    message = "文件“{file}”不能导入：{why}。"


class PurposeMissing(Invalid):
    """A secret is shown for a stated purpose alone."""

    code = "rosters.purpose_missing"
    message = "查看完整内容要写明用途（至少 4 个字），用途会记入审计。"
