"""Models of a user's own: a function, an ONNX file, a pipeline, a server."""

from __future__ import annotations

import json
import pickle
import sys
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest

from shroff.domain.registered import ModelKind
from shroff.errors import ConfigError, DataError, ModelError
from shroff.models.model_sources import Named, sha256_of, source_of
from shroff.models.scorer import Scorer, as_scores, open_scorer
from shroff.models.trouble import Trouble
from shroff.store.model_records import ModelRecord
from shroff.store.settings import Settings, parse_settings

ADS = pa.RecordBatch.from_pydict({
    "ad_id": ["1", "2", "3"],
    "ad_version": [1, 1, 2],
    "title": ["guaranteed 稳赚", "shoes", None],
    "body": [None, "call 13912345678 now", ""],
})  # fmt: skip
COLUMNS = ("title", "body")


def opened(named: Named, root: Path, settings: Settings | None = None) -> Scorer:
    source = source_of(named, root=root)
    record = ModelRecord(name="m", version="1", kind=source.kind, source=source.detail)
    return open_scorer(record, root=root, settings=settings or Settings())


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "own_scoring_code.py"
    file.write_text(
        "def risk(ads):\n    return [0.9 if t and 'guaranteed' in t else 0.1"
        " for t in ads.column('title').to_pylist()]\n"
        "def short(ads):\n    return [0.5]\n"
        "def broken(ads):\n    raise KeyError('x')\n"
        "def leaves(ads):\n    raise SystemExit(3)\n"
        "def talks(ads):\n    print('aside')\n    return [0.5] * ads.num_rows\n",
        encoding="utf-8",
    )
    yield file
    sys.modules.pop("own_scoring_code", None)


@pytest.mark.usefixtures("module")
def test_a_function_scores_and_is_told_when_it_fails(tmp_path: Path) -> None:
    named = Named(function="own_scoring_code:risk", columns=COLUMNS)
    assert opened(named, tmp_path).score(ADS).tolist() == [0.9, 0.1, 0.1]
    with pytest.raises(ModelError, match="one score an ad"):
        opened(Named(function="own_scoring_code:short"), tmp_path).score(ADS)
    with pytest.raises(ModelError, match="KeyError"):
        opened(Named(function="own_scoring_code:broken"), tmp_path).score(ADS)
    with pytest.raises(ConfigError, match="no function"):
        opened(Named(function="own_scoring_code:none"), tmp_path)


@pytest.mark.usefixtures("module")
def test_a_function_that_exits_or_prints_takes_nothing_from_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match="SystemExit"):
        opened(Named(function="own_scoring_code:leaves"), tmp_path).score(ADS)
    opened(Named(function="own_scoring_code:talks"), tmp_path).score(ADS)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "aside\n")


@pytest.mark.parametrize(
    "code", ["raise RuntimeError('boom')\n", "def f(:\n", "raise SystemExit\n"]
)
def test_a_module_that_cannot_be_imported_is_told(code: str, module: Path, tmp_path: Path) -> None:
    module.write_text(code, encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be imported") as fault:
        opened(Named(function="own_scoring_code:f"), tmp_path)
    assert fault.value.where == str(module)
    assert fault.value.hint


def test_a_module_that_was_changed_does_not_run(module: Path, tmp_path: Path) -> None:
    source = source_of(Named(function="own_scoring_code:risk"), root=tmp_path)
    module.write_text("raise SystemExit\n", encoding="utf-8")
    record = ModelRecord(name="m", version="1", kind=source.kind, source=source.detail)
    with pytest.raises(DataError, match="not what was registered"):
        open_scorer(record, root=tmp_path, settings=Settings())


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([0.1, 0.2], [0.1, 0.2]),
        (np.array([[0.9, 0.1], [0.8, 0.2]]), [0.1, 0.2]),
        (np.array([[0.1], [0.2]]), [0.1, 0.2]),
        (pa.array([0.1, None]), [0.1, None]),
        ([0.1, "no idea"], [0.1, None]),
    ],
)
def test_scores_are_read_from_what_models_give(told: Any, found: list[float | None]) -> None:
    scores = as_scores(told, ads=2, where="m")
    assert [None if np.isnan(each) else each for each in scores] == pytest.approx(found)


def onnx_file(path: Path) -> None:
    """Write a graph that gives 1 to texts equal to 'shoes' and 0 to others."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto
    word = helper.make_tensor("word", kind.STRING, [1], [b"shoes"])
    nodes = [
        helper.make_node("Equal", ["texts", "word"], ["same"]),
        helper.make_node("Cast", ["same"], ["chance"], to=kind.FLOAT),
    ]
    graph = helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("texts", kind.STRING, [None])],
        [helper.make_tensor_value_info("chance", kind.FLOAT, [None])],
        [word],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.save(model, str(path))


def test_an_onnx_file_scores(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    onnx_file(tmp_path / "m.onnx")
    named = Named(file=str(tmp_path / "m.onnx"), columns=("title",))
    assert opened(named, tmp_path).score(ADS).tolist() == [0.0, 1.0, 0.0]
    (tmp_path / "bad.onnx").write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be loaded"):
        opened(Named(file=str(tmp_path / "bad.onnx")), tmp_path)
    with pytest.raises(ConfigError, match="no output"):
        opened(
            Named(file=str(tmp_path / "m.onnx"), columns=("title",), params={"output": "x"}),
            tmp_path,
        )


@pytest.mark.parametrize(
    ("module_name", "file", "extra"),
    [("onnxruntime", "m.onnx", r"shroff\[onnx\]"), ("skops.io", "m.skops", r"shroff\[sklearn\]")],
)
def test_a_missing_extra_is_named(
    module_name: str, file: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / file).write_bytes(b"any")
    monkeypatch.setitem(sys.modules, module_name, None)
    with pytest.raises(ConfigError, match=extra):
        opened(Named(file=str(tmp_path / file)), tmp_path)


def pipeline(labels: tuple[Any, Any]) -> Any:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    linear = pytest.importorskip("sklearn.linear_model")
    whole = pytest.importorskip("sklearn.pipeline")
    made = whole.Pipeline([("t", text.TfidfVectorizer()), ("l", linear.LogisticRegression())])
    return made.fit(["guaranteed", "shoes"] * 5, list(labels) * 5)


def test_a_pipeline_scores_from_a_skops_file(tmp_path: Path) -> None:
    skops = pytest.importorskip("skops.io")
    skops.dump(pipeline((1, 0)), tmp_path / "m.skops")
    scores = opened(Named(file=str(tmp_path / "m.skops"), columns=COLUMNS), tmp_path).score(ADS)
    assert scores[0] > 0.5 > scores[1]


def test_the_class_that_means_a_violation_must_be_known(tmp_path: Path) -> None:
    skops = pytest.importorskip("skops.io")
    file = tmp_path / "m.skops"
    skops.dump(pipeline(("bad", "good")), file)
    with pytest.raises(ConfigError, match="which of its classes"):
        opened(Named(file=str(file)), tmp_path)
    named = Named(file=str(file), columns=COLUMNS, params={"violating": "bad"})
    assert opened(named, tmp_path).score(ADS)[0] > 0.5


class _Danger:
    ran: ClassVar[list[int]] = []

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Danger.ran.append, (1,))


def test_a_pickle_is_not_even_opened_unless_it_is_trusted(tmp_path: Path) -> None:
    file = tmp_path / "m.pkl"
    file.write_bytes(pickle.dumps(_Danger()))
    with pytest.raises(ConfigError, match="can run any code"):
        opened(Named(file=str(file)), tmp_path)
    assert not _Danger.ran


def test_a_trusted_pickle_scores_and_another_in_its_place_does_not(tmp_path: Path) -> None:
    file = tmp_path / "m.pkl"
    file.write_bytes(pickle.dumps(pipeline((1, 0))))
    named = Named(file=str(file), trusted=sha256_of(file), columns=COLUMNS)
    assert opened(named, tmp_path).score(ADS)[0] > 0.5
    source = source_of(named, root=tmp_path)
    file.write_bytes(pickle.dumps(_Danger()))
    record = ModelRecord(name="m", version="1", kind=source.kind, source=source.detail)
    with pytest.raises(DataError, match="not what was registered"):
        open_scorer(record, root=tmp_path, settings=Settings())
    assert not _Danger.ran


class _Server(BaseHTTPRequestHandler):
    seen: ClassVar[list[dict[str, Any]]] = []
    answers: ClassVar[list[tuple[int, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _Server.seen.append({"path": self.path, **json.loads(body)})
        status, told = _Server.answers.pop(0)
        text = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served() -> Generator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Server.seen.clear()
    _Server.answers.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def settings(url: str, *, allow: str = "true") -> Settings:
    return parse_settings(
        f'[models.endpoints.own]\nurl = "{url}"\nmodel = "risk"\nallow = {allow}\nattempts = 2\n'
    )


def test_a_server_scores_and_contacts_are_masked(served: str, tmp_path: Path) -> None:
    _Server.answers[:] = [(503, {}), (200, {"scores": [0.9, 0.2, None]})]
    scorer = opened(Named(endpoint="own", columns=COLUMNS), tmp_path, settings(served))
    found = scorer.score(ADS)
    scorer.close()
    assert found[:2].tolist() == [0.9, 0.2]
    assert np.isnan(found[2])
    sent = _Server.seen[-1]
    assert sent["path"] == "/v1/score"
    assert sent["ads"][0] == {"ad_id": "1", "ad_version": 1, "title": "guaranteed 稳赚"}
    assert "13912345678" not in json.dumps(_Server.seen)


@pytest.mark.parametrize("told", [{}, {"scores": [0.1]}, {"scores": "0.1"}])
def test_a_server_that_does_not_score_each_ad_is_told(
    told: dict[str, Any], served: str, tmp_path: Path
) -> None:
    _Server.answers[:] = [(200, told)]
    scorer = opened(Named(endpoint="own", columns=COLUMNS), tmp_path, settings(served))
    with pytest.raises(Trouble, match="not as many"):
        scorer.score(ADS)


def test_nothing_leaves_unless_the_endpoint_is_allowed(served: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing may be sent"):
        opened(Named(endpoint="own"), tmp_path, settings(served, allow="false"))
    assert not _Server.seen


@pytest.mark.parametrize(
    ("kind", "hint"), [(ModelKind.LOG, "--callable"), (ModelKind.LLM, "models judge")]
)
def test_what_cannot_be_run_here_says_what_can(kind: ModelKind, hint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        open_scorer(
            ModelRecord(name="m", version="1", kind=kind), root=tmp_path, settings=Settings()
        )
    assert hint in told.value.hint
