from campaigns.imports.checking import Checker
from campaigns.imports.plans import Plan, PlanColumn
from campaigns.imports.records import Batch, Fault, Position
from campaigns.targeting.schema import FieldType

PLAN = Plan(
    delimiter=",",
    width=3,
    offset=0,
    line=1,
    columns=(
        PlanColumn(place=2, header="Id", name="id", type=FieldType.INTEGER, key=True),
        PlanColumn(place=0, header="Born", name="born", type=FieldType.DATE),
    ),
)
END = Position(100, 9)


def batch(*rows: list[str], faults: tuple[Fault, ...] = ()) -> Batch:
    return Batch(END, range(2, 2 + len(rows)), list(rows), list(faults))


def test_an_empty_batch_still_moves_on() -> None:
    checked = Checker(PLAN).check(batch())
    assert (checked.rows, checked.text, checked.faults, checked.end) == (0, b"", [], END)


def test_a_row_with_several_unfit_cells_is_refused_once_for_the_first() -> None:
    checked = Checker(PLAN).check(batch(["never", "x", ""], ["2017-01-01", "x", "5"]))
    (fault,) = checked.faults
    assert (fault.line, fault.column, fault.reason) == (2, "Id", "The key is empty.")
    assert (checked.rows, checked.text) == (1, b"3,5,2017-01-01\r\n")


def test_faults_of_shape_and_of_cells_come_in_order_of_lines() -> None:
    shape = Fault(3, "", "shape", "")
    checked = Checker(PLAN).check(batch(["x", "", "1"], faults=(shape,)))
    assert [fault.line for fault in checked.faults] == [2, 3]


def test_a_refused_row_is_kept_as_it_would_be_written() -> None:
    (fault,) = Checker(PLAN).check(batch(["soon", 'a "b", c', "1"])).faults
    assert fault.content == 'soon,"a ""b"", c",1'


def test_a_long_cell_is_shown_cut() -> None:
    (fault,) = Checker(PLAN).check(batch(["x" * 500, "", "1"])).faults
    assert fault.reason == f"“{'x' * 60}…” is not a date such as 2018-01-31."


def test_an_empty_cell_is_written_unquoted_which_copy_reads_as_null() -> None:
    assert Checker(PLAN).check(batch(["", "", "1"])).text == b"2,1,\r\n"
