"""Refusals of papers."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class GlyphMissing(Invalid):
    """The font has no glyph for a character: the paper would show a box."""

    code = "papers.glyph_missing"
    message = (
        "文书没有生成：“{where}”里的“{character}”（{point}）在制证字库里没有字形，印出来会是空框。"
        "请核对是不是错字；确是生僻字的，请系统管理员换装收有这个字的字库后再生成。"
    )


class TemplateUnknown(NotFound):
    """No room declares it."""

    code = "papers.template_unknown"
    message = "没有“{key}”这种文书。"


class PaperNotFound(NotFound):
    """No such paper, or none that the actor may see."""

    code = "papers.paper_not_found"
    message = "没有找到第 {paper_id} 号文书，或者不在您的权限范围内。"


class PaperRevoked(Conflict):
    """It does not hold any more."""

    code = "papers.paper_revoked"
    message = "文书 {number} 已经作废，不能重复作废。"


class ReasonMissing(Invalid):
    """A paper is revoked for a reason that the check page shows."""

    code = "papers.reason_missing"
    message = "作废要写明理由，核验时会显示。请填写后再提交。"


class CodeMalformed(Invalid):
    """A verification code with a slip of the pen: its check character says so."""

    code = "papers.code_malformed"
    message = "核验码“{code}”写错了：应为 16 位字母和数字，请对照文书右下角重新输入。"
