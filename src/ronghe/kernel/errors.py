"""Errors that a person or a program may meet: each has a public code, a message in Chinese and its facts as data.

A code is unique and never reused; ``docs/errors.md`` lists them all (a house test compares).
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """An act was refused. ``message`` says what happened, why, and what to do next."""

    code: ClassVar[str] = "ronghe.error"
    status: ClassVar[int] = 400
    message: ClassVar[str] = "操作没有完成。"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        self.text = self.message.format(**facts)
        super().__init__(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[DomainError], facts: dict[str, Any]) -> DomainError:
    return kind(**facts)


class NotFound(DomainError):
    """No such thing, or none that the actor may see."""

    code = "ronghe.not_found"
    status = 404
    message = "没有找到您要的内容：可能地址有误，或者不在您的权限范围内。"


class Forbidden(DomainError):
    """The actor's role does not allow this act."""

    code = "ronghe.forbidden"
    status = 403
    message = "您当前的岗位没有这项权限。"


class Invalid(DomainError):
    """What was given cannot be accepted as it is."""

    code = "ronghe.invalid"
    status = 422
    message = "提交的内容有误，请按提示改正后重新提交。"


class Conflict(DomainError):
    """The present state does not allow this act."""

    code = "ronghe.conflict"
    status = 409
    message = "当前状态不允许这项操作，请刷新页面查看最新情况。"


class OutsideFailure(DomainError):
    """A service outside Ronghe did not answer as it should."""

    code = "ronghe.outside_failure"
    status = 502
    message = "外部服务没有正常应答，请稍后再试。"
