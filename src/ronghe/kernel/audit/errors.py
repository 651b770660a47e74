"""Why a command on the record was refused."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class EventNotFound(NotFound):
    code = "audit.event_not_found"
    message = "没有找到编号 {event_id} 的审计记录：可能编号有误，或者不在您的管辖范围内。"


class BadSealFile(Invalid):
    code = "audit.bad_seal_file"
    message = "封存文件 {file} 无法读取：它应当是 ronghe audit export-seal 写出的 JSON 文件。请找出原文件再核验。"


class NothingSealed(Conflict):
    code = "audit.nothing_sealed"
    message = "还没有封存任何记录，没有可导出的封存。请先运行 ronghe audit seal。"
