"""Whole files: where the table is, what is merged or hidden, what a file is written in, and what it says it is."""

import gzip
from collections.abc import Mapping
from typing import Any, Final

from tests.migration.labelled import Labelled, csv, t
from tests.migration.labelled_files import Sheet, book, sheet, zipped

Says = Mapping[str, Any]
WEEK: Final = ("工号", "周", "工时")
A: Final = ("10001", "2026-W07", "40")
B: Final = ("10002", "2026-W07", "41")
PERSON: Final = ("Employee no.", "Name", "Role", "Location", "Start date")
ZH: Final = ("工号", "姓名", "岗位", "工作地点", "入职日期", "部门")
BOTH: Final = {2: "40", 3: "41"}


def week(
    why: str, content: bytes, rows: dict[int, str], whole: str = "finished", name: str = "", *says: Says
) -> Labelled:
    """A file of attendance."""
    return t("attendance", why, content, "hours", rows, whole, name, says=says)


def named(
    why: str,
    name: str,
    encoding: str,
    label: str = "",
    whole: str = "finished | asked | failed",
    said: str = "",
) -> Labelled:
    """A file of one person, of whom the name is beyond ASCII."""
    content = csv(PERSON, ("20001", name, "sales", "x", "2026-02-02"), encoding=encoding)
    says = ({"table": {"encoding": said}},) if said else ()
    return t("people", why, content, "name", {2: label or name}, whole, says=says)


PLACES: Final[list[Labelled]] = [
    week(
        "a title over the table", sheet(("二月考勤表",), WEEK, A, B), {3: "40", 4: "41"}, "finished | asked"
    ),
    week(
        "a title, a period, who made it, and nothing",
        sheet(
            ("考勤汇总", None, None),
            ("统计周期：2026-02", None),
            ("制表人：王五", "部门：人事部"),
            (None,),
            WEEK,
            A,
        ),
        {6: "40"},
        "finished | asked",
    ),
    week("a first column of nothing", sheet((None, *WEEK), (None, *A), (None, *B)), BOTH),
    week("three first rows of nothing", sheet((None,), (None,), (None,), WEEK, A), {5: "40"}),
    week(
        "a total below",
        sheet(WEEK, A, B, ("合计", None, 81)),
        BOTH | {4: "skip | no:employee_no | no:week,employee_no"},
    ),
    week(
        "a total below that has a week",
        csv(WEEK, A, B, ("Total", "2026-W07", "81")),
        BOTH | {4: "skip | no:employee_no"},
    ),
    week(
        "a mean below",
        csv(WEEK, A, B, ("平均", "", "40.5")),
        BOTH | {4: "skip | no:employee_no | no:employee_no,week"},
    ),
    week(
        "a note below",
        csv(WEEK, A, ("注：工时含加班", "", "")),
        {2: "40", 3: "skip | no:employee_no | no:hours,week"},
    ),
    week(
        "a signature below",
        csv(WEEK, A, ("", "", ""), ("制表：王五", "审核：赵六", "2026-03-01")),
        {2: "40", 4: "skip | no:employee_no | no:employee_no,hours,week | no:employee_no,week | no:week"},
    ),
    week(
        "the header again on each page",
        csv(WEEK, A, WEEK, B),
        {2: "40", 3: "no:employee_no", 4: "41"},
        "finished | asked",
    ),
    week(
        "two headers, Chinese and English",
        sheet(WEEK, ("Employee no.", "Week", "Hours"), A, B),
        {2: "skip | no | no:employee_no,hours,week", 3: "40", 4: "41"},
        "finished | asked",
    ),
    week(
        "units below the header",
        csv(WEEK, ("", "", "(小时)"), A),
        {2: "skip | no | no:employee_no,hours,week", 3: "40"},
        "finished | asked",
    ),
    week(
        "what must be filled in, below the header",
        csv(WEEK, ("必填", "必填", "必填"), A),
        {2: "skip | no | no:employee_no | no:employee_no,hours,week | no:hours,week", 3: "40"},
        "finished | asked",
    ),
    week(
        "groups over the header",
        book(
            {
                "S": Sheet(
                    [("员工", None, "工时", None), ("工号", "周", "工时", "加班"), (*A, "2")],
                    ("A1:B1", "C1:D1"),
                )
            }
        ),
        {3: "40"},
        "finished | asked",
    ),
    week(
        "a header of two rows, merged down",
        book(
            {
                "S": Sheet(
                    [("工号", "周", "工时", None), (None, None, "合计", "加班"), (*A, "2")],
                    ("A1:A2", "B1:B2", "C1:D1"),
                )
            }
        ),
        {3: "40"},
        "asked",
        "",
        {"table": {"header_row": 1, "header_rows": 2}},
        {"by_letter": {"C": "hours"}},
    ),
    week(
        "instructions first",
        book(
            {
                "说明": Sheet([("填写说明",), ("1. 工号必填",), ("2. 周如 2026-W07",)]),
                "数据": Sheet([WEEK, A, B]),
            }
        ),
        BOTH,
        "finished | asked",
    ),
    week(
        "an example on the sheet of instructions",
        book({"示例": Sheet([WEEK, ("99999", "2026-W01", "1")]), "数据": Sheet([WEEK, A, B])}),
        BOTH,
        "asked",
        "",
        {"table": {"sheet": "数据"}},
    ),
    week(
        "a hidden sheet first",
        book({"旧": Sheet([WEEK, ("10003", "2026-W06", "39")], state="hidden"), "新": Sheet([WEEK, A, B])}),
        BOTH,
        "finished | asked",
    ),
    week(
        "a sheet hidden for good, of lists",
        book({"新": Sheet([WEEK, A, B]), "字典": Sheet([("工号",), ("x",)], state="veryHidden")}),
        BOTH,
    ),
    week(
        "every sheet hidden",
        book({"旧": Sheet([WEEK, A], state="hidden")}),
        {2: "40"},
        "asked | failed",
    ),
    week("a hidden row", book({"S": Sheet([WEEK, A, B], hidden_rows=[3])}), BOTH, "asked"),
    week(
        "a hidden header",
        book({"S": Sheet([WEEK, A, B], hidden_rows=[1])}),
        BOTH,
        "asked",
        "",
        {"table": {"header_row": 1}},
    ),
    week(
        "a hidden column that is needed",
        book({"S": Sheet([WEEK, A, B], hidden_columns=[1])}),
        BOTH,
        "finished | asked",
    ),
    week(
        "a hidden column of the same heading",
        book({"S": Sheet([(*WEEK, "工时"), (*A, "1"), (*B, "2")], hidden_columns=[4])}),
        BOTH | {2: "40", 3: "41"},
        "finished | asked",
    ),
    week(
        "two columns of one heading",
        csv((*WEEK, "工时"), (*A, "38")),
        {2: "38"},
        "asked",
        "",
        {"by_letter": {"D": "hours"}},
    ),
    week("two columns of one meaning", csv((*WEEK, "工作时长"), (*A, "38")), {2: "40"}, "asked | finished"),
    week(
        "a heading with a line end",
        csv(("工\n号", "周", "工\r\n时"), A)
        .replace("工\n号".encode(), '"工\n号"'.encode())
        .replace("工\r\n时".encode(), '"工\r\n时"'.encode()),
        {2: "40"},
        "finished | asked",
    ),
    week(
        "headings with stars and brackets",
        csv(("*工号", "周（必填）", "工时(小时)"), A),
        {2: "40"},
        "finished | asked",
    ),
    week(
        "headings with unseen characters", csv(("\ufeff\u200b工号", "周\u00a0", "工\u00ad时"), A), {2: "40"}
    ),
    week(
        "headings in capitals and full width",
        csv(("ＥＭＰＬＯＹＥＥ　ＮＯ", "WEEK", "HOURS"), A),
        {2: "40"},
        "finished | asked",
    ),
    week(
        "no header",
        csv(A, B),
        {1: "40", 2: "41"},
        "asked",
        "",
        {"table": {"header_row": 0}},
        {"by_letter": {"A": "employee_no", "B": "week", "C": "hours"}},
    ),
    week("only a header", csv(WEEK), {}, "finished | failed"),
    week("nothing", b"", {}, "failed"),
    week("nothing but a mark of order", b"\xef\xbb\xbf", {}, "failed"),
    week("nothing but blanks", b" \r\n , , \r\n", {}, "failed"),
    week(
        "a table on its side",
        sheet(("工号", "10001", "10002"), ("周", "2026-W07", "2026-W07"), ("工时", 40, 41)),
        {},
        "failed | asked",
    ),
    week(
        "a column for each week",
        csv(("工号", "2026-W06", "2026-W07"), ("10001", "40", "41")),
        {},
        "failed | asked",
    ),
    week(
        "separated as the first line says",
        b"sep=;\r\n" + csv(WEEK, A, mark=";"),
        {3: "40"},
        "finished | asked | failed",
    ),
    week("separated by bars", csv(WEEK, A, mark="|"), {2: "40"}, "finished | failed"),
    week("separated by tabs", csv(WEEK, A, mark="\t"), {2: "40"}),
    week("separated by Chinese commas", csv(WEEK, A, mark="，"), {2: "40"}, "finished | failed"),
    week(
        "semicolons and decimal commas", csv(WEEK, ("10001", "2026-W07", "40,5"), mark=";"), {2: "40.5 | no"}
    ),
    week("lines as an old Mac ends them", csv(WEEK, A, B, ends="\r"), BOTH, "finished | failed"),
    week("blank lines between", csv(WEEK, A, (), (), B), {2: "40", 5: "41"}),
    week("more cells than headings", csv(WEEK, (*A, "", "", "x")), {2: "40 | no | no:None | no:"}),
    week("fewer cells than headings", csv((*WEEK, "加班"), A), {2: "40"}),
    week("a quotation mark that stays open", csv(WEEK, ("10001", "2026-W07", '"40'), B), {}, "failed"),
    week("a quotation mark in the middle", csv((*WEEK, "备注"), (*A, '5" 屏')), {2: "40"}),
    week("a NUL in a cell", csv(WEEK, ("10001", "2026-W07", "4\x000")), {2: "no | 40"}, "finished | failed"),
    week("a very long remark", csv((*WEEK, "备注"), (*A, "长" * 12000)), {2: "40 | no | no:None"}),
]

MERGED: Final[list[Labelled]] = [
    week(
        "who is merged down",
        book({"S": Sheet([WEEK, A, (None, "2026-W08", "42"), (None, "2026-W09", "43"), B], ("A2:A4",))}),
        {2: "40", 3: "42 | no:employee_no", 4: "43 | no:employee_no", 5: "41"},
        "finished | asked",
    ),
    week(
        "hours merged down",
        book({"S": Sheet([WEEK, A, ("10002", "2026-W07", None)], ("C2:C3",))}),
        {2: "40 | no", 3: "40 | no"},
        "finished | asked",
    ),
    week(
        "hours and overtime merged across",
        book({"S": Sheet([(*WEEK, "加班"), (*A, None)], ("C2:D2",))}),
        {2: "40 | no | no:overtime_hours | no:hours,overtime_hours"},
    ),
    week(
        "a block of two by two",
        book({"S": Sheet([WEEK, ("10001", "2026-W07", "40"), (None, None, "41")], ("A2:B3",))}),
        {2: "40 | no:week | no:employee_no,week", 3: "no | no:employee_no,week | no:week"},
    ),
    t(
        "people",
        "a department merged down",
        book(
            {
                "S": Sheet(
                    [
                        ZH,
                        ("20001", "李四", "sales", "上海", "2026-02-02", "运营部"),
                        ("20002", "王五", "sales", "上海", "2026-02-02", None),
                    ],
                    ("F2:F3",),
                )
            }
        ),
        "department",
        {2: "运营部", 3: "运营部 | no"},
        "finished",
    ),
    t(
        "people",
        "a department over a merge of blank",
        book({"S": Sheet([ZH, ("20001", "李四", "sales", "上海", "2026-02-02", None)], ("E2:F2",))}),
        "department",
        {2: "no | no:starts_on | no:department,starts_on"},
        "finished",
    ),
    week(
        "a merge of one column in a part that nobody reads",
        book({"S": Sheet([(*WEEK, "备注"), (*A, "x"), (*B, None)], ("D2:D3",))}),
        BOTH,
    ),
    week(
        "a total merged below",
        book({"S": Sheet([WEEK, A, B, ("合计", None, 81)], ("A4:B4",))}),
        BOTH | {4: "skip | no:employee_no | no:employee_no,week"},
    ),
]

WRITTEN: Final[list[Labelled]] = [
    named("UTF-8 with its mark", "李四", "utf-8-sig", whole="finished"),
    named("GB18030, beyond the basic plane", "𠮷田", "gb18030"),
    named(
        "Big5",
        "陳美麗、黃國華、鄭淑芬",
        "big5",
        label="陳美麗、黃國華、鄭淑芬 | no",
        whole="asked",
        said="big5",
    ),
    named("EUC-KR", "김민준", "euc-kr", whole="asked", said="euc-kr"),
    named("windows-1251", "Иван Петров Сергеевич", "cp1251", whole="asked", said="windows-1251"),
    named(
        "KOI8-R",
        "Иван Петров Сергеевич",
        "koi8-r",
        label="Иван Петров Сергеевич",
        whole="asked",
        said="koi8-r",
    ),
    named("windows-1250", "Łukasz Żółć", "cp1250", whole="asked", said="windows-1250"),
    named("windows-1254", "Şükrü Ağaoğlu", "cp1254", whole="asked", said="windows-1254"),
    named("Mac Roman", "Jürgen Müller", "mac-roman", whole="asked", said="macintosh"),
    named("UTF-16 as a spreadsheet saves it", "李四", "utf-16"),
    named("UTF-16 without a mark", "李四", "utf-16-le"),
    named("UTF-32", "李四", "utf-32"),
    named("ISO-2022-JP", "鈴木一郎", "iso2022_jp"),
    named("UTF-7", "李四", "utf-7", label="李四 | no"),
    t("people", "EBCDIC", csv(PERSON, encoding="cp037"), "name", {}, "asked | failed"),
    t(
        "people",
        "one accent at the end of a long plain file",
        csv(
            PERSON,
            *((str(n), "Karl Doe", "sales", "x", "2026-02-02") for n in range(30001, 30030)),
            ("30030", "René", "sales", "x", "2026-02-02"),
            encoding="cp1252",
        ),
        "name",
        dict.fromkeys(range(2, 31), "Karl Doe") | {31: "René"},
        "asked | failed",
    ),
    t(
        "people",
        "UTF-8 and GBK in one file",
        csv(PERSON, ("20001", "李四", "sales", "x", "2026-02-02"))
        + b"\r\n"
        + csv(("20002", "王五", "sales", "x", "2026-02-02"), encoding="gbk"),
        "name",
        {2: "李四 | no", 3: "王五 | no"},
        "asked | finished | failed",
    ),
    t(
        "people",
        "UTF-8 with a byte cut off",
        csv(ZH, *((str(n), "李四", "sales", "上海", "2026-02-02") for n in range(30001, 30009))).replace(
            "李四".encode(), "李四".encode()[:-1], 1
        ),
        "name",
        {},
        "failed",
    ),
    t(
        "people",
        "UTF-8 twice over",
        csv(PERSON, ("20001", "李四".encode().decode("latin-1"), "sales", "x", "2026-02-02")),
        "name",
        {2: "no"},
        "finished | failed",
    ),
]

_XML: Final = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table/></Worksheet></Workbook>'
)
DISGUISED: Final[list[Labelled]] = [
    week(why, content, BOTH if good else {}, "finished" if good else "failed", name)
    for why, name, content, good in (
        ("a page of a portal", "导出.xls", "<table><tr><td>工号</td></tr></table>".encode(), False),
        (
            "a page after blank lines and a comment",
            "a.xls",
            b"\r\n\r\n<!-- x --><div><TABLE></TABLE></div>",
            False,
        ),
        ("a page in UTF-16", "a.xls", "<html><table></table></html>".encode("utf-16"), False),
        ("a page named CSV", "a.csv", "<!DOCTYPE html><html><body>登录</body></html>".encode(), False),
        ("a spreadsheet as XML", "a.xls", _XML.encode(), False),
        (
            "a page of a mail program",
            "a.mht",
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>",
            False,
        ),
        ("an old spreadsheet", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), False),
        ("an older one still", "a.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(600), False),
        ("a PDF", "a.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", False),
        ("a picture", "a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), False),
        ("a photograph", "a.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100), False),
        ("JSON", "a.csv", '[{"工号": "10001", "周": "2026-W07", "工时": 40}]'.encode(), False),
        (
            "JSON, one to a line",
            "a.csv",
            '{"工号": "10001", "周": "2026-W07"}\n{"工号": "10002"}'.encode(),
            False,
        ),
        ("a program's data as XML", "a.csv", b'<?xml version="1.0"?><rows><row no="10001"/></rows>', False),
        ("rich text", "a.csv", rb"{\rtf1\ansi\deff0 x}", False),
        ("something zipped", "a.xlsx", zipped({"hours.csv": "工号,周,工时"}), False),
        (
            "a document of words",
            "a.xlsx",
            zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
            False,
        ),
        (
            "an open document",
            "a.xlsx",
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
            False,
        ),
        (
            "a binary spreadsheet",
            "a.xlsx",
            zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}),
            False,
        ),
        (
            "a file of a Mac's tables",
            "a.xlsx",
            zipped({"Index/Document.iwa": "x", "Index/Tables/DataList.iwa": "x"}),
            False,
        ),
        ("packed", "a.csv.gz", gzip.compress(csv(WEEK, A), mtime=0), False),
        ("packed another way", "a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(50), False),
        ("half a spreadsheet", "a.xlsx", sheet(WEEK, A)[:700], False),
        ("a spreadsheet named CSV", "a.csv", sheet(WEEK, A, B), True),
        ("CSV named as a spreadsheet", "a.xlsx", csv(WEEK, A, B), True),
        ("CSV named .xls", "a.xls", csv(WEEK, A, B), True),
        ("tabs named .xls", "a.xls", csv(WEEK, A, B, mark="\t"), True),
        ("a name without an ending", "考勤", csv(WEEK, A, B), True),
    )
]


TABLES: Final = [*PLACES, *MERGED, *WRITTEN, *DISGUISED]
