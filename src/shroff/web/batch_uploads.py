"""Files of batches, out to those who label elsewhere and back, with every fault named by its row."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shroff.errors import DataError
from shroff.measure.label_batch_check import RowFault, compare_rows
from shroff.measure.label_batch_files import read_rows, write_batch
from shroff.measure.label_batch_take import batch_of, label_faults
from shroff.models.verdict_rounds import rounds_of
from shroff.models.verdict_sheet import batch_of_sheet
from shroff.workspace import Workspace

__all__ = ["CameBack", "batch_file", "read_upload", "take_upload"]


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a file holds.

    Parameters
    ----------
    rows : list of mapping
        Its rows.
    faults : tuple of RowFault
        What is wrong with them.
    """

    rows: list[dict[str, str]]
    faults: tuple[RowFault, ...]

    @property
    def labelled(self) -> int:
        """Count the rows with a verdict."""
        return sum(bool(row.get("verdict", "").strip()) for row in self.rows)


def batch_file(workspace: Workspace, batch_id: str, *, form: str) -> bytes:
    """Write a batch as a file to label in; nothing of how its ads were drawn is in it.

    Parameters
    ----------
    workspace : Workspace
        Where it was drawn.
    batch_id : str
        The batch.
    form : str
        ``csv``, ``xlsx`` or ``jsonl``.

    Returns
    -------
    bytes
        The file.
    """
    sheet = workspace.modeller.verdicts.sheet(batch_id)
    batch = batch_of_sheet(workspace.catalog.labels.batch(batch_id), sheet)
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{batch_id}.{form}"
        write_batch(batch, file, design=())
        return file.read_bytes()


def read_upload(workspace: Workspace, batch_id: str, *, form: str, content: str) -> CameBack:
    """Read a file that came back, and hold it against what was drawn.

    Parameters
    ----------
    workspace : Workspace
        Where it was drawn.
    batch_id : str
        The batch.
    form : str
        ``csv``, ``xlsx`` or ``jsonl``.
    content : str
        The file in base64.

    Returns
    -------
    CameBack
        Its rows, and what is wrong with each.

    Raises
    ------
    DataError
        If it cannot be read at all.
    """
    try:
        raw = base64.b64decode(content, validate=True)
    except ValueError:  # signs that base64 has not, ASCII or otherwise
        raise DataError("the file came in pieces that do not fit", hint="send it again") from None
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"upload.{form}"
        file.write_bytes(raw)
        try:
            rows = read_rows(file)
        except DataError as fault:
            raise DataError(fault.cause, where=f"upload.{form}", hint=fault.hint) from None
    batch = workspace.catalog.labels.batch(batch_of(rows, named=batch_id))
    found, faults = compare_rows(batch, rows)
    return CameBack(rows, (*faults, *label_faults(batch, found)))


def take_upload(
    workspace: Workspace, batch_id: str, came: CameBack, *, role: str
) -> Mapping[str, object]:
    """Put the labels of a file into the logs.

    Parameters
    ----------
    workspace : Workspace
        Where they go.
    batch_id : str
        The batch.
    came : CameBack
        The file.
    role : str
        Who labelled; of a golden set the batch says it.

    Returns
    -------
    mapping
        What came back, JSON-ready.
    """
    golden = {each.batch_id for each in rounds_of(workspace.catalog) if each.golden}
    if batch_id in golden:
        desk = workspace.modeller.golden
        return desk.take_rows({batch_id: came.rows}, open_stay=True).taken[0].record()
    return workspace.labels.take_rows(
        came.rows, batch_id=batch_id, role=role, where=batch_id, open_stay=True
    ).record()
