"""What can be wrong with parties, their numbers, their households and their merging."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class PartyNotFound(NotFound):
    """No party of this number that the actor may see."""

    code = "parties.party_not_found"
    message = "没有编号为 {party_id} 的权利人，或者不在您的管辖范围内。请核对编号，或请其登记地的窗口办理。"


class NameInvalid(Invalid):
    """A name that cannot be kept."""

    code = "parties.name_invalid"
    message = "名称“{name}”不能登记：{why}。请按证照上的名称填写。"


class NumberInvalid(Invalid):
    """A number whose check fails, with the place and what it should be."""

    code = "parties.number_invalid"
    message = "{label}有误：{why}。请对照证件改正。"


class NumberTaken(Conflict):
    """Another party of the actor's division has this number."""

    code = "parties.number_taken"
    message = "这个{label}已登记在“{holder}”（编号 {holder_id}）名下。请打开那条登记；若确是同一个人，请办理合并。"


class NumberTakenElsewhere(Conflict):
    """A party that the actor may not see has this number."""

    code = "parties.number_taken_elsewhere"
    message = "这个{label}已登记在其他区划的权利人名下，您无权查看。请核对证件，或联系上级农业农村部门办理。"


class NumberNotFor(Invalid):
    """A kind of number that a kind of party does not have."""

    code = "parties.number_not_for_kind"
    message = "{kind}不登记{label}。请改选号码种类。"


class FactsDisagree(Invalid):
    """Birthday or sex as typed, against the identity number."""

    code = "parties.facts_disagree"
    message = "填写的{what}与身份证号不一致：身份证号上是 {expected}。请核对证件，或不填由系统读取。"


class BirthdayRequired(Invalid):
    """A person without an identity number needs a birthday."""

    code = "parties.birthday_required"
    message = "没有身份证号的人必须填写出生日期。请补填。"


class DivisionUnfit(Invalid):
    """A division of the wrong level, or none."""

    code = "parties.division_unfit"
    message = "区划“{division}”不能登记{kind}：{why}。请重新选择区划。"


class PartyNotActive(Conflict):
    """The party has ended, was merged, or its personal data were erased."""

    code = "parties.party_not_active"
    message = "“{name}”（编号 {party_id}）{state}，不能再办理。请改用有效的登记。"


class KindUnfit(Invalid):
    """A party of another kind than the act is about."""

    code = "parties.kind_unfit"
    message = "“{name}”（编号 {party_id}）是{kind}，这里需要{wanted}。请重新选择。"


class IdentifierNotFound(NotFound):
    """The party has no such number now."""

    code = "parties.identifier_not_found"
    message = "权利人 {party_id} 没有这个号码，或者它已经变更。请刷新页面查看现在的号码。"


class IdentifierUnreadable(Conflict):
    """The key is destroyed, or another master key is in use."""

    code = "parties.identifier_unreadable"
    message = "这个号码读不出来：{why}。请联系系统管理员。"


class PurposeMissing(Invalid):
    """Plain numbers are read for a stated purpose only."""

    code = "parties.purpose_missing"
    message = "查看明文必须写明用途，不少于 {least} 个字。请补写后再查看。"


class ReasonMissing(Invalid):
    """An act that needs a reason or a basis has none."""

    code = "parties.reason_missing"
    message = "缺少{what}，或者写得太短：请写明{what}，不少于 {least} 个字。"


class DayInvalid(Invalid):
    """A day on which the event cannot have been."""

    code = "parties.day_invalid"
    message = "{what}的日期 {day} 不对：{why}。请改正日期。"


class AlreadyMember(Conflict):
    """A person belongs to one household at a time."""

    code = "parties.already_member"
    message = "“{person}”在 {day} 是“{household}”的成员，一人同一时间只在一户。请先办理迁出，或用“婚入”一并办理。"


class NotMember(Conflict):
    """The person is not in the household on that day."""

    code = "parties.not_member"
    message = "“{person}”在 {day} 不是“{household}”的成员。请核对人员和日期。"


class LaterChange(Conflict):
    """Something later is recorded already."""

    code = "parties.later_change"
    message = "“{name}”在 {day} 以后还登记有变动，不能补办更早的变动。请先更正后来的登记。"


class HeadNeeded(Conflict):
    """The household would have members and no head."""

    code = "parties.head_needed"
    message = "“{person}”是“{household}”的户主，户内还有其他成员。请先办理户主变更，或同时指定新户主。"


class HeadTaken(Conflict):
    """A household has one head at a time."""

    code = "parties.head_taken"
    message = "“{household}”在这一天已有户主，一户同一时间只有一个户主。请刷新页面后重新办理。"


class SplitImpossible(Conflict):
    """Everybody would leave."""

    code = "parties.split_impossible"
    message = "“{household}”的成员不能全部分出：分户后原户至少留一人。请减少分出的人，或改为变更户主。"


class RelationInvalid(Invalid):
    """A relation that does not exist, or does not fit the person."""

    code = "parties.relation_invalid"
    message = "“{person}”与户主的关系“{relation}”不对：{why}。请重新选择。"


class RelationsNeeded(Invalid):
    """What some members are to the new head does not follow from what they were to the old one."""

    code = "parties.relations_needed"
    message = "户主变更后，{names} 与新户主的关系无法推定。请逐个选择。"


class MergeImpossible(Conflict):
    """Two rows that cannot be one party."""

    code = "parties.merge_impossible"
    message = "不能合并 {source_id} 和 {target_id}：{why}。"


class MergeClash(Conflict):
    """What hangs on both rows cannot hang on one."""

    code = "parties.merge_clash"
    message = "合并后“{table}”会有冲突，没有合并任何内容。请先处理两条登记各自的{table}，再合并。"


class MergeNotFound(NotFound):
    """No such merge that the actor may see."""

    code = "parties.merge_not_found"
    message = "没有编号为 {merge_id} 的合并，或者不在您的管辖范围内。请从合并记录里选择。"


class MergeUndone(Conflict):
    """A merge is undone once."""

    code = "parties.merge_undone"
    message = "第 {merge_id} 号合并已经撤销。请刷新页面查看。"


class MergeChangedSince(Conflict):
    """What the merge moved was changed afterwards."""

    code = "parties.merge_changed_since"
    message = "第 {merge_id} 号合并后，{what}又有变更，不能自动撤销。请先更正这些变更，再撤销合并。"


class EraseImpossible(Conflict):
    """Personal data that must be kept for now."""

    code = "parties.erase_impossible"
    message = "不能删除“{name}”的个人信息：{why}。"


class ConfirmationWrong(Invalid):
    """What was typed to confirm is not what was asked for."""

    code = "parties.confirmation_wrong"
    message = "确认文字不对：请输入“{expected}”。没有执行任何操作。"
