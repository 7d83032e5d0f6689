"""Judges the reports of a folder by what others wrote: OCSF 1.8.0 by ocsf-json-schema, OSCAL by compliance-trestle, JUnit by junitparser.

Prints one JSON object: file name -> problems, and for JUnit files the counts as they were read.
"""

import json
import pathlib
import sys
import warnings

import jsonschema
from junitparser import JUnitXml
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from trestle.oscal import assessment_results

warnings.simplefilter("ignore")
embedded = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
compliance_finding = jsonschema.Draft202012Validator(embedded.get_class_schema("compliance_finding", []))


def ocsf(file):
    problems = []
    for index, event in enumerate(json.loads(file.read_text("utf-8"))):
        for error in compliance_finding.iter_errors(event):
            problems.append(f"event {index}, {'/'.join(map(str, error.path))}: {error.message[:300]}")
    return problems


def oscal(file):
    try:
        assessment_results.Model.model_validate(json.loads(file.read_text("utf-8")))
        return []
    except ValueError as error:
        return [str(error)[:2000]]


def junit(file):
    try:
        read = JUnitXml.fromfile(str(file))
    except Exception as error:  # The parser below it has exceptions of its own.
        return [repr(error)]
    said = [read.tests, read.failures, read.errors, read.skipped]
    read.update_statistics()
    counted = [read.tests, read.failures, read.errors, read.skipped]
    return [] if said == counted else [f"says {said}, has {counted}"]


judges = {".ocsf.json": ocsf, ".oscal.json": oscal, ".junit.xml": junit}
answer = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for ending, judge in judges.items():
        if path.name.endswith(ending):
            answer[path.name] = judge(path)
json.dump(answer, sys.stdout)
