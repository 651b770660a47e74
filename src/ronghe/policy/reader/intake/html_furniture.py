"""What of a web page is not the document: menus, share buttons, players; and the site's own labels of a document."""

import re
from collections.abc import Mapping
from typing import Final

_NEVER_TEXT: Final = frozenset(
    {
        "script", "style", "noscript", "template", "nav", "footer", "aside", "button", "select", "option", "optgroup",
        "input", "textarea", "svg", "math", "iframe", "object", "embed", "audio", "video", "canvas", "map", "datalist",
        "dialog", "rt", "rp", "rtc", "del",
    }
)  # fmt: skip
# Kept whatever their class says: the document itself may stand in them.
_NEVER_DROPPED: Final = frozenset({"html", "body", "main", "article", "table", "tbody", "tr", "td", "form"})
_FURNITURE_NAMES: Final = frozenset(
    {
        "nav", "navbar", "navigation", "menu", "topmenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs",
        "bread-crumb", "position", "share", "sharebox", "share-box", "bdsharebuttonbox", "bshare-custom",
        "social-share", "footer", "foot", "copyright", "sidebar", "sidenav", "friendlink", "pagination", "qrcode",
        "ewm", "print-btn", "fontsize", "font-size", "visually-hidden", "sr-only",
    }
)  # fmt: skip
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# 政府信息公开目录 metadata as the sites of provinces and cities label it (国办函〔2017〕28号 网站发展指引 附件; observed).
_LABELS: Final = frozenset(
    {
        "索引号", "索取号", "信息索引号", "信息索取号", "索引编号", "主题分类", "信息分类", "分类", "主题词", "体裁",
        "体裁分类", "公文种类", "组配分类", "服务对象", "成文日期", "成文时间", "生成日期", "生成时间", "制发日期",
        "发布日期", "发布时间", "公开日期", "公开时间", "公开时限", "印发日期", "发文日期", "发文时间", "发文字号",
        "文号", "文件编号", "文件号", "发文单位", "发文机关", "发文机构", "发布机构", "发布机关", "发布单位",
        "公开机构", "公开责任部门", "公开主体", "信息来源", "来源", "有效性", "时效性", "是否有效", "效力状态",
        "文件状态", "生效日期", "生效时间", "实施日期", "失效日期", "失效时间", "废止日期", "有效期",
        "规范性文件登记号", "规范性文件编号", "统一登记号", "登记号", "标题", "名称", "信息名称", "文件名称",
        "公开方式", "公开范围", "公开属性", "关键词", "内容概述", "所属机构",
    }
)  # fmt: skip
_GAPS: Final = re.compile(r"[\s\u3000:：\[\]【】]+")


def never_text(tag: str) -> bool:
    """Whether the element's content is not shown, or is shown but is not writing."""
    return tag in _NEVER_TEXT


def is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the page itself hides the element."""
    if tag in _NEVER_DROPPED:
        return False
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def is_furniture(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element's class, id or role names it as part of the site and not of the document."""
    if tag in _NEVER_DROPPED:
        return False
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()[:1000].split()
    role = attributes.get("role", "").lower()
    return role in ("navigation", "banner", "contentinfo", "search") or not _FURNITURE_NAMES.isdisjoint(names)


def is_label(text: str) -> bool:
    """Whether the text is one of the labels under which sites give a document's metadata (索 引 号： and the like)."""
    return len(text) <= 20 and _GAPS.sub("", text) in _LABELS


def label_of(text: str) -> str:
    """The label without the blanks that spread it and without its colon."""
    return _GAPS.sub("", text)
