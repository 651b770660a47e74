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
    """One row of the Gantt chart: from being handed out to the last day, what is done, nodes, today; and the same in words."""
    begin, end = scale.at(task.issued_on or task.due), scale.at(task.due)
    width = max(6, end - begin)
    parts = [
        format_html('<line class="gantt-quarter" x1="{0}" x2="{0}" y1="0" y2="28"></line>', place)
        for place, _ in scale.quarters
    ]
    parts.append(format_html('<rect class="gantt-all" x="{}" y="9" width="{}" height="10"></rect>', begin, width))
    parts.append(
        format_html(
            '<rect class="gantt-done" x="{}" y="9" width="{}" height="10"></rect>', begin, width * task.percent // 100
        )
    )
    for node in task.nodes.all():
        at = scale.at(node.due)
        points = f"{at - 5},14 {at},4 {at + 5},14 {at},24"
        css = "gantt-node" if node.reached_on else "gantt-node gantt-open"
        parts.append(format_html('<polygon class="{}" points="{}"></polygon>', css, points))
    parts.append(format_html('<line class="gantt-today" x1="{0}" x2="{0}" y1="0" y2="28"></line>', today_at))
    nodes = "；".join(f"{n.due} {n.text}{'（已完成）' if n.reached_on else ''}" for n in task.nodes.all())
    words = f"{task.issued_on or '未交办'} 至 {task.due}，进度 {task.percent}%" + (f"；节点：{nodes}" if nodes else "")
    css = lamp(task.light, limits).css
    return format_html(
        '<svg class="gantt-row lit-{}" viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '{}</svg><span class="unseen">{}</span>',
        css, mark_safe("".join(parts)), words,
    )  # fmt: skip
