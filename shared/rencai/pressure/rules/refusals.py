"""What is refused of alerts and interventions."""

from rencai.kernel.errors import Refusal


class PressureRefusal(Refusal):
    """What is refused of alerts and interventions."""

    ALERT_NOT_OPEN = (
        "alert_not_open",
        "这条预警已经解除或已更新;请刷新后再操作",
        "This alert is no longer open; look at the present ones",
    )
    ACTION_UNKNOWN = (
        "action_unknown",
        "没有干预措施“{action}”;可选:{known}",
        "There is no action '{action}'; there are: {known}",
    )
    DUE_IN_THE_PAST = (
        "due_in_the_past",
        "截止日期不能早于今天({today})",
        "The due date should be today ({today}) or later",
    )
    INTERVENTION_CLOSED = (
        "intervention_closed",
        "这次干预已经结束,不能再修改",
        "This intervention is closed and cannot be changed",
    )
    INTERVENTION_OPEN = (
        "intervention_open",
        "这条预警已有进行中的干预 {intervention}",
        "Intervention {intervention} is under way for this alert already",
    )
