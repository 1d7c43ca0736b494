"""What is refused of careers."""

from rencai.kernel.errors import Refusal


class CareerRefusal(Refusal):
    """What is refused of careers."""

    SKILL_UNKNOWN = (
        "skill_unknown",
        "职业阶梯“{ladder}”没有“{id}”;可选:{known}",
        "Career ladder '{ladder}' has no '{id}'; there are: {known}",
    )
    LEVEL_UNKNOWN = (
        "level_unknown",
        "职业阶梯“{ladder}”没有级别“{level}”;可选:{known}",
        "Career ladder '{ladder}' has no level '{level}'; there are: {known}",
    )
    PROJECT_REPEATED = (
        "project_repeated",
        "项目“{project}”重复;每个项目只能有一条记录",
        "Project '{project}' comes twice; it should be there once",
    )


class CareerDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    LEVEL_REPEATED = (
        "level_repeated",
        "两个级别的编号相同",
        "two levels have the same id",
    )

    LEVEL_ASKS_UNKNOWN = (
        "level_asks_unknown",
        "级别“{level}”要求“{unknown}”,但没有它的说明",
        "level '{level}' asks for '{unknown}', which is described nowhere",
    )

    LEVEL_ASKS_NOTHING = (
        "level_asks_nothing",
        "级别“{level}”没有任何要求,人人都会达到",
        "level '{level}' asks nothing, so everybody would be there",
    )

    CURVE_RISES = (
        "curve_rises",
        "曲线的比例应逐个增大",
        "the ratios of the curve should rise",
    )

    REFERENCE_FIXED = (
        "reference_fixed",
        "“reference”与“compared_with”为“fixed”时一同使用,缺一不可",
        "a reference goes with compared_with: fixed, which needs one",
    )

    METRIC_WEIGHTS = (
        "metric_weights",
        "维度“{perspective}”中各指标的权重之和应为 1",
        "the weights of the metrics of '{perspective}' should add up to 1",
    )

    POINTS_ONE_BOUND = (
        "points_one_bound",
        "应有“at_least”和“at_most”之一,且只有一个",
        "should have either at_least or at_most",
    )

    PERSPECTIVE_WEIGHTS = (
        "perspective_weights",
        "各维度的权重之和应为 1",
        "the weights of the perspectives should add up to 1",
    )

    SCORECARD_ID_REPEATED = (
        "scorecard_id_repeated",
        "“{part}”中有两项的编号相同",
        "two {part} have the same id",
    )

    GRADES_FALL = (
        "grades_fall",
        "等级应从高到低排列,最后一个的“at_least”应为 0",
        "grades go from the best down, and the last is at_least 0",
    )

    LOW_BELOW_HIGH = (
        "low_below_high",
        "“low”应小于“high”",
        "low should be below high",
    )

    INCENTIVE_UNKNOWN = (
        "incentive_unknown",
        "激励“{incentive}”:没有“{unknown}”",
        "incentive '{incentive}': there is no '{unknown}'",
    )
