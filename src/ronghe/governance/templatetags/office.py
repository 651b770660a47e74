"""Template tags of the zone's office: lamps and bars of progress."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..rules.ledger import Light, Limits, State
from ..views.shown import STATE_TONES, Lamp, lamp

register = template.Library()


@register.simple_tag
def lamp_for(light: Any, limits: Limits) -> SafeString:
    """A light in the zone's colour, with its word."""
    return drawn(lamp(str(light), limits))


@register.filter
def drawn(one: Lamp) -> SafeString:
    """A lamp: a disc of its colour, and the word; the colour never alone."""
    return format_html('<span class="lamp lamp-{}">{}</span>', one.css, one.word)


@register.simple_tag
def progress(percent: int, css: str = "blue") -> SafeString:
    """A bar of progress with its figure."""
    return format_html(
        '<span class="progressed"><svg class="track lit-{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="track-ground" width="100" height="6"></rect><rect class="track-done" width="{}"'
        ' height="6"></rect></svg><span>{}%</span></span>',
        css, percent, percent,
    )  # fmt: skip


@register.filter
def state_title(value: str) -> str:
    """What a state is called."""
    return State(value).title


@register.filter
def state_tone(value: str) -> str:
    """The tone of a state."""
    return STATE_TONES.get(State(value), "place")


@register.filter
def light_title(value: str) -> str:
    """What a light is called."""
    return Light(value).title


@register.simple_tag
def bar_of(task: Any, scale: Any, today_at: int, limits: Limits) -> SafeString:
    """One row of the Gantt chart: from being handed out to the last day, what is done, nodes, today; and the same in words.

    Places are shares of the width, so that nothing is drawn out of shape on a wide or a narrow screen.
    """
    begin, end = scale.at(task.issued_on or task.due), scale.at(task.due)
    width = max(4, end - begin)
    nodes = list(task.nodes.all())
    parts = [_line("gantt-quarter", place) for place, _ in scale.quarters]
    if scale.first <= task.due:
        parts.append(_rect("gantt-all", begin, width))
        parts.append(_rect("gantt-done", begin, width * task.percent // 100))
    for node in nodes:
        if scale.first <= node.due <= scale.last:
            css = "gantt-node" if node.reached_on else "gantt-node gantt-open"
            parts.append(
                format_html(
                    '<svg x="{}%" overflow="visible"><polygon class="{}" points="-5,14 0,7 5,14 0,21"></polygon></svg>',
                    scale.at(node.due) / 10,
                    css,
                )
            )
    parts.append(_line("gantt-today", today_at))
    told = "；".join(f"{n.due} {n.text}{'（已完成）' if n.reached_on else ''}" for n in nodes)
    words = f"{task.issued_on or '未交办'} 至 {task.due}，进度 {task.percent}%" + (f"；节点：{told}" if told else "")
    drawing = mark_safe("".join(parts))
    return format_html(
        '<svg class="gantt-row lit-{}" aria-hidden="true" focusable="false">{}</svg><span class="unseen">{}</span>',
        lamp(task.light, limits).css, drawing, words,
    )  # fmt: skip


@register.simple_tag
def axis_of(scale: Any) -> SafeString:
    """The head of the Gantt chart: years and quarters."""
    parts = [_line("gantt-quarter", place) for place, _ in scale.quarters]
    parts += [
        format_html('<text class="gantt-label" x="{}%" dx="5" y="18">{}</text>', place / 10, label)
        for place, label in scale.quarters
    ]
    drawing = mark_safe("".join(parts))
    return format_html('<svg class="gantt-row" aria-hidden="true" focusable="false">{}</svg>', drawing)


def _line(css: str, at: int) -> SafeString:
    return format_html('<line class="{0}" x1="{1}%" x2="{1}%" y1="0" y2="28"></line>', css, at / 10)


def _rect(css: str, at: int, width: int) -> SafeString:
    return format_html('<rect class="{}" x="{}%" y="9" width="{}%" height="10"></rect>', css, at / 10, width / 10)
