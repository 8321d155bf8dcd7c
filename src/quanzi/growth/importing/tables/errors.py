"""Why a sheet cannot be read, each worded for whoever made the sheet."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NotASheet(InvalidInput):
    code = "not_a_sheet"
    message = N_("This is neither a CSV nor an XLSX sheet. Save it as one of these and send it again.")


class NotReadableText(InvalidInput):
    code = "not_readable_text"
    message = N_("The text of this file is neither UTF-8 nor GBK. Save it as “CSV UTF-8” and send it again.")


class BrokenQuotes(InvalidInput):
    code = "broken_quotes"
    message = N_(
        "From row {row} on nothing can be read: a quotation mark is not closed, or stands in the middle of a cell."
    )


class SheetTooLarge(InvalidInput):
    code = "sheet_too_large"
    message = N_("The file is larger than {most} MB. Split it, or import it from the command line.")


class TooManyRows(InvalidInput):
    code = "too_many_rows"
    message = N_("The sheet has more than {most} rows. Split it.")


class TooManyColumns(InvalidInput):
    code = "too_many_columns"
    message = N_("The sheet has more than {most} columns.")


class HostileWorkbook(InvalidInput):
    code = "hostile_workbook"
    message = N_("This XLSX file is not opened: unpacked it would be far too large, or it holds what no sheet needs.")


class EmptySheet(InvalidInput):
    code = "empty_sheet"
    message = N_("The sheet has no rows below its headings.")


class SameHeading(InvalidInput):
    code = "same_heading"
    message = N_("Two columns are called “{heading}”. Rename one of them.")


class UnknownField(InvalidInput):
    code = "unknown_field"
    message = N_("The mapping names “{name}”, which is no field of this kind of sheet.")


class UnknownHeading(InvalidInput):
    code = "unknown_heading"
    message = N_("The sheet has no column called “{heading}”.")


class ColumnMissing(InvalidInput):
    code = "column_missing"
    message = N_("Say which column holds: {fields}.")

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        super().__init__(fields=", ".join(labels))


class FormulaHere(InvalidInput):
    code = "formula_here"
    message = N_("A formula stands here. Paste its value instead.")


class RowProblem(DomainError):
    """One cell that cannot be used. row: as the sheet counts, headings are row 1; column: its heading."""

    code = "row_problem"
    message = N_("Row {row}, {column}: {reason}")
    status = 422

    def __init__(self, row: int, column: str, reason: DomainError) -> None:
        self.row, self.column, self.reason = row, column, reason
        super().__init__(row=row, column=column, reason=reason.text)
