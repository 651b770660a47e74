"""What keeps people from an appointment at a window (预约), said so that it can be mended."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class AppointmentWindowNotFound(NotFound):
    code = "registry.appointment_window_not_found"
    message = "没有找到第 {window} 号登记窗口，或者它不在您的管辖范围内。请从“农村不动产登记窗口”重新选择。"


class AppointmentNotFound(NotFound):
    code = "registry.appointment_not_found"
    message = "没有找到第 {appointment} 号预约，或者它不是您的、不在您的管辖范围内。请从预约列表重新选择。"


class AppointmentHoursWrong(Invalid):
    code = "registry.appointment_hours_wrong"
    message = "预约时段没有保存：{why}。请改正后重新提交。"


class AppointmentIncomplete(Invalid):
    code = "registry.appointment_incomplete"
    message = "没有预约成功：{why}。请改正后重新提交。"


class AppointmentWindowClosed(Conflict):
    code = "registry.appointment_window_closed"
    message = "“{window}”{why}，不能预约。请改选别的窗口，或打电话咨询。"


class AppointmentSlotUnknown(Invalid):
    code = "registry.appointment_slot_unknown"
    message = "“{window}”{day} 没有 {begins} 开始的预约时段。请改选{free}。"


class AppointmentSlotFull(Conflict):
    code = "registry.appointment_slot_full"
    message = "“{window}”{day} {begins} 已经约满。请改选{free}。"


class AppointmentPast(Invalid):
    code = "registry.appointment_past"
    message = "{day} {begins} 已经过去，不能预约。请改选{free}。"


class AppointmentDayOff(Invalid):
    code = "registry.appointment_day_off"
    message = "{day} 不是工作日，窗口不办公，不能预约。请改选{free}。"


class AppointmentTooFarAhead(Invalid):
    code = "registry.appointment_too_far_ahead"
    message = "{day} 太远：最多提前 {days} 天预约，现在能约到 {until}。请改选{free}。"


class AlreadyAppointed(Conflict):
    """One at a time: who wants another hour cancels the first."""

    code = "registry.already_appointed"
    message = "“{name}”{day} 在这个窗口已有预约（{number}，{begins}）。要改时间，请先取消原来的预约。"


class AppointmentOver(Conflict):
    code = "registry.appointment_over"
    message = "预约 {number} {why}，不能再{act}。需要时请重新预约。"


class AppointmentNotDue(Conflict):
    code = "registry.appointment_not_due"
    message = "预约 {number} 是 {day} {slot} 的，现在还不能{act}。请到{when}再办。"
