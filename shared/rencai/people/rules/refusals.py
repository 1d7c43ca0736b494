"""What is refused of merges, and of questions about contact data."""

from rencai.kernel.errors import Refusal


class PeopleRefusal(Refusal):
    """What is refused of merges, and of questions about contact data."""

    MERGE_NOT_OPEN = (
        "merge_not_open",
        "这条合并记录的状态是“{status}”,不能再{decision}",
        "This merge is '{status}'; '{decision}' cannot be done to it any more",
    )
    MERGE_UNDER_WAY = (
        "merge_under_way",
        "候选人处于“{stage}”阶段,已有录用通知或入职流程在进行;请先结束该流程再合并",
        "The candidate is at stage '{stage}', with an offer or onboarding under way; end that before merging",
    )
    MERGE_RESTS_ON_IT = (
        "merge_rests_on_it",
        "候选人的现行流程以对方的面试为依据(阶段“{stage}”),不能撤销合并",
        "The candidate's journey rests on the other's interview (stage '{stage}'), so the merge cannot be undone",
    )
    QUESTION_NOT_OPEN = (
        "question_not_open",
        "这个问题已经有了答复:“{status}”",
        "This question has been answered: '{status}'",
    )
    QUESTION_OUTDATED = (
        "question_outdated",
        "提问之后,“{field}”已经改过;请查看当前的联系信息,需要时直接更正,或拒绝这个问题",
        "'{field}' is no longer what the question shows as old; look at what counts and correct it, or refuse this",
    )
    CONTACT_NOT_USABLE = (
        "contact_not_usable",
        "“{field}”的值不可用;请填写完整、真实的内容",
        "What is given as '{field}' cannot be used; it should be whole and real",
    )
    CONTACT_BOTH = (
        "contact_both",
        "“{field}”既给了新值,又在“clear”中要求清除;请只选其一",
        "'{field}' is given and named in `clear`; say one of the two",
    )
    NOTHING_CORRECTED = (
        "nothing_corrected",
        "请至少给出一项与现有信息不同的内容:“name”“email”“phone”,候选人还可以是“national_id”",
        "Give something other than what counts: name, email, phone, and of a candidate national_id",
    )
    MERGE_INTO_WHOM = (
        "merge_into_whom",
        "请用“into”指明合并到哪一位:{candidates}",
        "Say with `into` who it is; it can be {candidates}",
    )
