"""What the program says of itself."""

from __future__ import annotations

import sys
import threading

import pytest

import nodeflow
from nodeflow.editor.settings.about import Facts, versions


def answered(code: str) -> Facts:
    facts = Facts.ask((sys.executable, "-c", code))
    for thread in threading.enumerate():
        if thread.name == "asking for devices":
            thread.join()
    return facts


def test_versions_come_from_the_packages_and_import_nothing() -> None:
    said = dict(versions())
    assert said["NodeFlow"] == nodeflow.__version__
    assert said["DearPyGui"][0].isdigit()
    assert said["PyTorch"] != ""


def test_what_is_not_known_yet_is_being_asked() -> None:
    assert dict(Facts().lines())["Devices"] == "asking \u2026"


def test_providers_and_devices_are_told_as_one_line_each() -> None:
    facts = answered(
        'print(\'{"providers": ["CUDA", "CPU"], "devices": [["cpu", "CPU", 0], ["cuda:0", "Some GPU", 85899345920]]}\')'
    )
    said = dict(facts.lines())
    assert said["Providers"] == "CUDA, CPU"
    assert said["Devices"] == "cpu; cuda:0 Some GPU, 80 GiB"
    assert "Devices: cpu; cuda:0 Some GPU, 80 GiB" in facts.text().splitlines()


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "print('no json')", "print('{}')", "print()", "print('[1]')"])
def test_a_driver_that_breaks_is_said_and_costs_nothing_else(code: str) -> None:
    facts = answered(code)
    assert dict(facts.lines())["Devices"].startswith("cannot be told")
    assert dict(facts.lines())["NodeFlow"] == nodeflow.__version__
