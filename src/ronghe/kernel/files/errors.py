"""Refusals of files: what the file is, what was expected, what to do."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound, OutsideFailure


class FileEmpty(Invalid):
    """Nothing in it."""

    code = "files.empty"
    message = "文件“{name}”是空的。请检查后重新选择文件。"


class FileTooLarge(Invalid):
    """More bytes than this place takes."""

    code = "files.too_large"
    message = "文件“{name}”有 {size_mb} MB，超过 {limit_mb} MB 的上限。请压缩或拆分后再上传。"


class FileKindRefused(Invalid):
    """A kind that is not wanted here."""

    code = "files.kind_refused"
    message = "文件“{name}”是{found}，这里只收：{wanted}。请换成其中一种格式后再上传。"


class FileLies(Invalid):
    """Name and content say different things."""

    code = "files.lies"
    message = "文件“{name}”的扩展名说是{said}，内容却是{found}。请用原来的程序另存为正确的格式，不要只改文件名。"


class FileLocked(Invalid):
    """Protected by a password."""

    code = "files.locked"
    message = "文件“{name}”设了密码，无法读取。请去掉密码后再上传。"


class FileBomb(Invalid):
    """An archive that unpacks to more than anybody needs."""

    code = "files.unpacks_too_large"
    message = "文件“{name}”解开后过大（超过 {limit_mb} MB 或部件过多），没有接收。请拆分后再上传。"


class FileDamaged(Invalid):
    """An archive that does not open."""

    code = "files.damaged"
    message = "文件“{name}”已损坏，打不开。请重新导出或下载后再上传。"


class FileInfected(Invalid):
    """The scanner found something."""

    code = "files.infected"
    message = "文件“{name}”被病毒扫描拦下（{finding}），没有接收。请先在本机查杀。"


class ScannerDown(OutsideFailure):
    """A scanner is configured and does not answer: nothing is taken unscanned."""

    code = "files.scanner_down"
    message = "病毒扫描服务没有应答，文件“{name}”暂未接收。请稍后再传；一直如此请联系系统管理员。"


class FileNotFound(NotFound):
    """No such file."""

    code = "files.not_found"
    message = "没有找到文件 {digest}。"


class FileErased(Conflict):
    """Its key was destroyed."""

    code = "files.erased"
    message = "文件 {digest} 的密钥已按规定销毁，内容不能再读取。"


class FileUnreadable(OutsideFailure):
    """The row is there, but what is stored is missing or was changed."""

    code = "files.unreadable"
    message = "文件 {digest} 在存储中缺失或已损坏，请联系系统管理员从备份恢复。"
