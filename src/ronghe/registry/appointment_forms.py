"""What people type of appointments: when, for what, who comes; and the hours that a window states."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms

from ronghe.kernel.parties.forms import day_field

from .models import BAUnit
from .queries.appointments import FreeSlot
from .rules.appointing import LEAST_MINUTES, MOST_SEATS, WEEKDAYS, Slot, slots_of
from .rules.codes import printed


class SlotField(forms.ChoiceField):
    """An hour of the day. One that has filled up meanwhile is taken here, and refused with the next free ones."""

    def valid_value(self, value: object) -> bool:
        try:
            time.fromisoformat(str(value))
        except ValueError:
            return False
        return True


class AppointmentForm(forms.Form):
    """预约登记窗口."""

    slot = SlotField(label="时段", widget=forms.RadioSelect)
    name = forms.CharField(label="来人姓名", max_length=120)
    matter = forms.ChoiceField(label="来办什么")
    unit = forms.TypedChoiceField(
        label="哪一处", coerce=int, empty_value=None, required=False, help_text="办理登记的选上，窗口可以先查登记簿。"
    )
    telephone = forms.CharField(
        label="联系电话", max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text="窗口有变动时打给您；加密保存，列表里只显示头尾。",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        slots: Sequence[FreeSlot],
        purposes: Mapping[str, str],
        units: Sequence[tuple[BAUnit, str]] = (),
        asks_name: bool = False,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        free = [one for one in slots if one.free]
        self._offer("slot", [(f"{one.begins:%H:%M}", f"{one.told}（余 {one.free} 位）") for one in free])
        self._offer("matter", [("", "请选择"), *purposes.items()])
        if units:
            self._offer("unit", [("", "不选"), *((one.pk, f"{where}（{printed(one.code)}）") for one, where in units)])
        else:
            del self.fields["unit"]
        if not asks_name:
            del self.fields["name"]

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """For the command."""
        given = self.cleaned_data
        return {
            "begins": time.fromisoformat(given["slot"]),
            "matter": given["matter"],
            "telephone": given["telephone"],
            "name": given.get("name", ""),
            "unit_id": given.get("unit"),
        }


def _hour(label: str) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


class HoursForm(forms.Form):
    """预约时段: a week as most windows have it: the same hours on each day, morning and afternoon."""

    begins_on = day_field("从哪一天起用", help_text="以前公布的时段到前一天为止；已经约好的不变。")
    is_closed = forms.BooleanField(label="从这一天起停止预约", required=False)
    weekdays = forms.MultipleChoiceField(
        label="星期", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(str(n), name) for n, name in enumerate(WEEKDAYS, start=1)],
        help_text="法定节假日和调休按工作日历，不用在这里改。",
    )  # fmt: skip
    morning_first, morning_last = _hour("上午开始"), _hour("上午结束")
    afternoon_first, afternoon_last = _hour("下午开始"), _hour("下午结束")
    minutes = forms.IntegerField(
        label="每个时段多少分钟", min_value=LEAST_MINUTES, max_value=720, initial=60, required=False
    )
    capacity = forms.IntegerField(
        label="每个时段可约多少人", min_value=1, max_value=MOST_SEATS, initial=4, required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors or given.get("is_closed"):
            return given
        for first, last, told in (
            ("morning_first", "morning_last", "上午"),
            ("afternoon_first", "afternoon_last", "下午"),
        ):
            if (given.get(first) is None) != (given.get(last) is None):
                self.add_error(last if given.get(last) is None else first, f"{told}的开始和结束要同时填，或者都不填")
        if not given.get("weekdays"):
            self.add_error("weekdays", "请选择星期；要停止预约的，勾选“停止预约”")
        for name in ("minutes", "capacity"):
            if not given.get(name):
                self.add_error(name, "必填")
        if not self.errors and not self.slots():
            self.add_error("minutes", "照这样一个时段也排不出来，请核对上午、下午的起止时间和时段长度")
        return given

    def slots(self) -> tuple[Slot, ...]:
        """The week that was stated; none where appointments stop."""
        given = self.cleaned_data
        if given.get("is_closed"):
            return ()
        pairs = ((given.get(f"{part}_first"), given.get(f"{part}_last")) for part in ("morning", "afternoon"))
        periods = [(first, last) for first, last in pairs if first is not None and last is not None]
        weekdays = [int(one) for one in given["weekdays"]]
        return slots_of(weekdays, periods, minutes=given["minutes"], capacity=given["capacity"])
