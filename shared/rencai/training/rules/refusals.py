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


class MentorRefusal(Refusal):
    """What is refused of mentors and their links."""

    LINK_NOT_VALID = (
        "mentor_link_not_valid",
        "链接不完整或无效;请直接点击邮件中的链接",
        "This link is not complete or not ours; use the one in the e-mail as it is",
    )
    LINK_EXPIRED = (
        "mentor_link_expired",
        "链接已于 {until} 过期",
        "This link was good until {until}",
    )
    RATING_CLOSED = (
        "mentor_rating_closed",
        "这份评分不再需要填写",
        "This rating is not asked for any more",
    )
    MENTOR_UNSAID = (
        "mentor_unsaid",
        "请给出“employee_id”,或同时给出“name”和“email”",
        "give employee_id, or both name and email",
    )
    MENTOR_IS_LEARNER = (
        "mentor_is_learner",
        "员工不能担任自己的导师",
        "Employees cannot rate their own training",
    )
    MENTOR_HAS_LEFT = (
        "mentor_has_left",
        "该员工已于 {left_on} 离职,不能担任导师",
        "This employee's last day was {left_on}; they cannot be a mentor",
    )
    NOT_ENROLLED = (
        "not_enrolled",
        "员工还没有在学习平台报名这门课程,请稍后再试",
        "The employee is not enrolled in this course yet; try again later",
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
