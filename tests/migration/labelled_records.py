"""Rows that mean one another, weeks, scales; and files of one source, one after the other."""

from typing import Final

from tests.migration.labelled import Labelled, csv, t
from tests.migration.labelled_files import Raw, Shown, sheet
from tests.migration.labelled_tables import PERSON, WEEK, ZH, A, Says, week


def absence(
    why: str, rows: list[tuple[str, ...]], labels: dict[int, str], whole: str = "finished", **how: str
) -> Labelled:
    head = ("工号", "类型", "开始日期", "结束日期", "天数")
    return t("leave", why, csv(head, *rows), how.get("look", "days"), labels, whole)


RECORDS: Final[list[Labelled]] = [
    absence(
        "half a day told twice",
        [("10001", "病假", "2026-02-03 上午", "2026-02-03 上午", "0.5")] * 2,
        {
            2: "0.5 | no | no:starts_on | no:ends_on,starts_on",
            3: "0.5 | no | no:starts_on | no:ends_on,starts_on",
        },
    ),
    absence(
        "two halves of a day",
        [
            ("10001", "病假", "2026-02-03 上午", "2026-02-03 上午", "0.5"),
            ("10001", "病假", "2026-02-03 下午", "2026-02-03 下午", "0.5"),
        ],
        {2: "0.5 | no", 3: "0.5 | no | no:starts_on | no:ends_on,starts_on"},
    ),
    absence(
        "two leaves on one day",
        [
            ("10001", "病假", "2026-02-03", "2026-02-04", "2"),
            ("10001", "年假", "2026-02-04", "2026-02-05", "2"),
        ],
        {2: "2", 3: "no:starts_on | no | no:None | no:ends_on,starts_on"},
    ),
    absence(
        "one leave within another",
        [
            ("10001", "年假", "2026-02-02", "2026-02-06", "5"),
            ("10001", "病假", "2026-02-04", "2026-02-04", "1"),
        ],
        {2: "5", 3: "no:starts_on | no | no:None | no:ends_on,starts_on"},
    ),
    absence(
        "a leave that ends before it starts",
        [("10001", "年假", "2026-02-06", "2026-02-02", "5")],
        {2: "no:ends_on | no:starts_on | no:ends_on,starts_on"},
    ),
    absence(
        "a leave before the first day",
        [("10001", "年假", "2020-01-02", "2020-01-03", "2")],
        {2: "no:starts_on | no:None"},
    ),
    absence(
        "a leave over the first day",
        [("10001", "年假", "2020-01-03", "2020-01-07", "3")],
        {2: "no:starts_on | no:None"},
    ),
    absence(
        "from a morning to a noon",
        [("10001", "年假", "2026-02-03 09:00", "2026-02-04 12:00", "1.5")],
        {2: "1.5 | no:ends_on"},
    ),
    absence(
        "a leave of two years",
        [("10001", "年假", "2024-02-03", "2026-02-02", "730")],
        {2: "730 | no:ends_on"},
    ),
    t(
        "leave",
        "a request that nobody has granted, or has taken back",
        csv(
            ("工号", "类型", "开始日期", "结束日期", "天数", "审批状态"),
            ("10001", "年假", "2026-02-03", "2026-02-03", "1", "已通过"),
            ("10002", "年假", "2026-02-03", "2026-02-03", "1", "已驳回"),
            ("10003", "年假", "2026-02-03", "2026-02-03", "1", "审批中"),
        ),
        "cancelled",
        {2: "False |  | no", 3: "True | no", 4: "no"},
        "asked",
    ),
    week(
        "a week that starts on Sunday",
        csv(("工号", "周开始日期", "工时"), ("10001", "2026-02-15", "40")),
        {2: "no:week"},
        "finished | asked",
    ),
    week(
        "a week that ends on Sunday",
        csv(("Employee no.", "Week ending", "Hours"), ("10001", "2026-02-15", "40")),
        {2: "40"},
        "finished | asked",
    ),
    t(
        "attendance",
        "which week that is",
        csv(("Employee no.", "Week ending", "Hours"), ("10001", "2026-02-15", "40")),
        "week",
        {2: "2026-W07 | no"},
        "finished | asked",
    ),
    t(
        "attendance",
        "a week that ends on Saturday",
        csv(("Employee no.", "Week ending", "Hours"), ("10001", "2026-02-14", "40")),
        "week",
        {2: "no | 2026-W07"},
        "finished | asked",
    ),
    t(
        "attendance",
        "a week that ends on Friday",
        csv(("工号", "周结束日期", "工时"), ("10001", "2026-02-13", "40")),
        "week",
        {2: "2026-W07 | no"},
        "finished | asked",
    ),
    t(
        "attendance",
        "a week that starts on Monday",
        csv(("工号", "周起始日", "工时"), ("10001", "2026-02-09", "40")),
        "week",
        {2: "2026-W07 | no"},
        "finished | asked",
    ),
    week(
        "a row for each day",
        csv(("工号", "日期", "工时"), ("10001", "2026-02-09", "8"), ("10001", "2026-02-10", "8")),
        {2: "8", 3: "no:employee_no"},
        "asked",
        "",
        {"by_letter": {"B": "week"}},
    ),
    week(
        "one week told in two ways",
        csv(WEEK, A, ("10001", "2026-W07", "30")),
        {2: "40 | no | no:week", 3: "no | no:None | no:week | no:employee_no"},
    ),
    week("one week told twice", csv(WEEK, A, A), {2: "40", 3: "40 | no | no:None | no:week"}),
    week(
        "more overtime than hours",
        csv((*WEEK, "加班"), (*A, "50")),
        {2: "no:overtime_hours | no:hours | no:hours,overtime_hours"},
    ),
    week("nobody's number", csv(WEEK, ("99999", "2026-W07", "40")), {2: "no:employee_no"}),
    week(
        "zeros that a spreadsheet took",
        sheet(WEEK, (Shown(1, "General"), "2026-W07", 40)),
        {2: "no:employee_no"},
    ),
    t(
        "people",
        "one number of two people",
        csv(
            ZH,
            ("20001", "李四", "sales", "上海", "2026-02-02", ""),
            ("20001", "王五", "sales", "上海", "2026-02-02", ""),
        ),
        "name",
        {2: "李四", 3: "no | no:employee_no | no:None"},
        "finished",
    ),
    t(
        "people",
        "one number of two people, unseen",
        csv(
            ZH,
            ("20001", "李四", "sales", "上海", "2026-02-02", ""),
            ("20001\u200b", "王五", "sales", "上海", "2026-02-02", ""),
        ),
        "name",
        {2: "李四", 3: "no | no:employee_no | no:None"},
        "finished",
    ),
    t(
        "people",
        "departments of one name, spelled in two ways",
        csv(
            ZH,
            ("20001", "李四", "sales", "上海", "2026-02-02", "运营部"),
            ("20002", "王五", "sales", "上海", "2026-02-02", "运营 部"),
        ),
        "department",
        {2: "运营部", 3: "运营部 | 运营 部"},
        "asked | finished",
    ),
    t(
        "people",
        "months before days, as the other rows show",
        csv(PERSON, ("20001", "Li", "sales", "x", "02/13/2026"), ("20002", "Wu", "sales", "x", "02/03/2026")),
        "starts_on",
        {2: "2026-02-13 | no", 3: "2026-02-03 | no"},
        "finished | asked",
    ),
    t(
        "people",
        "days and months in both orders",
        csv(
            PERSON,
            ("20001", "Li", "sales", "x", "02/13/2026"),
            ("20002", "Wu", "sales", "x", "13/02/2026"),
            ("20003", "He", "sales", "x", "02/03/2026"),
        ),
        "starts_on",
        {2: "2026-02-13 | no", 3: "2026-02-13 | no", 4: "no"},
        "finished | asked",
    ),
    t(
        "people",
        "the last day before the first",
        csv((*ZH, "离职日期"), ("20001", "李四", "sales", "上海", "2026-02-02", "", "2026-01-02")),
        "left_on",
        {2: "no | no:starts_on"},
        "finished",
    ),
    t(
        "people",
        "somebody who has not left, in words",
        csv((*ZH, "离职日期"), ("20001", "李四", "sales", "上海", "2026-02-02", "", "在职")),
        "left_on",
        {2: " | no"},
        "finished | asked",
    ),
    t(
        "surveys",
        "stress, of which more is worse",
        csv(("工号", "月份", "压力"), ("10001", "2026-01", "5"), ("10002", "2026-01", "1")),
        "score:stress",
        {2: "1", 3: "5"},
        "asked",
        says=({"scales": {"score:stress": {"worst": 5, "best": 1}}},),
    ),
    t(
        "surveys",
        "satisfaction from one to four",
        csv(
            ("工号", "月份", "满意度"),
            *((f"{10001 + n % 4}", f"2025-{1 + n // 4:02}", "4321"[n % 4]) for n in range(24)),
        ),
        "score:satisfaction",
        {n + 2: "5421"[n % 4] for n in range(24)},
        "asked",
        says=({"scales": {"score:satisfaction": {"worst": 1, "best": 4}}},),
    ),
    t(
        "surveys",
        "satisfaction from nought to ten",
        csv(("工号", "月份", "满意度"), ("10001", "2026-01", "0"), ("10002", "2026-01", "10")),
        "score:satisfaction",
        {2: "1", 3: "5"},
        "asked",
        says=({"scales": {"score:satisfaction": {"worst": 0, "best": 10}}},),
    ),
    t(
        "performance",
        "a month's score of nobody knows what",
        csv(("工号", "月份", "绩效得分"), ("10001", "2026-01", "4.5")),
        "score",
        {2: "4.5"},
        "asked",
        says=({"scales": {"score": {"worst": 0, "best": 5}}},),
    ),
    t(
        "performance",
        "a month's score in letters",
        csv(("工号", "月份", "绩效得分"), ("10001", "2026-01", "B+")),
        "score",
        {2: "no"},
        "asked | finished",
    ),
    t(
        "training",
        "a spreadsheet since 1904",
        sheet(
            ("工号", "课程", "完成率", "完成日期"),
            ("10001", "c1", "100%", Shown(44594, "yyyy-mm-dd")),
            since_1904=True,
        ),
        "completed_on",
        {2: "2026-02-03 | no"},
        "finished",
    ),
    t(
        "training",
        "done on a day to come",
        csv(("工号", "课程", "完成率", "完成日期"), ("10001", "c1", "100%", "2026-12-03")),
        "completed_on",
        {2: "no"},
        "finished",
    ),
    t(
        "recruiting",
        "an interview after it could have been, of points beyond",
        csv(
            ("工号", "面试日期", "能力项", "得分"),
            ("10001", "2026-12-03", "communication", "8"),
            ("10002", "2020-01-03", "communication", "11"),
        ),
        "score",
        {2: "no:interviewed_on", 3: "no"},
        "asked",
        says=({"scales": {"score": {"worst": 0, "best": 10}}},),
    ),
    t(
        "attendance",
        "a formula under a total that others share",
        sheet(
            WEEK,
            ("10001", "2026-W07", Raw("n", '<f t="shared" ref="C2:C3" si="0">D2</f><v>40</v>')),
            ("10002", "2026-W07", Raw("n", '<f t="shared" si="0"/>')),
        ),
        "hours",
        {2: "40", 3: "no"},
        "finished",
    ),
]

HOURS: Final = ("工号", "周", "打卡总时长甲")
ABSENT: Final = ("工号", "类型", "开始日期", "结束日期", "天数")
OWN: Final = ("工号", "姓名", "岗位", "工作地点", "入职日期", "自定义一")


def _member(number: str, name: str, own: str) -> tuple[str, ...]:
    return (number, name, "sales", "上海", "2026-02-02", own)


File = tuple[bytes, str, str] | tuple[bytes, str, str, Says]
"""What is in it, what may come of its only row and of all of it, and what is said once it waits."""


def of(why: str, kind: str, look: str, *files: File) -> list[Labelled]:
    """Files of one source; to correct what passes by itself, a person asks to be asked."""
    return [
        t(
            kind,
            why,
            content,
            look,
            {2: label},
            whole,
            source="old-hr",
            says=says,
            confirm=bool(says and number > 1),
        )
        for number, (content, label, whole, *says) in enumerate(files, start=1)
    ]


SEQUENCES: Final[list[list[Labelled]]] = [
    of(
        "a header is remembered",
        "attendance",
        "hours",
        (csv(HOURS, A), "40", "asked", {"columns": {"打卡总时长甲": "hours"}, "remember": True}),
        (csv(HOURS, ("10002", "2026-W07", "39")), "39", "finished"),
        (csv(HOURS[::-1], ("38", "2026-W07", "10003")), "38", "finished"),
    ),
    of(
        "a header of unseen characters is remembered as it is seen",
        "attendance",
        "hours",
        (
            csv(("工号", "周", "打卡\u200b总时长乙"), A),
            "40",
            "asked",
            {"by_letter": {"C": "hours"}, "remember": True},
        ),
        (csv(("工号", "周", "打卡总时长乙"), ("10002", "2026-W07", "39")), "39", "finished"),
    ),
    of(
        "a figure is remembered",
        "performance",
        "sales",
        (
            csv(("工号", "月份", "销售额", "新品甲"), ("10001", "2026-01", "5", "2")),
            "5 CNY",
            "asked | finished",
            {"columns": {"新品甲": "metric:new_items"}, "remember": True},
        ),
        (
            csv(("工号", "月份", "销售额", "新品甲"), ("10002", "2026-01", "6", "3")),
            "6 CNY",
            "finished",
        ),
    ),
    of(
        "a kind of leave is remembered, and corrected",
        "leave",
        "kind",
        (
            csv(ABSENT, ("10001", "育儿假", "2026-02-02", "2026-02-02", "1")),
            "other",
            "asked",
            {"values": {"kind": {"育儿假": "other"}}, "remember": True},
        ),
        (
            csv(ABSENT, ("10002", "育儿假", "2026-02-02", "2026-02-02", "1")),
            "personal",
            "asked",
            {"values": {"kind": {"育儿假": "personal"}}, "remember": True},
        ),
        (csv(ABSENT, ("10003", "育儿 假", "2026-02-02", "2026-02-02", "1")), "personal", "finished"),
    ),
    of(
        "a header is remembered, and means another field from then on",
        "people",
        "department",
        (
            csv(OWN, _member("20001", "李四", "甲")),
            "",
            "asked | finished",
            {"columns": {"自定义一": "level"}, "remember": True},
        ),
        (
            csv(OWN, _member("20002", "王五", "乙")),
            "乙",
            "asked",
            {"columns": {"自定义一": "department"}, "remember": True},
        ),
        (csv(OWN, _member("20003", "赵六", "丙")), "丙", "finished"),
    ),
    of(
        "a title is remembered",
        "people",
        "role",
        (
            csv(PERSON, ("20001", "Li", "Growth hacker", "x", "2026-02-02")),
            "marketing",
            "asked",
            {"values": {"role": {"Growth hacker": "marketing"}}, "remember": True},
        ),
        (
            csv(PERSON, ("20002", "Wu", "growth  Hacker ", "x", "2026-02-02")),
            "marketing",
            "finished",
        ),
        (
            csv(PERSON, ("20003", "He", "Growth hacker (intern)", "x", "2026-02-02")),
            "marketing | no",
            "asked",
        ),
    ),
    of(
        "which end is bad is remembered",
        "surveys",
        "score:stress",
        (
            csv(("工号", "月份", "压力"), ("10001", "2026-01", "5")),
            "1",
            "asked",
            {"scales": {"score:stress": {"worst": 5, "best": 1}}, "remember": True},
        ),
        (csv(("工号", "月份", "压力"), ("10002", "2026-01", "2")), "4", "finished"),
    ),
    of(
        "a state is remembered",
        "leave",
        "cancelled",
        (
            csv((*ABSENT, "状态"), ("10001", "病假", "2026-02-02", "2026-02-02", "1", "流程终止甲")),
            "True",
            "asked",
            {"values": {"cancelled": {"流程终止甲": True}}, "remember": True},
        ),
        (
            csv((*ABSENT, "状态"), ("10002", "病假", "2026-02-02", "2026-02-02", "1", "流程终止甲")),
            "True",
            "finished",
        ),
    ),
    of(
        "the same leave in other words is no other leave",
        "leave",
        "days",
        (csv(ABSENT, ("10001", "病假", "2026-02-02", "2026-02-03", "2")), "2", "finished"),
        (csv(ABSENT, ("10001", "sick", "2026年2月2日", "2026/2/3", "2.0")), "2", "finished"),
        (
            csv(ABSENT, ("10001", "年假", "2026-02-03", "2026-02-04", "2")),
            "no:starts_on | no",
            "finished",
        ),
    ),
    of(
        "a week told again is one, and corrected",
        "attendance",
        "hours",
        (csv(WEEK, A), "40", "finished"),
        (sheet(WEEK, (10001, "2026年第7周", Shown(40, '0"小时"'))), "40", "finished"),
        (csv(WEEK, ("10001", "2026-02-09", "38.5")), "38.5", "finished"),
    ),
    of(
        "a department is cleared by nothing, and by no formula",
        "people",
        "department",
        (csv(ZH, _member("20001", "李四", "运营部")), "运营部", "finished"),
        (sheet(("工号", "部门"), ("20001", Raw("n", "<f>X1</f>"))), "no", "finished"),
        (csv(("工号", "职级"), ("20001", "P5")), "运营部", "finished"),
        (csv(("工号", "部门"), ("20001", "")), "", "finished"),
    ),
]
