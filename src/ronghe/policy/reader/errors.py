"""Why a document could not be read: one class per public code; each says what, why, and what to do next."""

from ronghe.kernel.errors import Invalid


class UnreadableDocument(Invalid):
    """The file gives no text that a plan could be read from. Always one of the subclasses below."""

    code = "policy.file_unreadable"
    message = "文件无法读取。请换一份文件再试。"


class FileMissing(UnreadableDocument):
    """Nothing stands under that path."""

    code = "policy.file_missing"
    message = "找不到文件“{name}”。请核对路径和文件名后再试。"


class FileNotRegular(UnreadableDocument):
    """A directory, device, pipe or socket: reading it might never end."""

    code = "policy.file_not_regular"
    message = "“{name}”是{what}，不是普通文件，所以没有读取。请指定一个具体的文件（txt、docx、pdf 或 html）。"


class FileForbidden(UnreadableDocument):
    """The operating system refuses access."""

    code = "policy.file_forbidden"
    message = "没有读取“{name}”的权限。请让文件的所有者开放读取权限，或者把文件复制到自己的目录再试。"


class FileUnavailable(UnreadableDocument):
    """The operating system broke off the reading (disk, network share, name too long)."""

    code = "policy.file_unavailable"
    message = "读取“{name}”时系统报错（{reason}），所以没有读完。请把文件复制到本机磁盘后再试。"


class FileEmpty(UnreadableDocument):
    """No bytes, or nothing but blanks."""

    code = "policy.file_empty"
    message = "文件是空的，里面没有任何文字。请确认文件已完整保存或下载，再重新提交。"


class FileWithoutText(UnreadableDocument):
    """A sound docx, html or pdf that holds pictures or nothing, but no characters."""

    code = "policy.file_without_text"
    message = "这份{what}里没有可以读取的文字（图片 {images} 幅）。如果内容是扫描图片，请先用文字识别（OCR）软件转成文字，再提交。"


class FileNotText(UnreadableDocument):
    """The bytes are in none of the encodings of Chinese text."""

    code = "policy.file_not_text"
    message = (
        "文件内容不是可以辨认的文字：按 UTF-8、UTF-16、GB18030、Big5 解码都不通。"
        "请用原来的软件打开，另存为 docx 或 UTF-8 编码的 txt 后再提交。"
    )


class FileScannedPdf(UnreadableDocument):
    """Every page of the PDF is a picture."""

    code = "policy.file_scanned_pdf"
    message = "这份 PDF 共 {pages} 页，全部是扫描图片，没有文字层。请先用文字识别（OCR）软件转成带文字的 PDF 或 docx，再提交。"


class FileGarbledPdf(UnreadableDocument):
    """The PDF has a text layer, but its fonts do not say which characters the glyphs stand for."""

    code = "policy.file_garbled_pdf"
    message = (
        "这份 PDF 的文字层无法辨认：{total} 个字符中有 {bad} 个没有对应的汉字编码（字体没有附对照表）。"
        "请提交原来的 docx，或者用文字识别（OCR）软件重新转换。"
    )


class FileEncrypted(UnreadableDocument):
    """A password is needed to open the file."""

    code = "policy.file_encrypted"
    message = "这份{what}设有打开密码，无法读取。请在原来的软件中取消密码保护，另存一份后再提交。"


class FileTooLarge(UnreadableDocument):
    """More bytes than any plan needs."""

    code = "policy.file_too_large"
    message = "文件超过 {limit_mb} MB 的上限，没有读取。请删去图片和附件，或者只提交方案正文。"


class FileTooLong(UnreadableDocument):
    """More characters than any plan has."""

    code = "policy.file_too_long"
    message = (
        "文件的文字超过 {limit_chars} 字的上限（最长的方案也不过几万字），不像是一份实施方案，没有解读。"
        "请只提交方案正文；文件里有多份方案的，请拆开后分别提交。"
    )


class FileTooManyLines(UnreadableDocument):
    """More lines than any plan has: a list or a table of data."""

    code = "policy.file_too_many_lines"
    message = (
        "文件有 {lines} 行，超过 {limit_lines} 行的上限，不像是一份实施方案，没有解读。"
        "请只提交方案正文，删去名册一类的数据表和空行。"
    )


class FileTooRepetitive(UnreadableDocument):
    """One annotation or merged cell holds for so many clauses or rows that the answer outgrows the text."""

    code = "policy.file_too_repetitive"
    message = (
        "解读结果超过 {limit_chars} 字的上限：同一段责任标注或合并单元格要重复到太多的条款或表格行，"
        "不像是一份实施方案，没有解读。请只提交方案正文，并核对标题上的标注和表格的合并单元格。"
    )


class FileTooManyPages(UnreadableDocument):
    """More PDF pages than any plan has."""

    code = "policy.file_too_many_pages"
    message = "这份 PDF 有 {pages} 页，超过 {limit_pages} 页的上限，没有读取。请拆出方案正文后再提交。"


class FileDamaged(UnreadableDocument):
    """The file says what it is, but its inside does not hold together."""

    code = "policy.file_damaged"
    message = "这份{what}已损坏或不完整（{reason}），无法读取。请重新下载，或者用原来的软件打开后另存一份再提交。"


class FileUnsupported(UnreadableDocument):
    """A known format that this reader does not read."""

    code = "policy.file_unsupported"
    message = "这是{what}，目前只能读取 txt、docx、pdf（带文字）和 html。{advice}"


class FileBomb(UnreadableDocument):
    """Small on disk, but built so that reading it would use up memory or time."""

    code = "policy.file_bomb"
    message = (
        "这份{what}展开后的规模异常（{reason}），为保护系统没有读取。请用原来的软件打开，把正文复制到新文件后再提交。"
    )
