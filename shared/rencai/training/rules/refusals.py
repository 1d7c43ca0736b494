"""What is refused of training."""

from rencai.kernel.errors import Refusal


class TrainingRefusal(Refusal):
    """What is refused of training."""

    WARNING_NOT_OPEN = (
        "warning_not_open",
        "这条预警的状态是“{status}”;只有“open”的预警可以处理",
        "This warning is '{status}'; only one that is 'open' can be decided",
    )
    PROPOSAL_UNKNOWN = (
        "proposal_unknown",
        "没有为这条预警提出“{proposal}”;可选:{known}",
        "'{proposal}' is not among what was proposed for this warning; there are: {known}",
    )
    STILL_TO_COME = (
        "still_to_come",
        "发生时间 {at} 还没有到;请检查供应商的时钟",
        "It is said to have happened at {at}, which is still to come; look at the vendor's clock",
    )
