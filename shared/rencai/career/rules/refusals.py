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
