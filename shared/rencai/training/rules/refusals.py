"""What is refused of training."""

from rencai.kernel.errors import Refusal


class TrainingRefusal(Refusal):
    """What is refused of training."""

    WARNING_NOT_OPEN = (
        "warning_not_open",
        "这条预警的状态是“{status}”;只有“未处理”的预警可以处理",
        "This warning is '{status}'; only one that is 'open' can be decided",
    )
    PROPOSAL_UNKNOWN = (
        "proposal_unknown",
        "没有为这条预警提出“{proposal}”;可选:{known}",
        "'{proposal}' is not among what was proposed for this warning; there are: {known}",
    )
    RATING_DECIDED = (
        "rating_decided",
        "这条导师评价已由人力资源部处理过,结果不同",
        "HR has said otherwise of this review before",
    )
    STILL_TO_COME = (
        "still_to_come",
        "发生时间 {at} 还没有到;请检查供应商的时钟",
        "It is said to have happened at {at}, which is still to come; look at the vendor's clock",
    )


class TrainingDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    COURSE_WEIGHTS = (
        "course_weights",
        "“completion”“exam”“mentor”之和应为 1",
        "completion, exam and mentor should add up to 1",
    )

    PROBATION_WEIGHTS = (
        "probation_weights",
        "“training_weight”与“performance_weight”之和应为 1",
        "training_weight and performance_weight should add up to 1",
    )

    COURSE_LENGTH = (
        "course_length",
        "请说明课程有多长:“lessons”“days”或“sessions_per_week”",
        "say how long it is: lessons, days or sessions_per_week",
    )

    DUE_BEFORE_START = (
        "due_before_start",
        "“due_after_days”早于“starts_after_days”",
        "due_after_days is before starts_after_days",
    )

    RULE_DOES_NOTHING = (
        "rule_does_nothing",
        "规则既没有增加课程,也没有去掉课程",
        "it neither adds nor removes a course",
    )

    RULE_OF_ITS_OWN_COURSE = (
        "rule_of_its_own_course",
        "规则不能增加或去掉它所等待的课程",
        "it cannot add or remove the course it waits for",
    )

    RULE_ID_REPEATED = (
        "rule_id_repeated",
        "两条规则或建议的编号都是“{twice}”",
        "'{twice}' is the id of two rules or proposals",
    )

    SCALE_FALLS = (
        "scale_falls",
        "“scale”中较高的一级不能比较低的一级计分更低",
        "a higher level of the scale cannot count less than a lower one",
    )
