"""Refusals of messages."""

from ronghe.kernel.errors import NotFound


class MessageNotFound(NotFound):
    """No such message, or somebody else's."""

    code = "inbox.message_not_found"
    message = "没有找到第 {message_id} 号消息。"
