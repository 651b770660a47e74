"""What can be wrong with a table and with a trial."""

from collections.abc import Sequence

from ronghe.kernel.errors import Conflict, Invalid, NotFound

#: Of the faults of a table, as many are listed; all are counted.
MOST_LISTED = 20


class TableUnreadable(Invalid):
    """The file is no table that can be opened."""

    code = "trials.table_unreadable"
    message = "表格“{file}”打不开：{why}。请另存为 XLSX 或 CSV 后重新上传；没有载入任何一行。"


class TableTooLarge(Invalid):
    """More bytes than a table may have."""

    code = "trials.table_too_large"
    message = "表格“{file}”超过 {limit_mb} MB 的上限，没有载入。请拆成几份分别试算，或在服务器上用 ronghe trial run。"


class TableTooLong(Invalid):
    """More rows than a table may have."""

    code = "trials.table_too_long"
    message = "表格“{file}”超过 {limit:,} 行的上限，没有载入。请拆成几份分别试算。"


class TableEmpty(Invalid):
    """A head without rows, or nothing at all."""

    code = "trials.table_empty"
    message = "表格“{file}”里没有数据：第一行应当是列名，从第二行起每行一条。请填好后重新上传。"


class TableColumnsWrong(Invalid):
    """The head names what the rule does not take, or in a unit that measures something else."""

    code = "trials.table_columns_wrong"
    message = "表格“{file}”的列名有 {count} 处要改，没有载入任何一行：{listing}。可用的列：{known}。"

    @classmethod
    def of(cls, file: str, faults: Sequence[str], known: Sequence[str]) -> "TableColumnsWrong":
        return cls(file=file, count=len(faults), listing="；".join(faults), known="、".join(known), faults=list(faults))


class TableValuesWrong(Invalid):
    """Cells that do not fit their columns, each with line and column."""

    code = "trials.table_values_wrong"
    message = "表格“{file}”有 {count:,} 处要改，没有载入任何一行：{listing}{more}。请改正后重新上传整份文件。"

    @classmethod
    def of(cls, file: str, faults: Sequence[tuple[int, str, str]], count: int) -> "TableValuesWrong":
        listed = [f"第 {line:,} 行“{column}”：{what}" for line, column, what in faults]
        return cls(
            file=file,
            count=count,
            listing="；".join(listed),
            more=f"；另有 {count - len(listed):,} 处没有列出" if count > len(listed) else "",
            faults=[{"line": line, "column": column, "what": what} for line, column, what in faults],
        )


class ChangeInvalid(Invalid):
    """A changed parameter of the second set does not fit."""

    code = "trials.change_invalid"
    message = "参数“{title}”的试算值写得不对：{why}。请改正：{hint}。"


class ChangeUnknown(Invalid):
    """The rule asks for no parameter of this id."""

    code = "trials.change_unknown"
    message = "规则“{rule}”不用参数“{parameter}”，改它不影响结论。请从这些参数里选：{known}。"


class TrialNamesUnknown(Invalid):
    """A new trial names a rule or a zone that is not there, or that the actor may not see."""

    code = "trials.trial_names_unknown"
    message = "新的试算里写的规则或试验区不存在：{why}"


class TrialNotFound(NotFound):
    """No trial of this number that the actor may see."""

    code = "trials.trial_not_found"
    message = "没有编号为 {trial_id} 的试算，或者它不在您的管辖范围内。"


class RowNotFound(NotFound):
    """The table of a trial has no such line."""

    code = "trials.row_not_found"
    message = "第 {trial_id} 号试算的表格里没有第 {line} 行，或者这一行还没有算。请从逐行结果里选择。"


class TrialAlreadyOver(Conflict):
    """A trial that has ended cannot be started or cancelled."""

    code = "trials.trial_already_over"
    message = "第 {trial_id} 号试算{state}，不能再开始或取消。需要时可以用同一份表格另做一次试算。"
