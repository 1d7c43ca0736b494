"""What is refused of a hiring journey."""

from rencai.kernel.errors import Refusal


class HiringRefusal(Refusal):
    """What is refused of a hiring journey."""

    NOTHING_TO_REVIEW = (
        "nothing_to_review",
        "没有等待人工复核的事项:候选人处于“{stage}”阶段,只有“待人工复核”阶段可以复核",
        "Nothing waits for a review: the candidate is at stage '{stage}', and only 'in_review' can be decided",
    )
    REVIEW_OF_INTERVIEW = (
        "review_of_interview",
        "等待复核的是面试(“interview”),不是背景调查(“check”)",
        "What waits for a review is the interview ('interview'), not the background check ('check')",
    )
    REVIEW_OF_CHECK = (
        "review_of_check",
        "等待复核的是背景调查(“check”),不是面试(“interview”)",
        "What waits for a review is the background check ('check'), not the interview ('interview')",
    )
    REFERENCE_UNKNOWN = (
        "reference_unknown",
        "其中的引用不是本系统发出的",
        "The reference is not one of ours",
    )
    ANOTHER_ASSESSMENT = (
        "another_assessment",
        "测评编号与为该候选人预约的测评不符",
        "The assessment is not the one that was ordered for this candidate",
    )
    OFFER_NOT_ENDED = (
        "offer_not_ended",
        "候选人处于“{stage}”阶段;只有已拒签、已过期或已作废的录用通知可以重新发送",
        "The candidate is at stage '{stage}'; only an offer that was declined, has expired or was voided is sent again",
    )
    OFFER_WAS_SIGNED = (
        "offer_was_signed",
        "录用通知已签署,流程其后撤回;已签署的录用通知不能重新发送,如需重新录用,请在招聘系统中另建申请",
        "The offer was signed before the journey was withdrawn; it is not sent again. Begin anew with an application",
    )
    NOTHING_TO_RECONSIDER = (
        "nothing_to_reconsider",
        "候选人处于“{stage}”阶段;只有人才库中的候选人可以改判为合格",
        "The candidate is at stage '{stage}'; only somebody in the talent pool can be taken on after all",
    )
    NOTHING_TO_RESCHEDULE = (
        "nothing_to_reschedule",
        "候选人处于“{stage}”阶段;入职日期可以在合格之后、背景调查通过之前约定,入职办理完成后请更正员工的入职日期",
        "The candidate is at stage '{stage}'; a first day is agreed until they are cleared, then it is the employee's",
    )
    FIRST_DAY_TOO_FAR = (
        "first_day_too_far",
        "入职日期应在 {earliest} 与 {latest} 之间",
        "The first day should be from {earliest} to {latest}",
    )
    NOTHING_TO_WITHDRAW = (
        "nothing_to_withdraw",
        "候选人处于“{stage}”阶段,招聘流程不能再撤回;背景调查已通过的,入职办理完成后请登记离职日期",
        "The candidate is at stage '{stage}': nothing is left to withdraw. Who is cleared is about to be an employee",
    )


class HiringDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    DUE_STAGES = (
        "due_stages",
        "应恰好给出这些阶段:{known}",
        "should name exactly these stages: {known}",
    )

    DUE_WITHIN_A_DAY = (
        "due_within_a_day",
        "不需要人处理的阶段合计 {total} 小时,最多 24 小时",
        "the stages that need no person add up to {total} hours; at most 24 (B7)",
    )

    SALARY_POINTS_RISE = (
        "salary_points_rise",
        "“minimum_at”应小于“maximum_at”",
        "minimum_at must be below maximum_at",
    )
