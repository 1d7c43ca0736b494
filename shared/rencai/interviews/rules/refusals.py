"""What is refused of interview results and files of them."""

from rencai.kernel.errors import Refusal


class InterviewRefusal(Refusal):
    """What is refused of interview results and files of them."""

    INTERVIEW_CHANGED = (
        "interview_changed",
        "面试编号 {interview_id} 已用于内容不同的结果;请使用新的编号,或原样重发",
        "Interview id {interview_id} was already used for other content; use a new id, or send the same content",
    )
    UNKNOWN_ROLE = (
        "unknown_role",
        "没有岗位“{role}”的胜任力模型;已有:{known}",
        "No competency model for role '{role}'; there are: {known}",
    )
    VENDOR_NOT_BOUND = (
        "vendor_not_bound",
        "{speaker} 不能提交面试供应商“{vendor}”的结果;请管理员在配置“interview_vendors”中登记",
        "{speaker} may not hand in results of interview vendor '{vendor}'; an admin binds it by interview_vendors",
    )
    LINE_TOO_LONG = (
        "line_too_long",
        "这一行有 {size} 字节,上限为 {limit} 字节",
        "The line has {size} bytes; at most {limit} are accepted",
    )
    FILE_EMPTY = (
        "file_empty",
        "文件是空的,没有面试结果",
        "The file is empty: it holds no interview",
    )
    FILE_COMPRESSED = (
        "file_compressed",
        "文件是 {format} 压缩格式;请上传未压缩的 JSON 或 JSONL",
        "The file is compressed ({format}); upload it as plain JSON or JSONL",
    )
    FILE_TOO_MANY_LINES = (
        "file_too_many_lines",
        "文件超过 {limit} 行;第 {limit} 行之后未导入,请拆分后再上传其余部分",
        "The file has more than {limit} lines; nothing after line {limit} was read: upload the rest as another file",
    )
    LINES_GIVEN_UP = (
        "lines_given_up",
        "截至第 {last} 行(含此行):{reason};其中可能有已入库的行,请把这些行另存后重新上传",
        "As far as line {last}: {reason}; some of these lines may be on record: upload them again by themselves",
    )
    REPORT_CUT = (
        "report_cut",
        "报告超过 {limit} MB,此后的错误未列出;请先更正以上各行,再重新上传",
        "The report has more than {limit} MB, and what follows is not listed: correct these lines and upload again",
    )
    FILE_JSON_ARRAY = (
        "file_json_array",
        "文件是一个 JSON 数组;请每行写一个对象(JSONL)",
        "The file is one JSON array; write one object a line (JSONL)",
    )


class InterviewDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    RULE_ONE_KIND = (
        "rule_one_kind",
        "一条规则应有“signal”“present”“absent”“says”“unsaid”“examples”之一,且只有一个",
        "a rule has exactly one of signal, present, absent, says, unsaid, examples",
    )

    RULE_OF_PRESENT = (
        "rule_of_present",
        "“anywhere”只与“present”一同使用,“unless”只与“present”或“examples”一同使用",
        "anywhere goes with present, and unless with present or examples",
    )

    RULE_COUNTEREXAMPLES = (
        "rule_counterexamples",
        "“counterexamples”只与“examples”一同使用",
        "counterexamples go with examples",
    )

    RULE_EXAMPLES = (
        "rule_examples",
        "“examples”至少要有 {fewest} 句",
        "examples are {fewest} sentences or more",
    )

    RULE_THRESHOLDS = (
        "rule_thresholds",
        "“gte”“gt”“lte”“lt”与“signal”一同使用,且至少有其中一个",
        "gte, gt, lte and lt go with a signal, and a signal needs at least one of them",
    )

    COMPETENCY_RULE_REPEATED = (
        "competency_rule_repeated",
        "同一胜任力中有规则的编号重复",
        "rule ids repeat within the competency",
    )

    RULE_TOPICS = (
        "rule_topics",
        "规则“{rule}”的话题不在这项胜任力的话题之中",
        "rule {rule}: its topics are not among the competency's",
    )

    MODEL_EMPTY = (
        "model_empty",
        "模型至少要有一项胜任力",
        "a model needs at least one competency",
    )

    MODEL_WEIGHTS = (
        "model_weights",
        "权重之和是 {total},应为 1",
        "the weights add up to {total}, not to 1",
    )

    MODEL_BOUNDS = (
        "model_bounds",
        "“improve_at”应小于“strength_at”",
        "improve_at must be below strength_at",
    )
    MODEL_REQUIRES_UNKNOWN = (
        "model_requires_unknown",
        "“required”中有模型没有的胜任力:{known}",
        "required names no competency of the model: {known}",
    )
    MODEL_REQUIRES_TWICE = (
        "model_requires_twice",
        "“required”中有胜任力重复",
        "required names a competency twice",
    )
