"""What is refused of files of other systems."""

from rencai.kernel.errors import Refusal


class MigrationRefusal(Refusal):
    """What is refused of files of other systems."""

    FILE_NOT_READABLE = (
        "file_not_readable",
        "XLSX 文件已损坏或不完整,无法读取;请用 Excel 或 WPS 打开,另存为 XLSX 或 CSV(UTF-8)后重新上传",
        "The XLSX is damaged or incomplete; open it with a spreadsheet, save it as XLSX or CSV (UTF-8) and upload it",
    )
    FILE_NOT_A_TABLE = (
        "file_not_a_table",
        "文件不是表格;请另存为 CSV(UTF-8 或 GB18030)或 XLSX 后重新上传",
        "The file is no table; save it as CSV (UTF-8 or GB18030) or XLSX and upload it again",
    )
    FILE_OLD_XLS = (
        "file_old_xls",
        "文件是旧版 Excel(.xls)格式;请另存为 XLSX 后重新上传",
        "The file is in the old Excel format (.xls); save it as XLSX and upload it again",
    )
    FILE_PROTECTED = (
        "file_protected",
        "文件有密码保护;请去掉密码后重新上传",
        "The file is protected by a password; remove it and upload the file again",
    )
    FILE_WEB_PAGE = (
        "file_web_page",
        "文件是网页(HTML),只是扩展名像表格;请用 Excel 或 WPS 打开,另存为 XLSX 或 CSV(UTF-8)后重新上传",
        (
            "The file is a web page (HTML), whatever its name says; open it with a spreadsheet, save it as XLSX "
            "or as CSV in UTF-8, and upload that"
        ),
    )
    FILE_XML_SHEET = (
        "file_xml_sheet",
        "文件是 XML 电子表格 2003 格式;请用 Excel 或 WPS 打开,另存为 XLSX 或 CSV(UTF-8)后重新上传",
        (
            "The file is an XML Spreadsheet 2003; open it with a spreadsheet, save it as XLSX or as CSV in "
            "UTF-8, and upload that"
        ),
    )
    FILE_OF_ANOTHER_PROGRAM = (
        "file_of_another_program",
        "文件是 {what} 格式,不是 CSV 或 XLSX;请用原来的程序打开,另存为 XLSX 或 CSV(UTF-8)后重新上传",
        (
            "The file is {what}, neither CSV nor XLSX; open it with its own program, save it as XLSX or as CSV "
            "in UTF-8, and upload that"
        ),
    )
    FILE_ARCHIVE = (
        "file_archive",
        "文件是压缩包;请解压后上传其中的 CSV 或 XLSX",
        "The file is an archive of files; unpack it and upload the CSV or XLSX inside",
    )
    FILE_ENCODING = (
        "file_encoding",
        "看不出文件是什么编码;请另存为 CSV(UTF-8)或 XLSX 后重新上传",
        "Nothing tells what the file is written in; save it as CSV in UTF-8, or as XLSX, and upload it again",
    )
    FILE_ENCODING_BROKEN = (
        "file_encoding_broken",
        "文件是 {encoding} 编码,但第 {row} 行有不属于这种编码的内容(例如被截断的文字);请更正这一行后重新上传",
        (
            "The file is in {encoding}, but line {row} has something that is not (such as half a character); "
            "correct that line and upload the file again"
        ),
    )
    FILE_NUL = (
        "file_nul",
        "文件中有空字符(NUL),不是文本文件;请另存为 CSV(UTF-8)或 XLSX 后重新上传",
        "The file has NUL characters, which no text has; save it as CSV in UTF-8, or as XLSX, and upload it again",
    )
    FILE_QUOTE_OPEN = (
        "file_quote_open",
        "第 {row} 行有一个引号没有配对,之后的内容无法读取;请更正后重新上传",
        "A quotation mark in row {row} is never closed, and what follows cannot be read; correct it and upload again",
    )
    FILE_QUOTE_WITHIN = (
        "file_quote_within",
        '第 {row} 行有一个单元格在右引号之后还有内容;单元格里的引号应写成两个(""),请更正后重新上传',
        'A cell of row {row} goes on after its closing quotation mark; write a mark within a cell twice ("")',
    )
    FILE_UNPACKS_TOO_LARGE = (
        "file_unpacks_too_large",
        "XLSX 的一个部件展开后超过 {limit} MB;请另存为 CSV,或分成几个文件上传",
        "A part of the XLSX has more than {limit} MB once unpacked; save it as CSV, or upload it as several files",
    )
    FILE_TOO_MANY_TEXTS = (
        "file_too_many_texts",
        "XLSX 各工作表的文字合计超过 {strings} 条或 {characters} 个字符;请把要导入的工作表单独另存为 CSV 或 XLSX",
        "The sheets of the XLSX have more than {strings} texts, or {characters} characters; save the sheet by itself",
    )
    FILE_TOO_MANY_CELLS = (
        "file_too_many_cells",
        "工作表的单元格超过 {limit} 个;请分成几个文件上传",
        "The sheet has more than {limit} cells; upload it as several files",
    )
    FILE_TOO_MUCH_TEXT = (
        "file_too_much_text",
        "工作表的文字超过 {limit} 个字符;请分成几个文件上传",
        "The sheet has more than {limit} characters; upload it as several files",
    )
    FILE_TOO_MANY_MERGES = (
        "file_too_many_merges",
        "工作表合并的单元格超过 {limit} 处;请取消合并,或分成几个文件上传",
        "The sheet has more than {limit} merges of cells; unmerge them, or upload it as several files",
    )
    FILE_ROW_TOO_LONG = (
        "file_row_too_long",
        "第 {row} 行超过 {limit} 个字符;请更正后重新上传",
        "Row {row} has more than {limit} characters; correct it and upload the file again",
    )
    FILE_CELL_TOO_LONG = (
        "file_cell_too_long",
        "第 {row} 行有一个单元格超过 {limit} 个字符;请更正后重新上传",
        "A cell of row {row} has more than {limit} characters; correct it and upload the file again",
    )
    FILE_NO_HEADER = (
        "file_no_header",
        "文件是空的:没有表头,也没有数据",
        "The file is empty: it has no header and no rows",
    )
    FILE_NO_TABLE = (
        "file_no_table",
        "在前 {rows} 行中没有找到表头:这类文件必须有{needed}这些列;请补上列名后重新上传",
        (
            "None of the first {rows} rows can be the header: a file of this kind needs columns for {needed}; "
            "name the columns and upload it again"
        ),
    )
    FILE_HEADER_TOO_LONG = (
        "file_header_too_long",
        "{column} 列的列名有 {size} 个字符,上限为 {limit};请改短后重新上传",
        "The name of column {column} has {size} characters; at most {limit} are accepted: shorten it and upload again",
    )
    FILE_TOO_MANY_ROWS = (
        "file_too_many_rows",
        "文件超过 {limit} 行;请分成几个文件上传",
        "The file has more than {limit} rows; upload it as several",
    )
    FILE_TOO_MANY_COLUMNS = (
        "file_too_many_columns",
        "文件有 {columns} 列,上限为 {limit} 列",
        "The file has {columns} columns; at most {limit} are accepted",
    )
    COLUMN_MISSING = (
        "column_missing",
        "缺少必需的列“{column}”",
        "Column '{column}' is required and missing",
    )
    COLUMN_UNKNOWN = (
        "column_unknown",
        "没有“{column}”这一列;可选:{known}",
        "There is no '{column}'; there are: {known}",
    )
    COLUMN_AMBIGUOUS = (
        "column_ambiguous",
        "有几列都叫“{header}”({letters});请在“by_letter”中用列号指明是哪一列",
        "Several columns are called '{header}' ({letters}); say which by its letter, in by_letter",
    )
    SHEET_UNKNOWN = (
        "sheet_unknown",
        "没有名为“{sheet}”的工作表;可选:{known}",
        "There is no sheet '{sheet}'; there are: {known}",
    )
    HEADER_ROW_UNKNOWN = (
        "header_row_unknown",
        "第 {row} 行不能作为表头;可选:{known};没有表头时为 0",
        "Row {row} cannot be the header; there are: {known}; 0 where there is none",
    )
    ENCODING_UNKNOWN = (
        "encoding_unknown",
        "文件不能按 {encoding} 编码读取;可选:{known}",
        "The file cannot be read as {encoding}; it can as: {known}",
    )
    TABLE_FIRST = (
        "table_first",
        "表格换了位置,列也随之改变;请先只提交“table”,再确认列的对应关系",
        "Another table has other columns: send table alone, and then say what its columns are",
    )
    HIDDEN_ROWS_UNSAID = (
        "hidden_rows_unsaid",
        "表格中有 {rows} 行被隐藏(例如被筛选);请用“table.hidden_rows”说明读取(“read”)还是不读取(“left_out”)",
        (
            "The sheet hides {rows} rows (it may be filtered); say in table.hidden_rows whether they are to be "
            "read (read) or left out (left_out)"
        ),
    )
    COLUMN_TWICE = (
        "column_twice",
        "两列都对应“{field}”;请只保留一列",
        "Two columns are for '{field}'; keep one of them",
    )
    COLUMN_NOT_MEMORABLE = (
        "column_not_memorable",
        "“{column}”无法记住:它没有列名,或与另一列同名而含义不同;请在文件中改列名,或去掉“remember”再确认",
        "'{column}' cannot be remembered: it has no name, or another column's; rename it, or leave out 'remember'",
    )
    VALUE_FIELD_UNKNOWN = (
        "value_field_unknown",
        "这个文件中没有可以对应取值的字段“{field}”;可选:{known}",
        "No column of this file is a '{field}' whose values can be mapped; there are: {known}",
    )
    VALUE_OPTION_UNKNOWN = (
        "value_option_unknown",
        "“{field}”不能是“{option}”;可选:{options}",
        "'{field}' cannot be '{option}'; there are: {options}",
    )
    VALUE_ROLE_UNKNOWN = (
        "value_role_unknown",
        "“{option}”不是岗位;可选:{options},或一个新的岗位编号:小写字母、数字和下划线,例如 lab_technician",
        "'{option}' is no role; known: {options}; or a new id: small letters, digits and _, as in lab_technician",
    )
    VALUES_TOO_LONG = (
        "values_too_long",
        "“values”合计 {size} 字节,上限为 {limit} 字节;请只写这个文件里有的取值",
        "The values have {size} bytes; at most {limit} are accepted: name those that this file has",
    )
    VALUE_TWICE = (
        "value_twice",
        "“{value}”与“{other}”是同一个取值,却对应了两个含义;请只保留一个",
        "'{value}' and '{other}' are one value, and mean two things here; keep one of them",
    )
    MAPPING_FULL = (
        "mapping_full",
        "这个来源的导入映射中,“{field}”已有 {limit} 个名称,不能再记住;请先从映射中删去不用的,或去掉“remember”再确认",
        "The source's mapping has {limit} names of '{field}' and takes no more; remove some, or leave out 'remember'",
    )
    IMPORT_NOT_WAITING = (
        "import_not_waiting",
        "这次导入处于“{status}”状态,不能再确认列的对应关系",
        "This import is '{status}'; its columns can no longer be confirmed",
    )
    IMPORT_NOT_FINISHED = (
        "import_not_finished",
        "这次导入处于“{status}”状态;只有完成的导入才能撤销",
        "This import is '{status}'; only a finished one can be undone",
    )
    IMPORT_NOT_UNDOABLE = (
        "import_not_undoable",
        "无法撤销:这次导入只是试运行,没有写入任何数据",
        "There is nothing to undo: this import was a dry run and wrote nothing",
    )
    IMPORT_TOO_OLD = (
        "import_too_old",
        "只有 {days} 天内的导入可以撤销",
        "Only imports of the last {days} days can be undone",
    )
    SOURCE_UNKNOWN = (
        "source_unknown",
        "没有名为“{source}”的导入映射;可选:{known}",
        "There is no import mapping '{source}'; there are: {known}",
    )
    EMPLOYEE_UNMATCHED = (
        "employee_unmatched",
        "没有找到员工“{reference}”;请先导入人员,或填写正确的工号",
        "There is no employee '{reference}'; import the people first, or correct the number",
    )
    EMPLOYEE_NO_TAKEN = (
        "employee_no_taken",
        "工号“{number}”属于另一名员工 {employee}",
        "Employee number '{number}' is another employee's: {employee}",
    )
    LEFT_BEFORE_START = (
        "left_before_start",
        "离职日期不能早于入职日期 {starts_on}",
        "The last day should not be before the first, {starts_on}",
    )
    CELL_REQUIRED = (
        "cell_required",
        "不能为空",
        "A value is required",
    )
    CELL_NOT_A_NUMBER = (
        "cell_not_a_number",
        "应为数字,例如 {example}",
        "It should be a number, such as {example}",
    )
    CELL_NOT_A_DATE = (
        "cell_not_a_date",
        "应为日期,例如 2026-11-22",
        "It should be a date, such as 2026-11-22",
    )
    CELL_NOT_A_MONTH = (
        "cell_not_a_month",
        "应为月份,例如 2026-11",
        "It should be a month, such as 2026-11",
    )
    CELL_NOT_A_WEEK = (
        "cell_not_a_week",
        "应为 ISO 周(例如 2026-W10)或该周中的某一天",
        "It should be an ISO week, such as 2026-W10, or a day of that week",
    )
    CELL_NOT_AN_OPTION = (
        "cell_not_an_option",
        "应为以下之一:{options}",
        "It should be one of: {options}",
    )
    CELL_NOT_AN_EMAIL = (
        "cell_not_an_email",
        "应为邮箱地址,例如 {example}",
        "It should be an e-mail address, such as {example}",
    )
    CELL_SEVERAL_EMAILS = (
        "cell_several_emails",
        "有多个邮箱地址:{addresses};请只写一个",
        "It has several e-mail addresses: {addresses}; write one of them",
    )
    CELL_NOT_AN_IDENTIFIER = (
        "cell_not_an_identifier",
        "应为编号,例如 {example}",
        "It should be a number or code, such as {example}",
    )
    CELL_DATE_AMBIGUOUS = (
        "cell_date_ambiguous",
        "可以是 {day_first},也可以是 {month_first};请写成其中之一",
        "It can be {day_first} or {month_first}; write one of the two",
    )
    CELL_MONTH_AMBIGUOUS = (
        "cell_month_ambiguous",
        "可以是 {one},也可以是 {other};请写成其中之一",
        "It can be {one} or {other}; write one of the two",
    )
    CELL_WEEK_AMBIGUOUS = (
        "cell_week_ambiguous",
        "ISO 周从星期一到星期日,这里可以是 {one},也可以是 {other};请写成其中之一",
        "An ISO week is from Monday to Sunday: it can be {one} or {other}; write one of the two",
    )
    CELL_YEAR_UNCLEAR = (
        "cell_year_unclear",
        "没有四位的年份,可以是{readings};请写全年份,例如 {example}",
        "It has no year of four digits and can be {readings}; write the whole year, such as {example}",
    )
    CELL_NUMBER_AMBIGUOUS = (
        "cell_number_ambiguous",
        "可以是 {large},也可以是 {small};请不用千位分隔符,小数点用“.”",
        "It can be {large} or {small}; write it without a thousands mark, and with a point before decimals",
    )
    CELL_IN_WORDS = (
        "cell_in_words",
        "请用阿拉伯数字书写,例如 {example}",
        "It should be written in digits, such as {example}",
    )
    CELL_PERCENT_AMBIGUOUS = (
        "cell_percent_ambiguous",
        "可以是 {large},也可以是 {small};请带上百分号",
        "It can be {large} or {small}; write it with a percent sign",
    )
    CELL_CURRENCY_DIFFERS = (
        "cell_currency_differs",
        "币种 {currency} 与这一行的 {other} 不一致",
        "It is in {currency}, and another amount of this row in {other}",
    )
    CELL_TWO_READINGS = (
        "cell_two_readings",
        "单元格里存的是“{value}”,显示的是“{shown}”;请只写其中正确的一个,并设为文本",
        "The cell holds '{value}' and shows '{shown}'; write the one that is meant, as text",
    )
    CELL_FORMAT_UNKNOWN = (
        "cell_format_unknown",
        "无法识别这个单元格的数字格式,不知道“{value}”显示成什么;请改用常规格式,或设为文本重新填写",
        "The number format is not understood, nor what '{value}' shows as; use the general format, or write it as text",
    )
    CELL_BECAME_A_DATE = (
        "cell_became_a_date",
        "应为文字或编号,而表格里是日期(显示为“{shown}”);请设为文本,重新填写原来的内容",
        "It should be a word or a code, and the sheet has made a date of it ('{shown}'); write it again as text",
    )
    CELL_BECAME_A_TIME = (
        "cell_became_a_time",
        "应为文字或编号,而表格里是时间(显示为“{shown}”);请设为文本,重新填写原来的内容",
        "It should be a word or a code, and the sheet has made a time of it ('{shown}'); write it again as text",
    )
    CELL_BECAME_YES_OR_NO = (
        "cell_became_yes_or_no",
        "应为文字或编号,而表格里是“{shown}”(逻辑值);请设为文本,重新填写原来的内容",
        "It should be a word or a code, and the sheet has '{shown}' in its place; write it again as text",
    )
    CELL_DIGITS_LOST = (
        "cell_digits_lost",
        "表格已丢失后面的数字(数字超过 15 位,或显示成了 1.2E+11 的样子);请设为文本,重新填写完整的编号",
        "The spreadsheet has lost digits: it has more than 15, or shows as 1.2E+11; write all of it again, as text",
    )
    CELL_ZERO_LOST = (
        "cell_zero_lost",
        "可以是 {one},也可以是 {other}(数字不保留末尾的零);请以文本写明其中之一",
        "It can be {one} or {other}, for a number keeps no zero at its end; write one of the two, as text",
    )
    CELL_NOT_CALCULATED = (
        "cell_not_calculated",
        "公式还没有计算结果;请用 Excel 或 WPS 打开文件并保存,再重新上传",
        "A formula that has not been calculated; open the file in a spreadsheet, save it, and upload it again",
    )
    CELL_MERGED = (
        "cell_merged",
        "与左边的单元格合并在一起,不知道这一列是什么;请取消合并,每列分别填写",
        "It is merged with the cell to its left, and says nothing of its own; unmerge them and fill in each",
    )
    CELL_CURRENCY_UNKNOWN = (
        "cell_currency_unknown",
        "货币符号由打开文件的电脑决定,不知道是哪种货币;请写明币种,例如 USD {example},或改用数值格式",
        "Its currency sign is that of whose machine shows it; name it, such as USD {example}, or show a number",
    )
    CELL_FORMULA_FAILED = (
        "cell_formula_failed",
        "公式出错,没有值",
        "A formula that failed; there is no value",
    )
    CELL_TOO_LONG = (
        "cell_too_long",
        "有 {size} 个字符,上限为 {limit}",
        "It has {size} characters; at most {limit} are accepted",
    )
    CELL_CHARACTERS_LOST = (
        "cell_characters_lost",
        "有字符已经丢失(变成了问号、方框或“锟斤拷”一类的字);请填写原来的文字",
        "Characters of it are lost: question marks, boxes or private signs stand for them; write what it was",
    )
    CELL_GARBLED = (
        "cell_garbled",
        "是乱码:这段文字曾按错误的编码打开;请填写原来的文字",
        "It was once read in the wrong encoding, and is not what was written; write what it was",
    )
    CELL_ESCAPED = (
        "cell_escaped",
        "其中有给程序用的代码“{sign}”,不是人读的文字;请填写原来的文字",
        "It has '{sign}', which is a code for programs; write the text as people read it",
    )
    CELL_NOT_A_NAME = (
        "cell_not_a_name",
        "应为姓名,而这里只有数字、符号或“无”一类的词;请填写姓名",
        "It should be somebody's name, and has only digits, signs or a word such as 'none'; write the name",
    )
    ROW_IS_HEADER = (
        "row_is_header",
        "这一行与表头相同,不是记录;请删除",
        "This row is the header once more, and no record; delete it",
    )
    ROW_IS_NO_RECORD = (
        "row_is_no_record",
        "这一行是合计、备注或签名(“{said}”),不是记录;请删除",
        "This row is a total, a note or a signature ('{said}'), and no record; delete it",
    )
    ROW_GIVEN_UP = (
        "row_given_up",
        "{reason};这一行可能已写入,请核对后重新导入",
        "{reason}; this row may have been written: check it, and import it again",
    )
    REPORT_CUT = (
        "import_report_cut",
        "报告超过 {limit} MB,此后的错误未列出;错误文件中有全部被拒绝的行",
        "The report has more than {limit} MB, and what follows is not listed; the error file has every rejected row",
    )
    ROW_MORE_ERRORS = (
        "row_more_errors",
        "还有 {count} 处错误未列出",
        "And {count} more, not listed",
    )
    CELL_NOT_ON_SCALE = (
        "cell_not_on_scale",
        "不在 {lowest} 到 {highest} 之间,这一列的分数是按这个范围记的",
        "It is not between {lowest} and {highest}, the scale of this column's points",
    )
    SCALE_UNKNOWN = (
        "scale_unknown",
        "“{header}”列的分数为 {lowest} 到 {highest}:哪端最好?请在“scales”中写明“{field}”的“worst”(最差)和“best”(最好)",
        "'{header}' has {lowest} to {highest}: which end is the best? Say `worst` and `best` of {field} in `scales`",
    )
    SCALE_WITHOUT_ENDS = (
        "scale_without_ends",
        "最差和最好不能是同一个分数 {points}",
        "The worst and the best cannot both be {points}",
    )
    SCALE_FIELD_UNKNOWN = (
        "scale_field_unknown",
        "文件中没有分数字段“{field}”;有:{known}",
        "No column of the file is points of '{field}'; there are: {known}",
    )
    ROW_REPEATED = (
        "row_repeated",
        "与第 {row} 行是同一条记录,但内容不同;请只保留一行,若是按天的明细请先合计",
        "Row {row} is about the same and says otherwise; keep one of the two, or add them up if they are days of it",
    )
    HALF_DAY_REPEATED = (
        "half_day_repeated",
        "第 {row} 行已有 {day} 的半天假:是重复,还是另外半天?另外半天请写明上午或下午,或填写单号;重复的请删除",
        "Row {row} has half of {day}: the same again, or the other half? Say AM or PM, give leave ids, or drop one",
    )
    LEAVE_OVERLAPS_ROW = (
        "leave_overlaps_row",
        "与第 {row} 行的假期({starts_on} 至 {ends_on},{days} 天)重叠;若是同一次请假,请用同一编号;否则请更正日期",
        "It overlaps row {row} ({starts_on} to {ends_on}, {days} days): one leave has one id; of two, correct a date",
    )
    ROW_TOO_LONG = (
        "row_too_long",
        "这一行有 {cells} 个单元格,表头只有 {columns} 列",
        "This row has {cells} cells, and the header {columns}",
    )


class MigrationDocumentRefusal(Refusal):
    """What is refused of its configuration documents."""

    MAPPING_FIELD_UNKNOWN = (
        "mapping_field_unknown",
        "“{of}”没有字段“{id}”",
        "{of} has no field '{id}'",
    )

    MAPPING_NO_FIGURE = (
        "mapping_no_figure",
        "“{id}”不是指标",
        "'{id}' is no figure",
    )

    MAPPING_METRIC_TWICE = (
        "mapping_metric_twice",
        "“{id}”同时在“metrics”和“percent_metrics”中",
        "'{id}' is in both metrics and percent_metrics",
    )

    MAPPING_TWO_MEANINGS = (
        "mapping_two_meanings",
        "“{name}”同时对应“{one}”和“{other}”",
        "'{name}' stands for both '{one}' and '{other}'",
    )
    MAPPING_NO_VALUE = (
        "mapping_no_value",
        "“{of}”的字段“{id}”没有“{option}”这个值",
        "no cell of {of} '{id}' is '{option}'",
    )
    MAPPING_NO_POINTS = (
        "mapping_no_points",
        "“{of}”的“{id}”不是分数",
        "{of} has no points '{id}'",
    )
    SCALE_ONE_POINT = (
        "scale_one_point",
        "“worst”和“best”应为两个不同的分数",
        "worst and best are two points",
    )
