"""PDF with a text layer → text. The file is opened in a process of its own.

PDFium is native code that decompresses whatever a stranger's file tells it to: in its own process it can neither take
the server's memory (``PDF_ADDRESS_SPACE``) nor its time (``PDF_CPU_SECONDS``), nor end it. Costs a quarter of a second.
"""

import json
import subprocess
import sys
from typing import Any, Final

from ronghe.policy.reader import errors
from ronghe.policy.reader.errors import FileBomb, FileDamaged, UnreadableDocument
from ronghe.policy.reader.intake.limits import PDF_CPU_SECONDS
from ronghe.policy.reader.intake.rendered import Rendered

WHAT: Final = "PDF 文件"
_CHILD: Final = "ronghe.policy.reader.intake.pdf_child"


def pdf_text(data: bytes) -> Rendered:
    """The text of a PDF.

    Raises: FileScannedPdf, FileEncrypted, FileGarbledPdf, FileTooManyPages, FileTooLong, FileDamaged, FileBomb.
    """
    try:
        # -P: the working directory must not supply modules.
        child = subprocess.run(
            [sys.executable, "-P", "-m", _CHILD],
            input=data,
            capture_output=True,
            timeout=2 * PDF_CPU_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileBomb(what=WHAT, reason="处理时间过长") from error
    try:
        answer: dict[str, Any] = json.loads(child.stdout)
    except ValueError as error:
        # The child died without a word: killed for its CPU time or memory, or by the file's contents.
        if child.returncode in _OUT_OF_TIME:
            raise FileBomb(what=WHAT, reason="处理时间过长") from error
        raise FileDamaged(what=WHAT, reason="解析中断") from error
    if "error" in answer:
        raise _rebuilt(answer)
    return Rendered(answer["text"], None, answer["pages"], tuple(answer["notes"]))


_OUT_OF_TIME: Final = (-24, -9)  # SIGXCPU, SIGKILL


def _rebuilt(answer: dict[str, Any]) -> UnreadableDocument:
    kind: type[UnreadableDocument] = getattr(errors, answer["error"])
    return kind(**answer["facts"])
