"""Rows out of Spark batch by batch, and through detectors in its workers.

What runs in a worker is sent there whole: a worker needs pyspark and pyarrow, and nothing of ours.
"""

from __future__ import annotations

import hashlib
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.store.spark_types import schema_text

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

    from shroff.domain.detectors import Detector

__all__ = ["batches_of", "detecting"]

Batches = Iterator[pa.RecordBatch]
_SHOWN = "spark.sql.execution.arrow.maxRecordsPerBatch"


def batches_of(frame: DataFrame, *, rows: int) -> Iterator[pa.RecordBatch]:
    """Give the rows of a relation batch by batch, one partition in memory at a time.

    Parameters
    ----------
    frame : DataFrame
        The relation; its order is kept.
    rows : int
        Most rows in a batch.

    Yields
    ------
    RecordBatch
        Rows.
    """
    frame.sparkSession.conf.set(_SHOWN, str(rows))
    names = frame.columns
    # PySpark asks for each column by its name, and takes none with a backtick in it
    plain = frame.toDF(*[f"c{place}" for place in range(len(names))])
    packed = _through(plain, _packing(), "packed BINARY")
    for row in packed.toLocalIterator():
        with pa.ipc.open_stream(bytes(row.packed)) as reader:
            for batch in reader:
                yield batch.rename_columns(names)


def detecting(
    frame: DataFrame, detector: Detector, *, columns: Mapping[str, str], rows: int
) -> DataFrame:
    """Run a detector over a relation, in the workers.

    Parameters
    ----------
    frame : DataFrame
        The relation.
    detector : Detector
        What reads it: sent to each worker once, set up in each of its processes once.
    columns : mapping
        DuckDB type of each column of its findings.
    rows : int
        Most rows in a batch.

    Returns
    -------
    DataFrame
        Findings.
    """
    from pyspark import cloudpickle  # noqa: PLC0415 - only with Spark

    home = sys.modules.get(type(detector).__module__)
    if home is not None and home.__name__ != "__main__":
        by_value: Callable[[ModuleType], None] = cloudpickle.register_pickle_by_value
        by_value(home)  # workers need not have the module
    pickled: Callable[[object], bytes] = cloudpickle.dumps
    sent = pickled(detector)
    key = hashlib.sha256(sent).hexdigest()
    frame.sparkSession.conf.set(_SHOWN, str(rows))
    shipped = frame.sparkSession.sparkContext.broadcast(sent)
    return _through(frame, _running(key, shipped), schema_text(columns))


def _through(frame: DataFrame, run: Callable[[Batches], Batches], schema: str) -> DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark warns of a pandas that this does not use
        return frame.mapInArrow(run, schema)


def _packing() -> Callable[[Batches], Batches]:
    def pack(batches: Batches) -> Batches:
        import pyarrow  # noqa: ICN001, PLC0415 - this runs in a worker

        for batch in batches:
            sink = pyarrow.BufferOutputStream()
            with pyarrow.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch)
            packed = pyarrow.array([sink.getvalue().to_pybytes()], pyarrow.binary())
            yield pyarrow.RecordBatch.from_arrays([packed], names=["packed"])

    return pack


def _running(key: str, shipped: Broadcast[bytes]) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        import pickle  # noqa: PLC0415 - what this process was sent by its own driver
        import sys  # noqa: PLC0415
        import types  # noqa: PLC0415

        # a worker's process outlives its tasks: what is set up is kept there by a name of its own
        kept = sys.modules.setdefault("_shroff_detectors", types.ModuleType("_shroff_detectors"))
        detector = kept.__dict__.get(key)
        if detector is None:
            detector = pickle.loads(shipped.value)  # noqa: S301
            detector.set_up()
            kept.__dict__[key] = detector
        for batch in batches:
            yield detector.run(batch)

    return run
