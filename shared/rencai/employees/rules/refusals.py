"""What is refused of what is told of employees."""

from rencai.kernel.errors import Refusal


class EmployeeRefusal(Refusal):
    """What is refused of what is told of employees."""

    MONTH_TO_COME = (
        "month_to_come",
        "{month} 还没有到;绩效最晚可以录到 {latest}",
        "{month} is still to come; performance can be recorded up to {latest}",
    )
    SCORE_OUT_OF_RANGE = (
        "score_out_of_range",
        "得分应在 0 到 {out_of} 之间",
        "The score should be between 0 and {out_of}",
    )
    PERIOD_TO_COME = (
        "period_to_come",
        "{period} 还没有到;最晚可以录到 {latest}",
        "{period} is still to come; the latest that can be recorded is {latest}",
    )
    WEEK_UNKNOWN = (
        "week_unknown",
        "没有 {week} 这一周;{year} 年只有 {weeks} 周(ISO 8601)",
        "There is no week {week}: {year} has {weeks} weeks (ISO 8601)",
    )
    OVERTIME_BEYOND_HOURS = (
        "overtime_beyond_hours",
        "加班时间是工作时间的一部分,不能超过 {hours} 小时",
        "Overtime is part of the hours at work; it should be at most {hours}",
    )
    LEAVE_ENDS_BEFORE_START = (
        "leave_ends_before_start",
        "假期的结束日期不能早于开始日期 {starts_on}",
        "The leave starts on {starts_on}; it should end on that day or later",
    )
    LEAVE_TOO_FAR_AHEAD = (
        "leave_too_far_ahead",
        "假期最多可以提前一年登记,结束日期不能晚于 {latest}",
        "Leave can be recorded a year ahead; it should end on {latest} or earlier",
    )
    LEAVE_DAYS_BEYOND = (
        "leave_days_beyond",
        "这段日期只有 {calendar_days} 天,假期天数不能超过它",
        "From its first day to its last there are {calendar_days}; `days` should be at most that",
    )
    LEAVE_OVERLAPS = (
        "leave_overlaps",
        "与假期 {leave}({starts_on} 至 {ends_on},{days} 天)重叠;若是同一次请假,请用同一编号;否则请先更正或取消其一",
        "It overlaps leave {leave} ({starts_on} to {ends_on}, {days} days): one leave has one id; of two, correct one",
    )
    BEFORE_FIRST_DAY = (
        "before_first_day",
        "{period} 早于该员工的入职日期 {starts_on};请核对时间,或先更正入职日期",
        "{period} is before the employee's first day, {starts_on}; check when it was, or correct the first day before",
    )
    AFTER_LAST_DAY = (
        "after_last_day",
        "{period} 晚于该员工的离职日期 {left_on};请核对时间,或先更正离职日期",
        "{period} is after the employee's last day, {left_on}; check when it was, or correct the last day before",
    )
    QUESTION_REPEATED = (
        "question_repeated",
        "问题“{question}”重复;每个问题只能有一个回答",
        "Question '{question}' comes twice; it should have one answer",
    )
    ANSWERS_TOO_LONG = (
        "answers_too_long",
        "文字回答共 {size} 个字符,上限为 {limit}",
        "The texts have {size} characters together; at most {limit} are accepted",
    )
    SIGNAL_REPEATED = (
        "signal_repeated",
        "与“items[{index}]”是同一条记录,但内容不同;请只保留一项",
        "items[{index}] is about the same and says otherwise; send one of the two",
    )
    METRIC_REPEATED = (
        "metric_repeated",
        "指标“{metric}”重复;每个指标每月只能有一个数值",
        "Metric '{metric}' comes twice; a month has one value of it",
    )
    SURVEY_ANSWERED = (
        "survey_answered",
        "员工已通过自己的链接填写 {month} 的问卷;不能由他人代填或修改",
        "The employee has answered the survey of {month} by their own link; nobody else answers over it",
    )
    STILL_AHEAD = (
        "still_ahead",
        "日期不能晚于今天({today})",
        "The date should be today ({today}) or earlier",
    )
    FIRST_DAY_SAME = (
        "first_day_same",
        "入职日期已经是 {starts_on}",
        "The first day is {starts_on} already",
    )
    FIRST_DAY_OUT_OF_RANGE = (
        "first_day_out_of_range",
        "入职日期应在 {earliest} 与 {latest} 之间",
        "The first day should be from {earliest} to {latest}",
    )
    FIRST_DAY_AFTER_LAST = (
        "first_day_after_last",
        "入职日期不能晚于离职日期 {left_on};请核对,或先更正离职日期",
        "The first day is after the last one, {left_on}; check it, or correct the last day before",
    )
    WORK_BEFORE_FIRST_DAY = (
        "work_before_first_day",
        "已有 {period} 的考勤、请假、绩效或问卷记录,早于 {starts_on};请先更正该记录,或换一个入职日期",
        "There is work on record of {period}, before {starts_on}; correct that first, or choose another first day",
    )
    PROBATION_DECIDED = (
        "probation_decided",
        "试用期已经结束,得分已定,不能再随入职日期改变;因此入职日期不能更正",
        "The probation is over and its score is final: it could not follow, so the first day stays as it is",
    )
