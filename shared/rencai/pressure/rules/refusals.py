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


class PressureDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    WORDS_RULE_REPEATED = (
        "words_rule_repeated",
        "文字规则“{twice}”重复",
        "words rule '{twice}' comes twice",
    )

    WORDS_RULE_ONE_WAY = (
        "words_rule_one_way",
        "应有“present”“says”和“examples”之一,且只有一个",
        "should have one of present, says and examples",
    )

    UNLESS_OF_CLAIMS = (
        "unless_of_claims",
        "“unless”只用于“present”或“examples”",
        "should have unless only beside present or examples",
    )

    COUNTEREXAMPLES_ALONE = (
        "counterexamples_alone",
        "“counterexamples”只与“examples”一同使用",
        "should have counterexamples only beside examples",
    )

    EXAMPLES_TOO_FEW = (
        "examples_too_few",
        "“examples”至少要有 {fewest} 句",
        "should have {fewest} examples or more",
    )

    LEVEL_SAYS_ONE = (
        "level_says_one",
        "应有“at_least”和“all_of”之一,且只有一个",
        "should have either at_least or all_of",
    )

    LEVEL_NEVER_HOLDS = (
        "level_never_holds",
        "第 {place} 个级别“{level}”永远不会成立:它成立时,前面的某一级已经成立",
        "level {place}, '{level}', can never hold: one before it holds whenever it does",
    )
