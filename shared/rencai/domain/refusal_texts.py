"""What a refusal says, in Chinese and in English. Read when something is first refused, which few cold starts do."""

from collections.abc import Mapping
from typing import Final

from .errors import Refusal

TEXTS: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.NOT_FOUND: ("没有这个{kind}:{id}", "There is no {kind} {id}"),
    Refusal.ILLEGAL_TRANSITION: (
        "候选人处于“{stage}”阶段,不能执行“{fact}”",
        "The candidate is at stage '{stage}'; '{fact}' cannot happen there",
    ),
    Refusal.NOTHING_TO_REVIEW: (
        "没有等待人工复核的事项:候选人处于“{stage}”阶段,只有“in_review”阶段可以复核",
        "Nothing waits for a review: the candidate is at stage '{stage}', and only 'in_review' can be decided",
    ),
    Refusal.INTERVIEW_CHANGED: (
        "面试编号 {interview_id} 已用于内容不同的结果;请使用新的编号,或原样重发",
        "Interview id {interview_id} was already used for other content; use a new id, or send the same content",
    ),
    Refusal.UNKNOWN_ROLE: (
        "没有岗位“{role}”的胜任力模型;已有:{known}",
        "No competency model for role '{role}'; there are: {known}",
    ),
    Refusal.BAD_CURSOR: (
        "游标无效;请原样使用上一页返回的 next",
        "The cursor is not one of ours; pass the `next` of the previous page unchanged",
    ),
    Refusal.KEY_REUSED: (
        "Idempotency-Key 已用于另一个请求;请换一个新的",
        "This Idempotency-Key was used for another request; choose a new one",
    ),
    Refusal.CONFLICT: (
        "数据刚被别处修改,请重试",
        "Something else changed this at the same moment; please try again",
    ),
    Refusal.INTERNAL: (
        "处理这一行时系统内部出错,已记录;请稍后重新导入这一行",
        "Something went wrong on our side with this line, and it is on record; import the line again later",
    ),
    Refusal.NOT_JSON: (
        "不是合法的 JSON:第 {column} 个字符处,{reason}",
        "Not valid JSON: at character {column}, {reason}",
    ),
    Refusal.NOT_UTF8: (
        "不是 UTF-8 编码:第 {position} 个字节(0x{byte});请用 UTF-8 保存",
        "Not UTF-8: byte {position} is 0x{byte}; save it as UTF-8",
    ),
    Refusal.LINE_TOO_LONG: (
        "这一行有 {size} 字节,上限为 {limit} 字节",
        "The line has {size} bytes; at most {limit} are accepted",
    ),
    Refusal.BODY_TOO_LARGE: (
        "请求体有 {size} 字节,上限为 {limit} 字节",
        "The body has {size} bytes; at most {limit} are accepted",
    ),
    Refusal.FILE_EMPTY: ("文件是空的,没有面试结果", "The file is empty: it holds no interview"),
    Refusal.FILE_TOO_LARGE: (
        "文件有 {size} 字节,上限为 {limit} 字节;请拆分后再上传",
        "The file has {size} bytes; at most {limit} are accepted: split it and upload the parts",
    ),
    Refusal.FILE_COMPRESSED: (
        "文件是 {format} 压缩格式;请上传未压缩的 JSON 或 JSONL",
        "The file is compressed ({format}); upload it as plain JSON or JSONL",
    ),
    Refusal.FILE_UTF16: (
        "文件是 UTF-16 编码;请用 UTF-8 保存后再上传",
        "The file is UTF-16; save it as UTF-8 and upload it again",
    ),
    Refusal.FILE_TOO_MANY_LINES: (
        "文件超过 {limit} 行;第 {limit} 行之后未导入,请拆分后再上传其余部分",
        "The file has more than {limit} lines; nothing after line {limit} was read: upload the rest as another file",
    ),
    Refusal.FILE_JSON_ARRAY: (
        "文件是一个 JSON 数组;请每行写一个对象(JSONL)",
        "The file is one JSON array; write one object a line (JSONL)",
    ),
    Refusal.NOT_AUTHENTIC: ("无法确认这是供应商发出的:{reason}", "Not authentic: {reason}"),
    Refusal.NOT_IN_CONTRACT: ("不符合约定的格式:{reason}", "Not what its contract says: {reason}"),
    Refusal.MESSAGE_CHANGED: (
        "同一编号的消息曾以不同内容送达",
        "A message with this id came before with other content",
    ),
    Refusal.REPLAY_THE_ORIGINAL: (
        "这是重复投递;请重放原始投递 {original}",
        "This delivery is a duplicate; replay the original, {original}",
    ),
    Refusal.REFERENCE_UNKNOWN: (
        "其中的引用不是本系统发出的",
        "The reference is not one of ours",
    ),
    Refusal.ANOTHER_ASSESSMENT: (
        "测评编号与为该候选人预约的测评不符",
        "The assessment is not the one that was ordered for this candidate",
    ),
    Refusal.OFFER_NOT_ENDED: (
        "候选人处于“{stage}”阶段;只有已拒签、已过期或已作废的 offer 可以重新发送",
        "The candidate is at stage '{stage}'; only an offer that was declined, has expired or was voided is sent again",
    ),
    Refusal.MERGE_NOT_OPEN: (
        "这条合并记录的状态是“{status}”,不能再“{action}”",
        "This merge is '{status}'; it cannot be '{action}' any more",
    ),
    Refusal.MERGE_UNDER_WAY: (
        "候选人处于“{stage}”阶段,已有 offer 或入职流程在进行;请先结束该流程再合并",
        "The candidate is at stage '{stage}', with an offer or onboarding under way; end that before merging",
    ),
    Refusal.MERGE_RESTS_ON_IT: (
        "候选人的现行流程以对方的面试为依据(阶段“{stage}”),不能撤销合并",
        "The candidate's journey rests on the other's interview (stage '{stage}'), so the merge cannot be undone",
    ),
    Refusal.MERGE_INTO_WHOM: (
        "请用 into 指明合并到哪一位:{candidates}",
        "Say with `into` who it is; it can be {candidates}",
    ),
    Refusal.WARNING_NOT_OPEN: (
        "这条预警的状态是“{status}”;只有“open”的预警可以处理",
        "This warning is '{status}'; only one that is 'open' can be decided",
    ),
    Refusal.PROPOSAL_UNKNOWN: (
        "没有为这条预警提出“{proposal}”;可选:{known}",
        "'{proposal}' is not among what was proposed for this warning; there are: {known}",
    ),
    Refusal.MONTH_TO_COME: (
        "{month} 还没有到;绩效最晚可以录到 {latest}",
        "{month} is still to come; performance can be recorded up to {latest}",
    ),
    Refusal.SCORE_OUT_OF_RANGE: (
        "得分应在 0 到 {out_of} 之间",
        "The score should be between 0 and {out_of}",
    ),
    Refusal.STILL_TO_COME: (
        "发生时间 {at} 还没有到;请检查供应商的时钟",
        "It is said to have happened at {at}, which is still to come; look at the vendor's clock",
    ),
    Refusal.PERIOD_TO_COME: (
        "{period} 还没有到;最晚可以录到 {latest}",
        "{period} is still to come; the latest that can be recorded is {latest}",
    ),
    Refusal.WEEK_UNKNOWN: (
        "没有 {week} 这一周;{year} 年只有 {weeks} 周(ISO 8601)",
        "There is no week {week}: {year} has {weeks} weeks (ISO 8601)",
    ),
    Refusal.OVERTIME_BEYOND_HOURS: (
        "加班时间是工作时间的一部分,不能超过 {hours} 小时",
        "Overtime is part of the hours at work; it should be at most {hours}",
    ),
    Refusal.LEAVE_ENDS_BEFORE_START: (
        "假期的结束日期不能早于开始日期 {starts_on}",
        "The leave starts on {starts_on}; it should end on that day or later",
    ),
    Refusal.LEAVE_TOO_FAR_AHEAD: (
        "假期最多可以提前一年登记,结束日期不能晚于 {latest}",
        "Leave can be recorded a year ahead; it should end on {latest} or earlier",
    ),
    Refusal.LEAVE_DAYS_BEYOND: (
        "这段日期只有 {calendar_days} 天,假期天数不能超过它",
        "From its first day to its last there are {calendar_days}; `days` should be at most that",
    ),
    Refusal.QUESTION_REPEATED: (
        "问题“{question}”重复;每个问题只能有一个回答",
        "Question '{question}' comes twice; it should have one answer",
    ),
    Refusal.ANSWERS_TOO_LONG: (
        "文字回答共 {size} 个字符,上限为 {limit}",
        "The texts have {size} characters together; at most {limit} are accepted",
    ),
    Refusal.SIGNAL_REPEATED: (
        "与 items[{index}] 是同一条记录,但内容不同;请只保留一项",
        "items[{index}] is about the same and says otherwise; send one of the two",
    ),
    Refusal.STILL_AHEAD: (
        "日期不能晚于今天({today})",
        "The date should be today ({today}) or earlier",
    ),
    Refusal.METRIC_REPEATED: (
        "指标“{metric}”重复;每个指标每月只能有一个数值",
        "Metric '{metric}' comes twice; a month has one value of it",
    ),
    Refusal.ALERT_NOT_OPEN: (
        "这条预警已经解除或已更新;请刷新后再操作",
        "This alert is no longer open; look at the present ones",
    ),
    Refusal.ACTION_UNKNOWN: (
        "没有干预措施“{action}”;可选:{known}",
        "There is no action '{action}'; there are: {known}",
    ),
    Refusal.DUE_IN_THE_PAST: (
        "截止日期不能早于今天({today})",
        "The due date should be today ({today}) or later",
    ),
    Refusal.INTERVENTION_CLOSED: (
        "这次干预已经结束,不能再修改",
        "This intervention is closed and cannot be changed",
    ),
    Refusal.INTERVENTION_OPEN: (
        "这条预警已有进行中的干预 {intervention}",
        "Intervention {intervention} is under way for this alert already",
    ),
    Refusal.SKILL_UNKNOWN: (
        "职业阶梯“{ladder}”没有“{id}”;可选:{known}",
        "Career ladder '{ladder}' has no '{id}'; there are: {known}",
    ),
    Refusal.LEVEL_UNKNOWN: (
        "职业阶梯“{ladder}”没有级别“{level}”;可选:{known}",
        "Career ladder '{ladder}' has no level '{level}'; there are: {known}",
    ),
    Refusal.PROJECT_REPEATED: (
        "项目“{project}”重复;每个项目只能有一条记录",
        "Project '{project}' comes twice; it should be there once",
    ),
    Refusal.ROLE_HAS_NONE: (
        "岗位“{role}”没有配置 {kind};已有:{known}",
        "Role '{role}' has no {kind}; there are: {known}",
    ),
    Refusal.LINK_NOT_VALID: (
        "链接不完整或无效;请直接点击邮件中的链接",
        "This link is not complete or not ours; use the one in the e-mail as it is",
    ),
    Refusal.LINK_EXPIRED: (
        "链接已于 {until} 过期",
        "This link was good until {until}",
    ),
    Refusal.SURVEY_CLOSED: (
        "{month} 的问卷不再接受填写",
        "The survey of {month} no longer takes answers",
    ),
    Refusal.GROUPING_UNKNOWN: (
        "问卷结果不按“{by}”分组;可选:{known}",
        "The survey's results are not grouped by '{by}'; there are: {known}",
    ),
    Refusal.FILE_NOT_READABLE: (
        "文件无法读取:{reason};请另存为 CSV(UTF-8 或 GB18030)或 XLSX 后重新上传",
        "The file cannot be read: {reason}; save it as CSV (UTF-8 or GB18030) or XLSX and upload it again",
    ),
    Refusal.FILE_NOT_A_TABLE: (
        "文件不是表格;请另存为 CSV(UTF-8 或 GB18030)或 XLSX 后重新上传",
        "The file is no table; save it as CSV (UTF-8 or GB18030) or XLSX and upload it again",
    ),
    Refusal.FILE_OLD_XLS: (
        "文件是旧版 Excel(.xls)格式;请另存为 XLSX 后重新上传",
        "The file is in the old Excel format (.xls); save it as XLSX and upload it again",
    ),
    Refusal.FILE_PROTECTED: (
        "文件有密码保护;请去掉密码后重新上传",
        "The file is protected by a password; remove it and upload the file again",
    ),
    Refusal.FILE_ENCODING: (
        "文件既不是 UTF-8 也不是 GB18030 编码;请另存为 CSV(UTF-8)后重新上传",
        "The file is neither UTF-8 nor GB18030; save it as CSV in UTF-8 and upload it again",
    ),
    Refusal.FILE_QUOTE_OPEN: (
        "第 {row} 行有一个引号没有配对,之后的内容无法读取;请更正后重新上传",
        "A quotation mark in row {row} is never closed, and what follows cannot be read; correct it and upload again",
    ),
    Refusal.FILE_UNPACKS_TOO_LARGE: (
        "XLSX 展开后太大;请另存为 CSV,或分成几个文件上传",
        "The XLSX is too large once unpacked; save it as CSV, or upload it as several files",
    ),
    Refusal.FILE_NO_HEADER: (
        "文件没有表头;第一行应为列名",
        "The file has no header; its first row should name the columns",
    ),
    Refusal.FILE_TOO_MANY_ROWS: (
        "文件超过 {limit} 行;请分成几个文件上传",
        "The file has more than {limit} rows; upload it as several",
    ),
    Refusal.FILE_TOO_MANY_COLUMNS: (
        "文件有 {columns} 列,上限为 {limit} 列",
        "The file has {columns} columns; at most {limit} are accepted",
    ),
    Refusal.COLUMN_MISSING: (
        "缺少必需的列“{column}”",
        "Column '{column}' is required and missing",
    ),
    Refusal.COLUMN_UNKNOWN: (
        "没有“{column}”这一列;可选:{known}",
        "There is no '{column}'; there are: {known}",
    ),
    Refusal.COLUMN_TWICE: (
        "两列都对应“{field}”;请只保留一列",
        "Two columns are for '{field}'; keep one of them",
    ),
    Refusal.IMPORT_NOT_WAITING: (
        "这次导入处于“{status}”状态,不能再确认列的对应关系",
        "This import is '{status}'; its columns can no longer be confirmed",
    ),
    Refusal.IMPORT_NOT_FINISHED: (
        "这次导入处于“{status}”状态;只有完成的导入才能撤销",
        "This import is '{status}'; only a finished one can be undone",
    ),
    Refusal.IMPORT_NOT_UNDOABLE: (
        "无法撤销:这次导入只是试运行,没有写入任何数据",
        "There is nothing to undo: this import was a dry run and wrote nothing",
    ),
    Refusal.IMPORT_TOO_OLD: (
        "只有 {days} 天内的导入可以撤销",
        "Only imports of the last {days} days can be undone",
    ),
    Refusal.SOURCE_UNKNOWN: (
        "没有名为“{source}”的导入映射;可选:{known}",
        "There is no import mapping '{source}'; there are: {known}",
    ),
    Refusal.EMPLOYEE_UNMATCHED: (
        "没有找到员工“{reference}”;请先导入人员,或填写正确的工号",
        "There is no employee '{reference}'; import the people first, or correct the number",
    ),
    Refusal.EMPLOYEE_NO_TAKEN: (
        "工号“{number}”属于另一名员工 {employee}",
        "Employee number '{number}' is another employee's: {employee}",
    ),
    Refusal.LEFT_BEFORE_START: (
        "离职日期不能早于入职日期 {starts_on}",
        "The last day should not be before the first, {starts_on}",
    ),
    Refusal.CELL_REQUIRED: ("不能为空", "A value is required"),
    Refusal.CELL_NOT_A_NUMBER: (
        "应为数字,例如 {example}",
        "It should be a number, such as {example}",
    ),
    Refusal.CELL_NOT_A_DATE: (
        "应为日期,例如 2026-11-22",
        "It should be a date, such as 2026-11-22",
    ),
    Refusal.CELL_NOT_A_MONTH: (
        "应为月份,例如 2026-11",
        "It should be a month, such as 2026-11",
    ),
    Refusal.CELL_NOT_A_WEEK: (
        "应为 ISO 周(例如 2026-W10)或该周中的某一天",
        "It should be an ISO week, such as 2026-W10, or a day of that week",
    ),
    Refusal.CELL_NOT_AN_OPTION: ("应为以下之一:{options}", "It should be one of: {options}"),
    Refusal.CELL_NOT_AN_EMAIL: (
        "应为邮箱地址,例如 {example}",
        "It should be an e-mail address, such as {example}",
    ),
    Refusal.CELL_NOT_AN_IDENTIFIER: (
        "应为编号,例如 {example}",
        "It should be a number or code, such as {example}",
    ),
    Refusal.CELL_DATE_AMBIGUOUS: (
        "可以是 {day_first},也可以是 {month_first};请写成其中之一",
        "It can be {day_first} or {month_first}; write one of the two",
    ),
    Refusal.CELL_PERCENT_AMBIGUOUS: (
        "可以是 {large},也可以是 {small};请带上百分号",
        "It can be {large} or {small}; write it with a percent sign",
    ),
    Refusal.CELL_CURRENCY_DIFFERS: (
        "币种 {currency} 与这一行的 {other} 不一致",
        "It is in {currency}, and another amount of this row in {other}",
    ),
    Refusal.CELL_FORMULA_FAILED: (
        "公式出错,没有值",
        "A formula that failed; there is no value",
    ),
    Refusal.CELL_TOO_LONG: (
        "有 {size} 个字符,上限为 {limit}",
        "It has {size} characters; at most {limit} are accepted",
    ),
    Refusal.CELL_NOT_VALID: ("不符合要求:{reason}", "It is not valid: {reason}"),
    Refusal.ROW_REPEATED: (
        "与第 {row} 行是同一条记录,但内容不同;请只保留一行",
        "Row {row} is about the same and says otherwise; keep one of the two",
    ),
    Refusal.ROW_TOO_LONG: (
        "这一行有 {cells} 个单元格,表头只有 {columns} 列",
        "This row has {cells} cells, and the header {columns}",
    ),
    Refusal.CONFIGURATION_INVALID: (
        "配置 {kind}/{name} 无效:{reason}",
        "Configuration {kind}/{name} is not valid: {reason}",
    ),
}
