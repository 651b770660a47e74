"""Why an act on users, posts or tokens was refused."""

from ronghe.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class SignInFirst(DomainError):
    """Somebody who has not signed in asks for what is not public. Pages lead to the login instead."""

    code = "accounts.sign_in_first"
    status = 401
    message = "请先登录；程序调用请带上有效的访问令牌（Authorization: Bearer …）。"


class NetworkHeldOff(DomainError):
    """Too many logins from one network have failed; not even the right password is looked at until the hour is over."""

    code = "accounts.network_held_off"
    status = 429
    message = "一小时内从您所在网络登录失败已达 {limit} 次，为保护账户，暂停从这里登录，请在 {until:%H:%M} 以后再试。"


class BadToken(DomainError):
    """The token is unknown, revoked, expired, or its post has ended. The answer does not say which."""

    code = "accounts.bad_token"
    status = 401
    message = "访问令牌无效、已撤销、已到期，或所属岗位已终止。请在“我的账户”中重新创建。"


class UserNotFound(NotFound):
    code = "accounts.user_not_found"
    message = "没有找到用户 {user}：可能用户名有误，或者不在您的管辖范围内。"


class MembershipNotFound(NotFound):
    code = "accounts.membership_not_found"
    message = "没有找到编号 {membership_id} 的岗位授权：可能已经刷新，或者不在您的管辖范围内。"


class MandateNotFound(NotFound):
    code = "accounts.mandate_not_found"
    message = "没有找到编号 {mandate_id} 的代理关系：可能已经刷新，或者不在您的管辖范围内。"


class PartyNotFound(NotFound):
    code = "accounts.party_not_found"
    message = "没有找到编号 {party_id} 的权利人，请先在权利人名册中登记。"


class OrgUnitNotFound(NotFound):
    code = "accounts.org_unit_not_found"
    message = "没有找到单位 {org_unit_id}，请从单位列表中选择，或先载入该区划的单位。"


class TokenNotFound(NotFound):
    code = "accounts.token_not_found"
    message = "没有找到编号 {token_id} 的访问令牌，请刷新页面查看现有令牌。"


class UsernameTaken(Conflict):
    code = "accounts.username_taken"
    message = "用户名 {username} 已被使用，请换一个，例如加上单位简称。"


class BadUsername(Invalid):
    code = "accounts.bad_username"
    message = "用户名“{username}”不合要求：须为 3 至 40 个小写字母、数字、点、横线或下划线，以字母开头。"


class WeakPassword(Invalid):
    """``reasons`` are sentences for the person who chose it; the password itself is never part of the error."""

    code = "accounts.weak_password"
    message = "密码不合要求：{reasons}"


class NotAnAdministratorsMatter(Forbidden):
    """Users are kept by the system administrator, posts granted by the security administrator: never the same one."""

    code = "accounts.separation_of_duties"
    message = "按照三员分立，这项操作只能由{role}办理，您当前的岗位不能办理。"


class NotToOneself(Forbidden):
    code = "accounts.not_to_oneself"
    message = "不能为自己授权、终止授权或停用自己的账户，请由另一位管理员办理。"


class OutsideDivision(Forbidden):
    code = "accounts.outside_division"
    message = "区划 {division} 不在您的管辖范围内，请由上级的管理员办理。"


class HoldsPostsElsewhere(Forbidden):
    code = "accounts.holds_posts_elsewhere"
    message = "用户 {user} 属于您的管辖范围之外：在那里任职、代理权利人，或账户在那里建立。请由上级的系统管理员办理。"


class ResetAtTheServer(Forbidden):
    """A system administrator who could set the password of another administrator could act as that administrator."""

    code = "accounts.reset_at_the_server"
    message = "用户 {user} 是三员之一。为保持三员分立，其密码只能在服务器上用 ronghe user reset 重置。"


class DutiesClash(Conflict):
    """三员分立: an administrator's role excludes every other role in the same time."""

    code = "accounts.duties_clash"
    message = (
        "用户 {user} 不能在同一时间兼任“{role}”和现有岗位：系统管理员、安全管理员、审计员三者不得互兼，"
        "也不得兼任业务岗位或代理权利人。请先终止原岗位，或另设一个用户。"
    )


class AlreadyHolds(Conflict):
    code = "accounts.already_holds"
    message = "用户 {user} 在这段时间里已有同一单位、同一区划的“{role}”岗位，无需重复授权。"


class MandateExists(Conflict):
    code = "accounts.mandate_exists"
    message = "用户 {user} 在这段时间里已登记了同样的代理关系（一个用户同一时间只能是一位“本人”）。"


class BadPeriod(Invalid):
    code = "accounts.bad_period"
    message = "有效期有误：{from_day} 起、{to_day} 止。止日须晚于起日，终止日不得早于开始日。"


class UserInactive(Conflict):
    code = "accounts.user_inactive"
    message = "用户 {user} 已停用，不能授权或登录；请先由系统管理员重新启用。"


class NoSuchCapacity(NotFound):
    code = "accounts.no_such_capacity"
    message = "您现在没有这个身份：岗位或代理关系可能已终止。请在“我的账户”中查看现有身份。"


class TokenTooLong(Invalid):
    code = "accounts.token_too_long"
    message = "访问令牌的有效期须为 1 至 {most} 天，您填的是 {days} 天。"


class SeveralCapacities(Invalid):
    code = "accounts.several_capacities"
    message = "用户 {user} 的身份不止一个或没有，请用 --capacity 指明令牌所用的身份：{capacities}。"


class UnknownRole(Invalid):
    code = "accounts.unknown_role"
    message = "没有“{role}”这个岗位，可选：{roles}。"


class ViewNotFound(NotFound):
    code = "accounts.view_not_found"
    message = "没有找到这个保存的筛选：可能已经删除，请刷新列表。"


class ViewOfAnotherSite(Invalid):
    code = "accounts.view_of_another_site"
    message = "只能保存本站列表的筛选条件，请在列表页上点“保存当前筛选”。"


class ViewNameUnfit(Invalid):
    code = "accounts.view_name_unfit"
    message = "请给筛选起一个 1 至 {most} 个字的名称。"


class ViewQueryUnfit(Invalid):
    code = "accounts.view_query_unfit"
    message = "没有可以保存的筛选条件，或者条件太长（编码后超过 {most} 个字符）。请先筛选列表，或减少条件。"


class ViewNameTaken(Conflict):
    code = "accounts.view_name_taken"
    message = "这个列表已有名为“{name}”的筛选，请换一个名称，或先删除原来的。"


class TooManyViews(Conflict):
    code = "accounts.too_many_views"
    message = "一个列表最多保存 {most} 个筛选，请先删除不用的。"
