"""What is refused of the survey."""

from rencai.kernel.errors import Refusal


class SurveyRefusal(Refusal):
    """What is refused of the survey."""

    LINK_NOT_VALID = (
        "link_not_valid",
        "链接不完整或无效;请直接点击邮件中的链接",
        "This link is not complete or not ours; use the one in the e-mail as it is",
    )
    LINK_EXPIRED = (
        "link_expired",
        "链接已于 {until} 过期",
        "This link was good until {until}",
    )
    SURVEY_CLOSED = (
        "survey_closed",
        "{month} 的问卷不再接受填写",
        "The survey of {month} no longer takes answers",
    )
    GROUPING_UNKNOWN = (
        "grouping_unknown",
        "问卷结果不按“{by}”分组;可选:{known}",
        "The survey's results are not grouped by '{by}'; there are: {known}",
    )


class SurveyDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    FORM_QUESTION_REPEATED = (
        "form_question_repeated",
        "问题“{question}”重复",
        "question '{question}' comes twice",
    )

    GROUPING_REPEATED = (
        "grouping_repeated",
        "有一种分组方式重复",
        "a grouping comes twice",
    )
